"use client";
import { useRef, useState } from "react";
import { TextField } from "@/components/form/field";
import { useT } from "@/components/layout/locale";
import { Button, IconButton } from "@/components/ui/button";
import { Problem } from "@/lib/problem";

interface PartOfTerm {
  code: string;
  startsOn: string;
  endsOn: string;
}

const MAX_PARTS = 20;

/** The parts of term as written, and on which line each is: a line left empty altogether does not count. */
export function partsFrom(form: FormData): { parts: PartOfTerm[]; lines: number[] } {
  const all = (name: string) => form.getAll(name).map((value) => (typeof value === "string" ? value.trim() : ""));
  const [codes, starts, ends] = [all("partCode"), all("partStartsOn"), all("partEndsOn")];
  const written = codes
    .map((code, line) => ({ line, part: { code, startsOn: starts[line] ?? "", endsOn: ends[line] ?? "" } }))
    .filter(({ part }) => part.code || part.startsOn || part.endsOn);
  return { parts: written.map(({ part }) => part), lines: written.map(({ line }) => line) };
}

/** A refusal counts the parts that were sent; the form counts its lines. */
export function atLines(error: unknown, lines: readonly number[]): unknown {
  if (!(error instanceof Problem)) return error;
  const { slug, status, title, detail, requestId, errors, retryAfterS, errorsTotal } = error;
  const moved = errors.map((one) => ({
    ...one,
    pointer: one.pointer.replace(/^\/params\/parts\/(\d+)/, (whole, index: string) => {
      const line = lines[Number(index)];
      return line === undefined ? whole : `/params/parts/${String(line)}`;
    }),
  }));
  return new Problem(slug, status, title, detail, requestId, moved, retryAfterS, errorsTotal);
}

export function ImportFields() {
  const t = useT();
  return (
    <>
      <TextField
        label={t("import.file")}
        name="file"
        type="file"
        accept=".csv,text/csv"
        required
        hint={t("import.fileHint")}
        className="py-1.5 file:mr-3 file:rounded-sm file:border-0 file:bg-raised file:px-2.5 file:py-0.5 file:text-text"
      />
      <TextField
        label={t("import.termName")}
        name="termName"
        pointer="/params/termName"
        maxLength={60}
        autoComplete="off"
        required
        hint={t("import.termNameHint")}
      />
      <div className="grid grid-cols-1 sm:grid-cols-2 gap-3">
        <TextField label={t("import.startsOn")} name="startsOn" pointer="/params/startsOn" type="date" required />
        <TextField label={t("import.endsOn")} name="endsOn" pointer="/params/endsOn" type="date" required />
      </div>
      <Parts />
    </>
  );
}

function Parts() {
  const t = useT();
  const [keys, setKeys] = useState<number[]>([]);
  const count = useRef(0);
  const add = () => {
    setKeys([...keys, ++count.current]);
  };
  return (
    <fieldset className="grid gap-2 min-w-0">
      <legend className="font-strong">{t("import.parts")}</legend>
      <p className="text-meta text-muted">{t("import.partsHint")}</p>
      {keys.map((key, index) => (
        <div
          key={key}
          className="grid grid-cols-[minmax(0,1fr)_auto] sm:grid-cols-[minmax(0,1fr)_minmax(0,1fr)_auto] items-end gap-2 border-t border-line pt-2"
        >
          <TextField
            label={t("courses.code")}
            name="partCode"
            pointer={`/params/parts/${String(index)}/code`}
            maxLength={10}
            autoComplete="off"
            autoFocus
          />
          <div className="max-sm:hidden" />
          <IconButton
            name="close"
            label={t("import.removePart", { number: index + 1 })}
            onClick={() => {
              setKeys(keys.filter((one) => one !== key));
            }}
          />
          <TextField label={t("import.partFrom")} name="partStartsOn" pointer={`/params/parts/${String(index)}/startsOn`} type="date" />
          <TextField label={t("import.partTo")} name="partEndsOn" pointer={`/params/parts/${String(index)}/endsOn`} type="date" />
        </div>
      ))}
      {keys.length < MAX_PARTS ? (
        <div>
          <Button size="sm" icon="plus" onClick={add}>
            {t("import.addPart")}
          </Button>
        </div>
      ) : null}
    </fieldset>
  );
}
