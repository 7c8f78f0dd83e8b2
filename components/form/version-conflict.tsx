"use client";
import { useEffect, useRef, useState } from "react";
import { ProblemNotice } from "@/components/layout/problem-notice";
import { useT } from "@/components/layout/locale";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { asProblem, read } from "@/lib/api";
import type { Get } from "@/lib/queries";
import type { Problem } from "@/lib/problem";

interface VersionConflictProps<R> {
  url: Get<R>;
  /** The record as it was when the form was filled in. */
  before: R;
  /** What the person can see of a record, by the name it has on the form. */
  show: (record: R) => Readonly<Record<string, string>>;
  /** Continues on top of the newer record: what stands in the form by then stays, and the next save is checked against that version. */
  onRebase: (newer: R, form: FormData) => void;
}

/** Somebody saved first. Shows what they changed and lets the person decide; nothing that was typed is lost, nothing is overwritten unseen. */
export function VersionConflict<R>({ url, before, show, onRebase }: VersionConflictProps<R>) {
  const t = useT();
  const box = useRef<HTMLDivElement>(null);
  const [newer, setNewer] = useState<R>();
  const [problem, setProblem] = useState<Problem>();
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    const controller = new AbortController();
    read(url, controller.signal).then(
      (record) => {
        setNewer(record);
      },
      (error: unknown) => {
        if (!controller.signal.aborted) setProblem(asProblem(error));
      },
    );
    return () => {
      controller.abort();
    };
  }, [url, attempt]);
  useEffect(() => {
    box.current?.focus();
  }, []);
  const was = show(before);
  const changed = newer ? Object.entries(show(newer)).filter(([name, value]) => was[name] !== value) : [];
  return (
    <div ref={box} tabIndex={-1} className="outline-none">
      <Notice tone="warn" title={t("conflict.title")} live>
        <p>{t("conflict.text")}</p>
        {changed.length > 0 ? (
          <dl className="mt-2 grid gap-2">
            {changed.map(([name, value]) => (
              <div key={name}>
                <dt className="text-meta text-muted">{name}</dt>
                <dd className="whitespace-pre-line max-h-32 overflow-y-auto">{value || t("conflict.empty")}</dd>
              </div>
            ))}
          </dl>
        ) : null}
        {problem ? (
          <ProblemNotice
            problem={problem}
            onRetry={() => {
              setProblem(undefined);
              setAttempt(attempt + 1);
            }}
          />
        ) : null}
        {newer ? (
          <Button
            size="sm"
            className="mt-2"
            onClick={(event) => {
              onRebase(newer, new FormData(event.currentTarget.form ?? undefined));
            }}
          >
            {t("conflict.continue")}
          </Button>
        ) : null}
      </Notice>
    </div>
  );
}
