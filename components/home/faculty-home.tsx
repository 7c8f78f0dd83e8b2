"use client";
import { useMemo } from "react";
import { RecordLink } from "@/components/layout/record-link";
import { useRoutes, useT } from "@/components/layout/locale";
import { Empty, LoadProblem } from "@/components/layout/list-states";
import { useMe } from "@/components/layout/use-me";
import { useRowKeys } from "@/components/layout/use-row-keys";
import { Fill } from "@/components/sections/fill";
import { Panel } from "@/components/ui/panel";
import { Skeleton } from "@/components/ui/skeleton";
import { Body, Cell, Head, HeadCell, Row, Table } from "@/components/ui/table";
import { useDataReady, useGet } from "@/lib/data";
import { queries } from "@/lib/queries";
import type { Teaching } from "@/shared";
import { DayHead, DaySection, DaySkeleton, NothingAhead } from "./day-frame";
import { MeetingLines, MySectionsSkeleton } from "./my-sections";
import { NextUp } from "./next-up";
import { useAgenda } from "./use-agenda";

const COLS = "minmax(12rem, 2fr) 4rem minmax(10rem, 1.5fr) minmax(8rem, 1.2fr) minmax(8rem, 1fr)";

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
        {sections.length === 0 ? <Empty title={t("teaching.none")}>{t("teaching.noneHelp")}</Empty> : <TeachingTable sections={sections} />}
      </Panel>
    </>
  );
}

function TeachingTable({ sections }: { sections: readonly Teaching["section"][] }) {
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
          {sections.map((section) => (
            <TeachingRow key={section.id} section={section} />
          ))}
        </Body>
      </Table>
    </div>
  );
}

function TeachingRow({ section }: { section: Teaching["section"] }) {
  const routes = useRoutes();
  // How full a section is, only the section itself says.
  const { data } = useGet(queries.section(section.id));
  const seats = data?.seats;
  return (
    <Row className="items-baseline">
      <Cell className="max-sm:col-span-2">
        <RecordLink
          href={routes.section(section.id)}
          warm={[queries.section(section.id), queries.roster(section.id)]}
          className="row-link sm:block sm:truncate"
        >
          <span className="code text-muted mr-2.5">{section.course.code}</span>
          {section.course.title}
        </RecordLink>
      </Cell>
      <Cell className="max-sm:hidden">{section.code || section.crn}</Cell>
      <Cell className="num max-sm:text-meta max-sm:text-muted">
        <MeetingLines meetings={section.meetings} of="when" />
      </Cell>
      <Cell className="num max-sm:hidden">
        <MeetingLines meetings={section.meetings} of="where" />
      </Cell>
      <Cell numeric className="max-sm:text-meta">
        {seats ? <Fill seats={seats} /> : <Skeleton ch={9} />}
      </Cell>
    </Row>
  );
}
