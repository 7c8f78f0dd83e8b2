"use client";
import { useT } from "@/components/layout/locale";
import { Body, Cell, Head, HeadCell, Row, Table } from "@/components/ui/table";

export interface Finding {
  readonly row: string;
  readonly field: string;
  readonly words: string;
  /** What the server found there, in its own language. */
  readonly evidence: string;
}

/** What was found in a file: the row as the file counts them, the column, and in words. */
export function FindingsTable({ label, findings }: { label: string; findings: readonly Finding[] }) {
  const t = useT();
  return (
    <Table label={label} cols="4rem 11rem minmax(0, 1fr)" colsPhone="3.5rem minmax(0, 1fr)">
      <Head>
        <HeadCell numeric>{t("import.row")}</HeadCell>
        <HeadCell>{t("import.field")}</HeadCell>
        <HeadCell>{t("import.error")}</HeadCell>
      </Head>
      <Body>
        {findings.map(({ row, field, words, evidence }, index) => (
          <Row key={index} className="items-baseline">
            <Cell numeric>{row}</Cell>
            <Cell className="font-strong">{field}</Cell>
            <Cell className="stack:col-span-2">
              {words}{" "}
              {evidence ? (
                <span lang="en" className="text-muted">
                  {evidence}
                </span>
              ) : null}
            </Cell>
          </Row>
        ))}
      </Body>
    </Table>
  );
}
