"use client";
import { useT } from "@/components/layout/locale";
import { Button } from "@/components/ui/button";
import { Panel } from "@/components/ui/panel";
import { downloadCsv, toCsv } from "@/lib/csv";
import type { FieldError } from "@/lib/problem";
import type { Translate } from "@/lib/messages";
import { wordsOfFinding } from "./import-words";
import { FindingsTable, type Finding } from "./findings-table";

/** `/rows/14/Start Time`: the row as the file counts them, and the column's own name (`~1` and `~0` as JSON pointers write `/` and `~`). */
function named(t: Translate, { pointer, code, detail }: FieldError): Finding {
  const [, row = "", field = ""] = /^\/rows?\/(\d+)(?:\/(.*))?$/.exec(pointer) ?? [];
  return { row, field: field.replaceAll("~1", "/").replaceAll("~0", "~"), ...wordsOfFinding(t, code, detail) };
}

/** `total` counts those, too, that the server has not listed. */
export function RowErrors({ rows, total }: { rows: readonly FieldError[]; total: number }) {
  const t = useT();
  const all = rows.map((row) => named(t, row));
  const save = () => {
    downloadCsv(
      "import-errors.csv",
      toCsv([
        [t("import.row"), t("import.field"), t("import.error")],
        ...all.map(({ row, field, words, evidence }) => [row, field, [words, evidence].filter(Boolean).join(" ")]),
      ]),
    );
  };
  return (
    <Panel
      id="row-errors"
      title={t("import.rowErrors")}
      aside={
        <span className="flex items-center gap-3">
          {rows.length < total ? <span>{t("import.changesFirst", { shown: rows.length, total })}</span> : null}
          <Button size="sm" onClick={save}>
            {t("roster.csv")}
          </Button>
        </span>
      }
    >
      <FindingsTable label={t("import.rowErrors")} findings={all} />
    </Panel>
  );
}
