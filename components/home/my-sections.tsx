"use client";
import { RecordLink } from "@/components/layout/record-link";
import { useLocale, useRoutes, useT } from "@/components/layout/locale";
import { useRowKeys } from "@/components/layout/use-row-keys";
import { Panel } from "@/components/ui/panel";
import { Skeleton } from "@/components/ui/skeleton";
import { Body, Cell, Head, HeadCell, Row, Table } from "@/components/ui/table";
import { formatCredits, formatDays, formatRoom, formatSpan } from "@/lib/format";
import { queries } from "@/lib/queries";
import type { Meeting, SectionSummary } from "@/shared";

export const MY_COLS = "minmax(12rem, 2fr) 4rem minmax(10rem, 1.5fr) minmax(7rem, 1fr) minmax(8rem, 1.2fr) 4rem";

function Columns() {
  const t = useT();
  return (
    <Head>
      <HeadCell>{t("section.course")}</HeadCell>
      <HeadCell>{t("section.section")}</HeadCell>
      <HeadCell>{t("section.when")}</HeadCell>
      <HeadCell>{t("section.where")}</HeadCell>
      <HeadCell>{t("section.who")}</HeadCell>
      <HeadCell numeric>{t("courses.credits")}</HeadCell>
    </Head>
  );
}

/** One line per weekly pattern, so that "when" and "where" of a lecture and its lab stand side by side. */
export function MeetingLines({ meetings, of }: { meetings: readonly Meeting[]; of: "when" | "where" }) {
  const t = useT();
  const locale = useLocale();
  return meetings.map((meeting, index) => (
    <span key={index} className="block sm:truncate">
      {of === "when"
        ? meeting.startsAt && meeting.endsAt
          ? `${formatDays(locale, meeting.days)} ${formatSpan(meeting.startsAt, meeting.endsAt)}`
          : t("meeting.arranged")
        : meeting.room
          ? formatRoom(meeting.room)
          : t("meeting.noRoom")}
    </span>
  ));
}

export function MySections({ sections }: { sections: readonly SectionSummary[] }) {
  const t = useT();
  const locale = useLocale();
  const routes = useRoutes();
  const list = useRowKeys<HTMLDivElement>();
  return (
    <div ref={list}>
      <Table label={t("today.courses")} cols={MY_COLS}>
        <Columns />
        <Body>
          {sections.map((section) => (
            <Row key={section.id} className="items-baseline">
              <Cell className="max-sm:col-span-2">
                <RecordLink
                  href={routes.course(section.course.id)}
                  warm={[queries.course(section.course.id), queries.courseSections(section.course.id)]}
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
              <Cell className="num max-sm:text-meta max-sm:text-muted max-sm:text-end">
                <MeetingLines meetings={section.meetings} of="where" />
              </Cell>
              <Cell className="text-muted sm:truncate max-sm:hidden">
                {section.instructors.map(({ name }) => name).join(", ") || t("meeting.noInstructor")}
              </Cell>
              <Cell numeric className="max-sm:hidden">
                {formatCredits(t, section.credits, locale)}
              </Cell>
            </Row>
          ))}
        </Body>
      </Table>
    </div>
  );
}

export function MySectionsSkeleton({ title }: { title: string }) {
  return (
    <Panel id="courses" title={title} aside={<Skeleton ch={9} />}>
      <Table label={title} cols={MY_COLS} busy>
        <Columns />
        <Body>
          {[26, 20, 23, 29].map((ch) => (
            <Row key={ch}>
              <Cell className="max-sm:col-span-2">
                <Skeleton ch={ch} />
              </Cell>
              <Cell className="max-sm:hidden">
                <Skeleton ch={2} />
              </Cell>
              <Cell>
                <Skeleton ch={18} />
              </Cell>
              <Cell>
                <Skeleton ch={11} />
              </Cell>
              <Cell className="max-sm:hidden">
                <Skeleton ch={14} />
              </Cell>
              <Cell numeric className="max-sm:hidden">
                <Skeleton ch={1} />
              </Cell>
            </Row>
          ))}
        </Body>
      </Table>
    </Panel>
  );
}
