"use client";
import { useEffect, useState } from "react";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import type { Problem } from "@/lib/problem";
import type { MessageKey, Translate } from "@/lib/messages";
import type { ProblemType } from "@/shared";
import { complaint } from "@/components/form/complaint";
import { useT } from "./locale";

type Slug = ProblemType extends `/problems/${infer S}` ? S : never;

/** What a refusal means to the person, wherever it happens. Every kind the contract declares has words. */
const WORDS: Readonly<Record<Slug | "network", MessageKey>> = {
  network: "problem.network",
  "malformed-json": "problem.malformed",
  "malformed-query": "problem.malformed",
  "malformed-upload": "problem.upload",
  "invalid-cursor": "problem.cursor",
  "idempotency-key-required": "problem.malformed",
  "idempotency-mismatch": "problem.malformed",
  "idempotency-in-progress": "problem.stillRunning",
  unauthenticated: "problem.unauthenticated",
  "token-expired": "problem.unauthenticated",
  "wrong-credentials": "signIn.wrong",
  forbidden: "problem.forbidden",
  "cross-site": "problem.crossSite",
  "not-found": "problem.notFound",
  "method-not-allowed": "problem.malformed",
  "request-timeout": "problem.timeout",
  "version-conflict": "problem.versionConflict",
  "department-code-taken": "problem.departmentCodeTaken",
  "course-number-taken": "problem.courseNumberTaken",
  "email-taken": "problem.emailTaken",
  "link-expired": "setPassword.refused",
  "body-too-large": "problem.bodyTooLarge",
  "unsupported-media-type": "problem.malformed",
  "invalid-request": "problem.invalidRequest",
  "import-refused": "problem.importRefused",
  "import-outdated": "problem.importOutdated",
  "bad-request": "problem.malformed",
  "too-many-requests": "problem.tooMany",
  internal: "problem.internal",
  busy: "problem.busy",
  timeout: "problem.timeout",
};

const isKnown = (slug: string): slug is keyof typeof WORDS => slug in WORDS;

/** What happened, in the catalog's words; the server's own only for a kind that is newer than this page. */
export const problemWords = (t: Translate, problem: Problem): string =>
  isKnown(problem.slug) ? t(WORDS[problem.slug]) : problem.detail || problem.title || t("problem.unknown");

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
  const explained = explain?.(problem);
  const words = explained ?? problemWords(t, problem);
  // A refusal of a form that explains itself needs no number; a list that is missing, and what the server must look into, do.
  const traceable = onRetry !== undefined || problem.status >= 500 || !(isKnown(problem.slug) || explained);
  const errors = problem.errors.filter((error) => !claimed?.has(error.pointer));
  return (
    <Notice tone="danger" title={words} live>
      {errors.length > 0 ? (
        <ul className="list-disc pl-4">
          {errors.map((error) => (
            <li key={error.pointer + error.code}>{complaint(t, error)}</li>
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
