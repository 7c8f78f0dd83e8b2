"use client";
import Link from "next/link";
import { Suspense } from "react";
import { useLocale, useRoutes, useT } from "@/components/layout/locale";
import { Empty, LoadProblem } from "@/components/layout/list-states";
import { PageHead } from "@/components/layout/page-head";
import { TermBelow } from "@/components/layout/term-now";
import { useMe } from "@/components/layout/use-me";
import { useNow } from "@/components/layout/use-now";
import { Panel } from "@/components/ui/panel";
import { Skeleton } from "@/components/ui/skeleton";
import { Typed } from "@/components/ui/typed";
import { useDataReady, useGet } from "@/lib/data";
import { formatList, formatNumber, formatPresent, formatRecent } from "@/lib/format";
import { queries } from "@/lib/queries";
import type { Overview } from "@/shared";
import { QueueFrame, Queues, QueueSkeleton } from "./queues";
import { wordsOfAction } from "./action-words";

/** "What needs a decision?": what waits, figures that link to their rows, and the recent sensitive actions. */
export function AdminHome() {
  const t = useT();
  const { data, problem, reload } = useGet(queries.overview());
  useDataReady(data !== undefined);
  const waiting = data?.queues.reduce((sum, queue) => sum + queue.count, 0);
  if (!data && problem)
    return (
      <>
        <PageHead title={t("admin.title")} />
        <LoadProblem problem={problem} onRetry={reload} />
      </>
    );
  return (
    <>
      <PageHead
        title={waiting === undefined ? t("admin.title") : t("admin.waiting", { count: waiting })}
        below={
          <>
            <TermBelow />
            <span className="sm:hidden">
              <Present />
            </span>
          </>
        }
        actions={
          <span className="max-sm:hidden">
            <Present />
          </span>
        }
      />
      <div className="grid grid-cols-1 items-start gap-x-6 gap-y-4 xl:grid-cols-[minmax(0,1fr)_20rem]">
        <div className="grid grid-cols-1 gap-4">
          <Figures counts={data?.counts} />
          <Suspense
            fallback={
              <QueueFrame queues={undefined}>
                <QueueSkeleton />
              </QueueFrame>
            }
          >
            <Queues queues={data?.queues} />
          </Suspense>
        </div>
        <Actions actions={data?.recentActions} />
      </div>
    </>
  );
}

function Present() {
  const locale = useLocale();
  const { data: me } = useMe();
  const now = useNow();
  return <span className="num text-muted">{me && now ? formatPresent(locale, now, me.institution.timeZone) : <Skeleton ch={26} />}</span>;
}

/** Only what has a list behind it. */
function Figures({ counts }: { counts: Overview["counts"] | undefined }) {
  const t = useT();
  const locale = useLocale();
  const routes = useRoutes();
  const figures = [
    { key: "students", label: t("admin.students"), href: routes.users({ role: "student" }) },
    { key: "faculty", label: t("admin.faculty"), href: routes.users({ role: "faculty" }) },
    { key: "users", label: t("admin.users"), href: routes.users() },
    { key: "courses", label: t("admin.courses"), href: routes.courses() },
  ] as const;
  return (
    <section
      aria-label={t("admin.figures")}
      className="grid grid-cols-2 sm:grid-cols-4 gap-px border border-line rounded-lg bg-line overflow-clip num"
    >
      {figures.map(({ key, label, href }) => (
        <Link key={key} href={href} prefetch={false} className="bg-surface px-4 py-3 hover:bg-raised focus-visible:outline-offset-[-2px]">
          <span className="block text-meta text-muted">{label}</span>
          <span className="block text-title font-strong tracking-[-0.02em] leading-tight">
            {counts ? formatNumber(locale, counts[key]) : <Skeleton ch={4} />}
          </span>
        </Link>
      ))}
    </section>
  );
}

function Actions({ actions }: { actions: Overview["recentActions"] | undefined }) {
  const t = useT();
  const locale = useLocale();
  const { data: me } = useMe();
  const now = useNow();
  return (
    <Panel id="actions" title={t("admin.actions")}>
      {actions?.length === 0 ? (
        <Empty title={t("admin.noActions")} />
      ) : (
        <ul aria-busy={actions === undefined}>
          {actions === undefined
            ? [0, 1, 2, 3, 4, 5, 6, 7].map((row) => (
                <li key={row} className="border-b border-line last:border-b-0 px-4 py-1.5">
                  <span className="block">
                    <Skeleton ch={22} />
                  </span>
                  <span className="block text-meta">
                    <Skeleton ch={30} />
                  </span>
                </li>
              ))
            : null}
          {actions?.map((action) => (
            <li
              key={action.id}
              className="grid grid-cols-[minmax(0,1fr)_auto] items-baseline gap-x-3 border-b border-line last:border-b-0 px-4 py-1.5"
            >
              <span className="font-strong">{wordsOfAction(action.action, t)}</span>
              <time dateTime={action.at} className="text-meta text-muted num">
                {me && now ? formatRecent(locale, action.at, me.institution.timeZone, now) : ""}
              </time>
              <span className="col-span-2 text-meta text-muted">
                <Typed>
                  {formatList(
                    locale,
                    action.target ? [action.actor ?? t("admin.system"), action.target] : [action.actor ?? t("admin.system")],
                  )}
                </Typed>
              </span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
