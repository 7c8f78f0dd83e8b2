"use client";
import { useEffect, useState } from "react";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import type { Problem } from "@/lib/problem";
import type { MessageKey } from "@/lib/messages";
import { useT } from "./locale";

/** What a refusal means to the person, for the slugs that mean the same everywhere. Others speak with the server's own words. */
const WORDS: Readonly<Record<string, MessageKey>> = {
  network: "problem.network",
  busy: "problem.busy",
  "too-many-requests": "problem.busy",
  forbidden: "problem.forbidden",
  "not-found": "problem.notFound",
  "version-conflict": "problem.versionConflict",
};

/** Counts a server's "try again in n seconds" down. */
export function useCountdown(problem: Problem | undefined): number {
  const seconds = Math.ceil(problem?.retryAfterS ?? 0);
  const [left, setLeft] = useState({ problem, seconds });
  if (left.problem !== problem) setLeft({ problem, seconds });
  useEffect(() => {
    if (!problem || seconds === 0) return;
    const timer = setInterval(() => {
      setLeft((was) => (was.seconds <= 1 ? { ...was, seconds: 0 } : { ...was, seconds: was.seconds - 1 }));
    }, 1_000);
    return () => {
      clearInterval(timer);
    };
  }, [problem, seconds]);
  return left.seconds;
}

interface ProblemNoticeProps {
  problem: Problem;
  explain?: (problem: Problem) => string | undefined;
  claimed?: ReadonlySet<string>;
  onRetry?: () => void;
}

/** Says what happened, what to do, and by which number it can be found again. `claimed` are the errors other places already show. */
export function ProblemNotice({ problem, explain, claimed, onRetry }: ProblemNoticeProps) {
  const t = useT();
  const left = useCountdown(problem);
  const known = WORDS[problem.slug];
  const explained = explain?.(problem);
  const words = explained ?? (known ? t(known) : problem.detail || problem.title || t("problem.unknown"));
  // A refusal that explains itself needs no number; one that the server must look into does.
  const traceable = problem.status >= 500 || !(known || explained);
  const errors = problem.errors.filter((error) => !claimed?.has(error.pointer));
  return (
    <Notice tone="danger" title={words} live>
      {errors.length > 0 ? (
        <ul className="list-disc pl-4">
          {errors.map((error) => (
            <li key={error.pointer + error.code}>{error.detail}</li>
          ))}
        </ul>
      ) : null}
      {left > 0 ? (
        <p aria-live="off" className="num">
          {t("problem.retryIn", { seconds: left })}
        </p>
      ) : null}
      {problem.requestId && traceable ? (
        <p className="text-meta text-muted">
          {t("problem.requestId")} <span className="code select-all">{problem.requestId}</span>
        </p>
      ) : null}
      {onRetry ? (
        <Button size="sm" className="mt-2" blocked={left > 0} onClick={onRetry}>
          {t("problem.retry")}
        </Button>
      ) : null}
    </Notice>
  );
}
