"use client";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { retryStale, useStale } from "@/lib/data";
import { useT } from "./locale";
import { problemWords } from "./problem-notice";

/** Stands above any screen whose data could not be read again: what is shown stays usable, and nobody takes it for new. */
export function StaleNotice() {
  const t = useT();
  const stale = useStale();
  if (!stale) return null;
  const { problem, retrying } = stale;
  return (
    <div className="mb-4">
      <Notice tone="warn" title={t("stale.title")} live>
        <p>
          {problemWords(t, problem)} {t("stale.text")}
        </p>
        {problem.requestId ? (
          <p className="text-meta text-muted">
            {t("problem.requestId")} <span className="code select-all">{problem.requestId}</span>
          </p>
        ) : null}
        <Button size="sm" className="mt-2" pending={retrying} onClick={retryStale}>
          {t("problem.retry")}
        </Button>
      </Notice>
    </div>
  );
}
