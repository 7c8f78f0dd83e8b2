"use client";
import type { ReactNode } from "react";
import { Button } from "@/components/ui/button";
import type { Pages } from "@/lib/data";
import type { Problem } from "@/lib/problem";
import { ProblemNotice } from "./problem-notice";
import { useT } from "./locale";

/** Nothing here, and what to do next. */
export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="grid justify-items-center gap-2 px-4 py-12 text-center">
      <p className="font-strong">{title}</p>
      {children ? <div className="text-muted max-w-md">{children}</div> : null}
    </div>
  );
}

export function LoadProblem({ problem, onRetry }: { problem: Problem; onRetry: () => void }) {
  return (
    <div className="p-4">
      <ProblemNotice problem={problem} onRetry={onRetry} />
    </div>
  );
}

/** The foot of a list: how much of it is here, the way to more, and `keys`, the hints for the keyboard. `live`: says the count when it changes. */
export function ListFoot<T>({ pages, count, keys, live = true }: { pages: Pages<T>; count: string; keys?: ReactNode; live?: boolean }) {
  const t = useT();
  return (
    <div className="border-t border-line">
      {pages.moreProblem ? <LoadProblem problem={pages.moreProblem} onRetry={pages.loadMore} /> : null}
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2 min-h-11 px-4 py-1.5 text-meta text-muted">
        <span role={live ? "status" : undefined} className="num">
          {count}
        </span>
        {pages.hasMore ? (
          <Button size="sm" pending={pages.loadingMore} onClick={pages.loadMore}>
            {t("list.more")}
          </Button>
        ) : null}
        {keys ? <span className="ml-auto max-lg:hidden flex items-center gap-3">{keys}</span> : null}
      </div>
    </div>
  );
}
