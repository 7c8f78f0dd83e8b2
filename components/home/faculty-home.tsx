"use client";
import { useMemo } from "react";
import { useRoutes, useT } from "@/components/layout/locale";
import { Empty, LoadProblem } from "@/components/layout/list-states";
import { useMe } from "@/components/layout/use-me";
import { useRowKeys } from "@/components/layout/use-row-keys";
import { Fill } from "@/components/sections/fill";
import { Panel } from "@/components/ui/panel";
import { Body, Cell, Head, HeadCell, Row, Table } from "@/components/ui/table";
import { useDataReady, useGet } from "@/lib/data";
import { queries } from "@/lib/queries";
import type { Teaching } from "@/shared";
import { BetweenTerms } from "./between-terms";
import { DayHead, DaySection, DaySkeleton, NothingAhead } from "./day-frame";
import { MeetingLines, MySectionsSkeleton, SectionCode, SectionLink } from "./my-sections";
import { NextUp } from "./next-up";
import { useAgenda } from "./use-agenda";

const COLS = "minmax(12rem, 2fr) 4rem minmax(10rem, 1.5fr) minmax(10rem, 1.2fr) 11rem";

/** "Whom do I teach next?": the next class, the day, and each section with how full it is. */
export function FacultyHome() {
  const t = useT();
  const routes = useRoutes();
  const { data: me } = useMe();
  const { data, problem, reload } = useGet(queries.teaching());
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
        <MySectionsSkeleton title={t("teaching.sections")} />
      </>
    );
  const next = agenda.next;
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
      {next ? (
        <NextUp
          item={next}
          now={agenda.now}
          after={agenda.after}
          primary={{ href: routes.section(next.section.id), label: "teaching.roster" }}
          second={{ href: routes.course(next.section.course.id), label: "next.course" }}
        />
      ) : sections.length > 0 ? (
        <NothingAhead title={t("teaching.nothingAhead")} />
      ) : null}
      <DaySection agenda={agenda} hrefOf={(item) => routes.section(item.section.id)} />
      <Panel
        id="courses"
        title={me?.term ? t("teaching.sectionsOf", { term: me.term.name }) : t("teaching.sections")}
        aside={t("teaching.count", { count: sections.length })}
      >
        {sections.length === 0 ? (
          <Empty title={t("teaching.none")}>{t("teaching.noneHelp")}</Empty>
        ) : (
          <TeachingTable taught={data?.items ?? []} />
        )}
      </Panel>
    </>
  );
}

function TeachingTable({ taught }: { taught: readonly Teaching[] }) {
  const t = useT();
  const list = useRowKeys<HTMLDivElement>();
  return (
    <div ref={list}>
      <Table label={t("teaching.sections")} cols={COLS}>
        <Head>
          <HeadCell>{t("section.course")}</HeadCell>
          <HeadCell>{t("section.section")}</HeadCell>
          <HeadCell>{t("section.when")}</HeadCell>
          <HeadCell>{t("section.where")}</HeadCell>
          <HeadCell numeric>{t("section.enrolled")}</HeadCell>
        </Head>
        <Body>
          {taught.map((one) => (
            <TeachingRow key={one.section.id} taught={one} />
          ))}
        </Body>
      </Table>
    </div>
  );
}

function TeachingRow({ taught: { section, seats } }: { taught: Teaching }) {
  const routes = useRoutes();
  return (
    <Row className="items-baseline">
      <Cell>
        <SectionLink section={section} href={routes.section(section.id)} warm={[queries.section(section.id), queries.roster(section.id)]} />
      </Cell>
      <Cell className="stack:order-4 stack:text-meta stack:text-muted">
        <SectionCode section={section} />
      </Cell>
      <Cell className="num stack:order-2 stack:text-meta stack:text-muted">
        <MeetingLines meetings={section.meetings} of="when" />
      </Cell>
      <Cell className="num stack:order-3 stack:text-meta stack:text-muted stack:text-end">
        <MeetingLines meetings={section.meetings} of="where" />
      </Cell>
      <Cell numeric className="stack:order-1">
        <Fill seats={seats} />
      </Cell>
    </Row>
  );
}
