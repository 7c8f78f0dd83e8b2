"use client";
import { useId } from "react";
import { useLocale, usePathLocale, useT } from "@/components/layout/locale";
import { RecordLink } from "@/components/layout/record-link";
import { useNow } from "@/components/layout/use-now";
import { buttonClass } from "@/components/ui/button";
import { cx } from "@/components/ui/cx";
import { Skeleton } from "@/components/ui/skeleton";
import { Cell, Row } from "@/components/ui/table";
import { Typed } from "@/components/ui/typed";
import { formatAge } from "@/lib/format";
import type { QueueItem, QueueKind } from "@/shared";
import { pageOf, QUEUES } from "./queue-words";

export const QUEUE_COLS = "minmax(0, 1fr) 5rem minmax(0, 16rem) 8rem";

/** The fact, its consequence, how long it waits, who answers for it, and what to do: the one link of the row. */
export function QueueRow({ kind, item }: { kind: QueueKind; item: QueueItem }) {
  const t = useT();
  const locale = useLocale();
  const pages = usePathLocale();
  const now = useNow();
  const id = useId();
  const words = QUEUES[kind];
  const person = kind === "faculty-without-sign-in";
  return (
    <Row>
      <Cell id={`${id}-fact`} className="stack:col-start-1 stack:row-start-1">
        <span className="block flat:truncate">
          {person ? (
            <span className="font-strong">
              <Typed>{item.label}</Typed>
            </span>
          ) : (
            <>
              <span className="code text-muted mr-2.5">{item.label}</span>
              <span className="font-strong">{item.detail ? <Typed>{item.detail}</Typed> : null}</span>
            </>
          )}
        </span>
        <span className="block flat:truncate text-meta text-muted num">{t(words.consequence, { count: item.touches })}</span>
      </Cell>
      <Cell numeric className="text-muted whitespace-nowrap stack:col-start-2 stack:row-start-2 stack:text-meta">
        {item.since && now ? formatAge(locale, item.since, now) : ""}
      </Cell>
      <Cell className="text-muted flat:truncate stack:col-start-1 stack:row-start-2 stack:text-meta">
        {item.owner ? <Typed>{item.owner}</Typed> : t("queue.noOwner")}
      </Cell>
      <Cell className="stack:col-start-2 stack:row-start-1">
        <RecordLink
          href={pageOf(pages, item)}
          id={`${id}-verb`}
          labelledBy={`${id}-verb ${id}-fact`}
          className={cx(buttonClass({ size: "sm" }), "row-link verb w-full")}
        >
          {t(words.verb)}
        </RecordLink>
      </Cell>
    </Row>
  );
}

export function QueueRowSkeleton({ ch }: { ch: number }) {
  return (
    <Row>
      <Cell className="stack:col-start-1 stack:row-start-1">
        <span className="block">
          <Skeleton ch={ch} />
        </span>
        <span className="block text-meta">
          <Skeleton ch={ch + 10} />
        </span>
      </Cell>
      <Cell numeric className="stack:col-start-2 stack:row-start-2 stack:text-meta">
        <Skeleton ch={6} />
      </Cell>
      <Cell className="stack:col-start-1 stack:row-start-2 stack:text-meta">
        <Skeleton ch={18} />
      </Cell>
      <Cell className="stack:col-start-2 stack:row-start-1">
        <div className="min-h-11 fine:min-h-7 min-w-24 rounded-md skeleton" />
      </Cell>
    </Row>
  );
}
