"use client";
import Link from "next/link";
import { useLocale, useRoutes, useT } from "@/components/layout/locale";
import { Skeleton } from "@/components/ui/skeleton";
import { formatNumber } from "@/lib/format";
import type { Overview } from "@/lib/api-types";
import type { MessageKey, Translate } from "@/lib/messages";
import type { Routes } from "@/lib/routes";
import { sentenceOf } from "@/lib/words";

type Queue = Overview["queues"][number];

interface Known {
  readonly title: MessageKey;
  readonly why: MessageKey;
  readonly of: "section" | "user";
}

const KNOWN: Readonly<Record<string, Known>> = {
  "sections-without-instructor": { title: "queue.noInstructor", why: "queue.noInstructorWhy", of: "section" },
  "sections-without-room": { title: "queue.noRoom", why: "queue.noRoomWhy", of: "section" },
  "sections-full": { title: "queue.full", why: "queue.fullWhy", of: "section" },
  "sections-closed": { title: "queue.closed", why: "queue.closedWhy", of: "section" },
  "faculty-without-sign-in": { title: "queue.noSignIn", why: "queue.noSignInWhy", of: "user" },
};

const titleOf = (t: Translate, queue: Queue): string => {
  const known = KNOWN[queue.kind];
  return known ? t(known.title, { count: queue.count }) : sentenceOf(queue.kind);
};

function hrefOf(routes: Routes, kind: string, id: string): string | undefined {
  const known = KNOWN[kind];
  if (!known) return undefined;
  return known.of === "user" ? routes.user(id) : routes.section(id);
}

/** One queue: the fact and its consequence, how many, and the first few rows to act on. */
export function QueueBand({ queue }: { queue: Queue }) {
  const t = useT();
  const locale = useLocale();
  const routes = useRoutes();
  const known = KNOWN[queue.kind];
  const rest = queue.count - queue.examples.length;
  return (
    <section aria-label={titleOf(t, queue)} className="border-b border-line last:border-b-0">
      <div className="flex flex-wrap items-baseline gap-x-3 bg-bg border-b border-line px-4 py-1.5">
        <h3 className="font-strong">{titleOf(t, queue)}</h3>
        {known ? <p className="text-meta text-muted">{t(known.why)}</p> : null}
      </div>
      <ul className="rows">
        {queue.examples.map(({ id, label }) => {
          const href = hrefOf(routes, queue.kind, id);
          return (
            <li key={id} className="relative flex items-center min-h-11 sm:min-h-8 px-4 has-[a:focus-visible]:bg-accent-wash">
              {href ? (
                <Link href={href} prefetch={false} className="row-link truncate">
                  {label}
                </Link>
              ) : (
                <span className="truncate">{label}</span>
              )}
            </li>
          );
        })}
        {rest > 0 ? (
          <li className="px-4 pb-2 pt-1 text-meta text-muted num">{t("queue.more", { count: formatNumber(locale, rest) })}</li>
        ) : null}
      </ul>
    </section>
  );
}

/** A queue not known yet: what stands below it must not move when its rows come. */
export function QueueBandSkeleton() {
  return (
    <div className="border-b border-line last:border-b-0">
      <p className="bg-bg border-b border-line px-4 py-1.5">
        <Skeleton ch={26} />
        <span className="text-meta sm:hidden">
          <br />
          <Skeleton ch={34} />
        </span>
      </p>
      {[0, 1, 2, 3, 4].map((row) => (
        <p key={row} className="flex items-center min-h-11 sm:min-h-8 px-4">
          <Skeleton ch={30} />
        </p>
      ))}
    </div>
  );
}
