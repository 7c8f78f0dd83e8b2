"use client";
import Link from "next/link";
import { useLocale, useRoutes, useT } from "@/components/layout/locale";
import { Empty, LoadProblem } from "@/components/layout/list-states";
import { PageHead } from "@/components/layout/page-head";
import { RowKeyHints } from "@/components/layout/row-key-hints";
import { useMe } from "@/components/layout/use-me";
import { useNow } from "@/components/layout/use-now";
import { useRowKeys } from "@/components/layout/use-row-keys";
import { Panel } from "@/components/ui/panel";
import { Skeleton } from "@/components/ui/skeleton";
import { civilNow, timeOf } from "@/lib/civil";
import { useDataReady, useGet } from "@/lib/data";
import { formatDay, formatNumber, formatRecent } from "@/lib/format";
import { queries } from "@/lib/queries";
import type { Overview } from "@/lib/api-types";
import { QueueBand, QueueBandSkeleton } from "./queue-band";
import { wordsOfAction } from "./action-words";

/** "What needs a decision?": counts that link to their rows, then the queues, then the recent sensitive actions. */
export function AdminHome() {
  const t = useT();
  const { data, problem, reload } = useGet<Overview>(queries.overview());
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
      <PageHead title={waiting === undefined ? t("admin.title") : t("admin.waiting", { count: waiting })} actions={<Present />} />
      <Figures counts={data?.counts} termId={data?.term?.id} />
      <div className="grid grid-cols-1 items-start gap-4 xl:grid-cols-[minmax(0,1fr)_22rem]">
        <Queues queues={data?.queues} />
        <Actions actions={data?.recentActions} />
      </div>
    </>
  );
}

function Present() {
  const locale = useLocale();
  const { data: me } = useMe();
  const now = useNow();
  const present = me && now ? civilNow(me.institution.timeZone, now) : undefined;
  return (
    <span className="num text-muted">
      {present ? `${formatDay(locale, present.date)}, ${timeOf(present.minute)}` : <Skeleton ch={25} />}
    </span>
  );
}

function Figures({ counts, termId }: { counts: Overview["counts"] | undefined; termId: string | undefined }) {
  const t = useT();
  const locale = useLocale();
  const routes = useRoutes();
  const figures = [
    { key: "students", label: t("admin.students"), href: routes.users({ role: "student" }) },
    { key: "faculty", label: t("admin.faculty"), href: routes.users({ role: "faculty" }) },
    { key: "users", label: t("admin.users"), href: routes.users() },
    { key: "courses", label: t("admin.courses"), href: routes.courses() },
    { key: "sections", label: t("admin.sections"), href: routes.courses({ term: termId }) },
    { key: "enrollments", label: t("admin.enrollments"), href: undefined },
  ] as const;
  return (
    <section
      aria-label={t("admin.figures")}
      className="mb-4 grid grid-cols-2 sm:grid-cols-3 lg:grid-cols-6 gap-px border border-line rounded-lg bg-line overflow-clip num"
    >
      {figures.map(({ key, label, href }) => {
        const face = (
          <>
            <span className="block text-meta text-muted truncate">{label}</span>
            <span className="block text-title font-strong tracking-[-0.02em] leading-tight">
              {counts ? formatNumber(locale, counts[key]) : <Skeleton ch={4} />}
            </span>
          </>
        );
        return href ? (
          <Link
            key={key}
            href={href}
            prefetch={false}
            className="bg-surface px-4 py-2.5 hover:bg-raised focus-visible:outline-offset-[-2px]"
          >
            {face}
          </Link>
        ) : (
          <div key={key} className="bg-surface px-4 py-2.5">
            {face}
          </div>
        );
      })}
    </section>
  );
}

function Queues({ queues }: { queues: Overview["queues"] | undefined }) {
  const t = useT();
  const list = useRowKeys<HTMLDivElement>();
  const open = queues?.filter((queue) => queue.count > 0);
  return (
    <Panel
      id="queues"
      title={t("admin.queues")}
      aside={
        <span className="max-lg:hidden flex items-center gap-3">
          <RowKeyHints search={false} />
        </span>
      }
    >
      <div ref={list} aria-busy={open === undefined}>
        {open === undefined ? [0, 1, 2, 3].map((band) => <QueueBandSkeleton key={band} />) : null}
        {open?.length === 0 ? <Empty title={t("admin.nothingWaits")}>{t("admin.nothingWaitsHelp")}</Empty> : null}
        {open?.map((queue) => (
          <QueueBand key={queue.kind} queue={queue} />
        ))}
      </div>
    </Panel>
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
            ? [0, 1, 2, 3, 4].map((row) => (
                <li key={row} className="border-b border-line last:border-b-0 px-4 py-2">
                  <Skeleton ch={22} />
                  <br />
                  <span className="text-meta">
                    <Skeleton ch={30} />
                  </span>
                </li>
              ))
            : null}
          {actions?.map((action, index) => (
            <li key={index} className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-3 border-b border-line last:border-b-0 px-4 py-1.5">
              <span className="font-strong">{wordsOfAction(action.action, t)}</span>
              <time dateTime={action.at} className="text-meta text-muted num">
                {me && now ? formatRecent(locale, action.at, me.institution.timeZone, now) : ""}
              </time>
              <span className="col-span-2 text-meta text-muted">
                {[action.actor ?? t("admin.system"), action.target].filter(Boolean).join(" · ")}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
