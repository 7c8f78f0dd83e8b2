"use client";
import { useT } from "@/components/layout/locale";
import { Button } from "@/components/ui/button";
import { Panel } from "@/components/ui/panel";
import { Body, Cell, Head, HeadCell, Row, Table } from "@/components/ui/table";
import { downloadCsv, toCsv } from "@/lib/csv";
import type { FieldError } from "@/lib/problem";

interface Named { row: string; field: string; detail: string }

/** `/rows/14/Start Time`: the row as the file counts them, and the column's own name (`~1` and `~0` as JSON pointers write `/` and `~`). */
function named({ pointer, detail }: FieldError): Named {
  const [, row = "", field = ""] = /^\/rows?\/(\d+)(?:\/(.*))?$/.exec(pointer) ?? [];
  return { row, field: field.replaceAll("~1", "/").replaceAll("~0", "~"), detail };
}

export function RowErrors({ rows, requestId }: { rows: readonly FieldError[]; requestId: string | undefined }) {
  const t = useT();
  const all = rows.map(named);
  const save = () => { downloadCsv("import-errors.csv", toCsv([[t("import.row"), t("import.field"), t("import.error")], ...all.map(({ row, field, detail }) => [row, field, detail])])); };
  return (
    <Panel id="row-errors" title={t("import.rowErrors")} aside={<Button size="sm" onClick={save}>{t("roster.csv")}</Button>}>
      <Table label={t("import.rowErrors")} cols="4rem 10rem minmax(0, 1fr)" colsPhone="3.5rem minmax(0, 1fr)">
        <Head><HeadCell numeric>{t("import.row")}</HeadCell><HeadCell>{t("import.field")}</HeadCell><HeadCell>{t("import.error")}</HeadCell></Head>
        <Body>
          {all.map(({ row, field, detail }, index) => (
            <Row key={index} className="items-baseline"><Cell numeric>{row}</Cell><Cell className="font-strong">{field}</Cell><Cell className="max-sm:col-span-2">{detail}</Cell></Row>
          ))}
        </Body>
      </Table>
      {requestId ? <p className="border-t border-line px-4 py-2 text-meta text-muted">{t("problem.requestId")} <span className="code select-all">{requestId}</span></p> : null}
    </Panel>
  );
}
