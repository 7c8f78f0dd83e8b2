"use client";
import { useEffect, useRef, type ReactNode } from "react";
import { useLocale, useT } from "@/components/layout/locale";
import { Notice } from "@/components/ui/notice";
import { Panel } from "@/components/ui/panel";
import { Body, Cell, Head, HeadCell, Row, Table } from "@/components/ui/table";
import { formatNumber } from "@/lib/format";
import { FindingsTable } from "./findings-table";
import { KIND_WORDS, wordsOfField, wordsOfFinding } from "./import-words";
import type { ImportReport } from "@/shared";
import type { MessageKey } from "@/lib/messages";

const KINDS: readonly (readonly ["departments" | "courses" | "rooms" | "instructors" | "sections", MessageKey])[] = [
  ["departments", "departments.title"],
  ["courses", "courses.title"],
  ["sections", "admin.sections"],
  ["rooms", "import.rooms"],
  ["instructors", "import.instructors"],
];

/** What a file would do, or did: one line per kind of record, then each change with its before and after. */
export function ReportView({ report, action }: { report: ImportReport; action: ReactNode }) {
  const t = useT();
  const top = useRef<HTMLDivElement>(null);
  useEffect(() => {
    top.current?.focus();
  }, [report]);
  const nothing = report.changesTotal === 0;
  const title = report.dryRun
    ? t(nothing ? "import.nothingToDo" : "import.wouldChange", { count: report.changesTotal })
    : t("import.done", { count: report.changesTotal });
  return (
    <>
      <div ref={top} tabIndex={-1} className="outline-none">
        <Notice tone={report.dryRun && !nothing ? "info" : "ok"} title={title} live>
          <p>{t(report.dryRun ? "import.dryRunHelp" : "import.doneHelp", { rows: report.rows })}</p>
          {report.duplicateRows > 0 ? <p>{t("import.duplicates", { count: report.duplicateRows })}</p> : null}
          {report.absentSections > 0 ? <p>{t("import.absent", { count: report.absentSections })}</p> : null}
        </Notice>
      </div>
      <Tally report={report} action={action} />
      {report.changes.length > 0 ? <Changes report={report} /> : null}
      {report.warnings.length > 0 ? <Warnings report={report} /> : null}
    </>
  );
}

function Tally({ report, action }: { report: ImportReport; action: ReactNode }) {
  const t = useT();
  const locale = useLocale();
  return (
    <Panel id="tally" title={t("import.tally")} aside={action}>
      <Table label={t("import.tally")} cols="minmax(0, 1fr) 6rem 6rem 6rem" colsPhone="minmax(0, 1fr) 3.5rem 3.5rem 3.5rem">
        <Head>
          <HeadCell>{t("import.kind")}</HeadCell>
          <HeadCell numeric>{t("import.created")}</HeadCell>
          <HeadCell numeric>{t("import.updated")}</HeadCell>
          <HeadCell numeric>{t("import.unchanged")}</HeadCell>
        </Head>
        <Body>
          {KINDS.map(([key, label]) => {
            const tally = report[key];
            return (
              <Row key={key}>
                <Cell>{t(label)}</Cell>
                <Cell numeric className={tally.created > 0 ? "font-strong" : "text-muted"}>
                  {formatNumber(locale, tally.created)}
                </Cell>
                <Cell numeric className={tally.updated > 0 ? "font-strong" : "text-muted"}>
                  {formatNumber(locale, tally.updated)}
                </Cell>
                <Cell numeric className="text-muted">
                  {formatNumber(locale, tally.unchanged)}
                </Cell>
              </Row>
            );
          })}
        </Body>
      </Table>
    </Panel>
  );
}

function Warnings({ report }: { report: ImportReport }) {
  const t = useT();
  return (
    <Panel
      id="warnings"
      title={t("import.warnings")}
      aside={
        report.warnings.length < report.warningsTotal
          ? t("import.changesFirst", { shown: report.warnings.length, total: report.warningsTotal })
          : null
      }
    >
      <FindingsTable
        label={t("import.warnings")}
        findings={report.warnings.map(({ row, field, code, message }) => ({
          row: String(row),
          field,
          ...wordsOfFinding(t, code, message),
        }))}
      />
    </Panel>
  );
}

function Changes({ report }: { report: ImportReport }) {
  const t = useT();
  const { changes, changesTotal } = report;
  return (
    <Panel
      id="changes"
      title={t("import.changes")}
      aside={
        changes.length < changesTotal
          ? t("import.changesFirst", { shown: changes.length, total: changesTotal })
          : t("import.changesAll", { count: changesTotal })
      }
    >
      <Table label={t("import.changes")} cols="7rem minmax(8rem, 1fr) 7rem minmax(0, 1fr) minmax(0, 1fr)">
        <Head>
          <HeadCell>{t("import.kind")}</HeadCell>
          <HeadCell>{t("import.record")}</HeadCell>
          <HeadCell>{t("import.field")}</HeadCell>
          <HeadCell>{t("import.before")}</HeadCell>
          <HeadCell>{t("import.after")}</HeadCell>
        </Head>
        <Body>
          {changes.map((change, index) => (
            <Row key={index} className="items-baseline">
              <Cell className="text-muted">{t(KIND_WORDS[change.kind])}</Cell>
              <Cell className="code">{change.key}</Cell>
              <Cell className="text-muted">{change.field ? wordsOfField(t, change.field) : ""}</Cell>
              <Cell className="text-muted stack:col-span-2">
                {change.before === null ? (
                  ""
                ) : (
                  <del className="decoration-line-strong">
                    <span className="sr-only">{t("import.before")} </span>
                    {change.before}
                  </del>
                )}
              </Cell>
              <Cell className="stack:col-span-2">
                {change.after === null ? (
                  ""
                ) : (
                  <ins className="no-underline">
                    <span className="sr-only">{t("import.after")} </span>
                    {change.after}
                  </ins>
                )}
              </Cell>
            </Row>
          ))}
        </Body>
      </Table>
    </Panel>
  );
}
