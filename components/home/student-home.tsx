"use client";
import Link from "next/link";
import { useMemo } from "react";
import { useLocale, useRoutes, useT } from "@/components/layout/locale";
import { Empty, LoadProblem } from "@/components/layout/list-states";
import { useMe } from "@/components/layout/use-me";
import { buttonClass } from "@/components/ui/button";
import { Panel } from "@/components/ui/panel";
import { useDataReady, useGet } from "@/lib/data";
import { formatCredits } from "@/lib/format";
import { queries } from "@/lib/queries";
import type { Credits } from "@/shared";
import { BetweenTerms } from "./between-terms";
import { DayHead, DaySection, DaySkeleton, NothingAhead } from "./day-frame";
import { NextUp } from "./next-up";
import { MySections, MySectionsSkeleton } from "./my-sections";
import { useAgenda } from "./use-agenda";

/** "What's next?": the next class, the day to scale, the term's courses. */
export function StudentHome() {
  const t = useT();
  const routes = useRoutes();
  const { data: me } = useMe();
  const { data, problem, reload } = useGet(queries.enrollments());
  const sections = useMemo(() => data?.items.map(({ section }) => section), [data]);
  const agenda = useAgenda(sections);
  useDataReady(agenda !== undefined);
  if (problem && !data)
    return (
      <>
        <DayHead />
        <LoadProblem problem={problem} onRetry={reload} />
      </>
    );
  if (!agenda || !sections)
    return (
      <>
        <DayHead />
        <DaySkeleton />
        <MySectionsSkeleton title={t("today.courses")} />
      </>
    );
  if (me?.term === null && sections.length === 0)
    return (
      <>
        <DayHead />
        <BetweenTerms today={agenda.now.date} />
      </>
    );
  return (
    <>
      <DayHead />
      {agenda.next ? (
        <NextUp
          item={agenda.next}
          now={agenda.now}
          after={agenda.after}
          primary={{ href: routes.course(agenda.next.section.course.id), label: "next.course" }}
        />
      ) : sections.length > 0 ? (
        <NothingAhead title={t("today.nothingAhead")} />
      ) : null}
      <DaySection agenda={agenda} />
      <Panel
        id="courses"
        title={me?.term ? t("today.coursesOf", { term: me.term.name }) : t("today.courses")}
        aside={<CreditSum all={sections.filter(({ status }) => status === "active").map(({ credits }) => credits)} />}
      >
        {sections.length === 0 ? (
          <Empty title={t("today.noCourses")}>
            <p className="mb-3">{t("today.noCoursesHelp")}</p>
            <Link href={routes.courses()} className={buttonClass({})}>
              {t("today.browse")}
            </Link>
          </Empty>
        ) : (
          <MySections sections={sections} />
        )}
      </Panel>
    </>
  );
}

function CreditSum({ all }: { all: readonly Credits[] }) {
  const t = useT();
  const locale = useLocale();
  const min = all.reduce((sum, credits) => sum + credits.min, 0);
  const max = all.reduce((sum, credits) => sum + credits.max, 0);
  return <>{t("credits.of", { credits: formatCredits(t, { kind: min === max ? "fixed" : "range", min, max }, locale), count: max })}</>;
}
