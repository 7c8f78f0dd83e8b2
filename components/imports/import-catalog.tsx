"use client";
import { useEffect, useRef, useState } from "react";
import { Form } from "@/components/form/form";
import { textOf } from "@/components/form/form-data";
import { SubmitButton } from "@/components/form/submit-button";
import { useSubmit } from "@/components/form/use-submit";
import { ProblemNotice } from "@/components/layout/problem-notice";
import { useT } from "@/components/layout/locale";
import { PageHead } from "@/components/layout/page-head";
import { useMe } from "@/components/layout/use-me";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { Panel } from "@/components/ui/panel";
import { call } from "@/lib/api";
import { invalidate, useDataReady } from "@/lib/data";
import { Problem, type FieldError } from "@/lib/problem";
import { getOverview, getSection, importCatalog, listCourses, listDepartments, listTerms, listUsers, type ImportReport } from "@/shared";
import { atLines, ImportFields, partsFrom } from "./import-fields";
import { ReportView } from "./report-view";
import { RowErrors } from "./row-errors";

interface Attempt {
  form: FormData;
  /** The digest of the check to be applied; without one this is a check. */
  checked?: string;
}

/** Everything the server needs, checked only for being there: what a right date or file is, it says itself. */
function missing(form: FormData, words: { file: string }): FieldError[] {
  const file = form.get("file");
  const errors: FieldError[] = [];
  if (!(file instanceof File) || file.size === 0) errors.push({ pointer: "/file", code: "required", detail: words.file });
  for (const name of ["termName", "startsOn", "endsOn"])
    if (!textOf(form, name)) errors.push({ pointer: `/params/${name}`, code: "required", detail: "" });
  return errors;
}

/** What is sent, and in which lines of the form its parts of term stand. */
function bodyOf({ form, checked }: Attempt) {
  const { parts, lines } = partsFrom(form);
  const params = { termName: textOf(form, "termName"), startsOn: textOf(form, "startsOn"), endsOn: textOf(form, "endsOn"), parts };
  const body = new FormData();
  const file = form.get("file");
  if (file) body.set("file", file);
  body.set("params", JSON.stringify(params));
  body.set("dryRun", String(checked === undefined));
  if (checked !== undefined) body.set("checked", checked);
  return { body, lines };
}

const isRow = (error: FieldError): boolean => /^\/rows?\//.test(error.pointer);

/** A file is first checked without changing anything; only what was checked and shown can then be applied. */
export function ImportCatalog() {
  const t = useT();
  const { data: me } = useMe();
  const [report, setReport] = useState<ImportReport>();
  const checked = useRef<FormData | undefined>(undefined);
  const [sent, setSent] = useState(0);
  const { pending, problem, submit, refuse, reset } = useSubmit(
    (attempt: Attempt, idempotencyKey) => {
      const { body, lines } = bodyOf(attempt);
      return call(importCatalog, { body, idempotencyKey, onSent: setSent }).catch((error: unknown) => {
        throw atLines(error, lines);
      });
    },
    (result) => {
      setReport(result);
      if (!result.dryRun) invalidate(listCourses, listDepartments, listTerms, getOverview, getSection, listUsers);
    },
  );
  useDataReady(me !== undefined);
  const check = (form: FormData) => {
    const errors = missing(form, { file: t("import.fileMissing") });
    setReport(undefined);
    if (errors.length > 0) {
      refuse(new Problem("invalid-request", 422, "", "", undefined, errors));
      return;
    }
    checked.current = form;
    submit({ form });
  };
  const apply = () => {
    if (checked.current && report) submit({ form: checked.current, checked: report.digest });
  };
  const outdated = problem?.slug === "import-outdated";
  const rowErrors = problem?.errors.filter(isRow) ?? [];
  return (
    <>
      <PageHead title={t("import.title")} below={t("import.lead")} />
      <div className="grid grid-cols-1 items-start gap-4 xl:grid-cols-[24rem_minmax(0,1fr)]">
        <FilePanel
          pending={pending}
          problem={rowErrors.length > 0 ? undefined : problem}
          report={report}
          onCheck={check}
          onEdit={() => {
            setReport(undefined);
            if (!pending) reset();
          }}
        />
        <div className="grid gap-4 min-w-0">
          {pending ? <Progress label={t(report ? "import.applying" : "import.checking")} sent={sent} /> : null}
          {rowErrors.length > 0 && problem ? <Refused problem={problem} rows={rowErrors} /> : null}
          {report ? (
            <ReportView
              report={report}
              action={
                report.dryRun ? (
                  <Button kind="primary" pending={pending} blocked={report.changesTotal === 0 || outdated} onClick={apply}>
                    {t("import.apply")}
                  </Button>
                ) : null
              }
            />
          ) : null}
          {!pending && !report && rowErrors.length === 0 ? <p className="text-muted px-1">{t("import.nothingYet")}</p> : null}
        </div>
      </div>
    </>
  );
}

interface FilePanelProps {
  pending: boolean;
  problem: Problem | undefined;
  report: ImportReport | undefined;
  onCheck: (form: FormData) => void;
  onEdit: () => void;
}

function FilePanel({ pending, problem, report, onCheck, onEdit }: FilePanelProps) {
  const t = useT();
  return (
    <Panel id="file" title={t("import.what")}>
      <div className="p-4" onChange={onEdit}>
        <Form
          pending={pending}
          problem={problem}
          onSubmit={onCheck}
          saved={report?.dryRun === false}
          explain={({ slug }) => (slug === "version-conflict" ? t("import.stale") : undefined)}
        >
          <ImportFields />
          <div>
            <SubmitButton kind={report ? "plain" : "primary"} pending={pending && !report}>
              {t("import.check")}
            </SubmitButton>
          </div>
        </Form>
      </div>
    </Panel>
  );
}

/** First how much of the file has left, then that the server works on it: how long that takes it does not say. */
function Progress({ label, sent }: { label: string; sent: number }) {
  const t = useT();
  const sending = sent < 1;
  const percent = Math.floor(sent * 100);
  const phase = sending ? t("import.sending") : label;
  return (
    <div className="grid gap-2 px-1">
      <p role="status">{phase}</p>
      <div
        role="progressbar"
        aria-label={t("import.progress")}
        aria-valuetext={sending ? t("import.sentPercent", { percent }) : phase}
        {...(sending ? { "aria-valuemin": 0, "aria-valuemax": 100, "aria-valuenow": percent } : {})}
        className="h-1 rounded-sm bg-raised overflow-clip"
      >
        {sending ? (
          <div className="h-full rounded-sm bg-accent" style={{ width: `${String(percent)}%` }} />
        ) : (
          <div className="import-bar h-full w-1/3 rounded-sm bg-accent" />
        )}
      </div>
    </div>
  );
}

/** The whole file is refused: nothing was changed, and every broken row is named. */
function Refused({ problem, rows }: { problem: Problem; rows: readonly FieldError[] }) {
  const t = useT();
  const heading = useRef<HTMLDivElement>(null);
  useEffect(() => {
    heading.current?.focus();
  }, [problem]);
  const total = problem.errorsTotal ?? rows.length;
  const others = problem.errors.filter((error) => !isRow(error));
  return (
    <>
      <div ref={heading} tabIndex={-1} className="outline-none">
        <Notice tone="danger" title={t("import.refused", { count: total })} live>
          {t("import.refusedHelp")}
        </Notice>
      </div>
      {others.length > 0 ? <ProblemNotice problem={problem} claimed={new Set(rows.map(({ pointer }) => pointer))} /> : null}
      <RowErrors rows={rows} total={total} />
    </>
  );
}
