"use client";
import { RecordLink } from "@/components/layout/record-link";
import { useLocale, useRoutes, useT } from "@/components/layout/locale";
import { useRowKeys } from "@/components/layout/use-row-keys";
import { SectionNotes } from "@/components/sections/section-notes";
import { Panel } from "@/components/ui/panel";
import { Skeleton } from "@/components/ui/skeleton";
import { Body, Cell, Head, HeadCell, Row, Table } from "@/components/ui/table";
import { Typed } from "@/components/ui/typed";
import { formatCredits, formatDays, formatRoom, formatSpan, namesOf } from "@/lib/format";
import { queries } from "@/lib/queries";
import type { Meeting, SectionSummary } from "@/shared";

export const MY_COLS = "minmax(11rem, 2fr) 4rem minmax(10rem, 1.3fr) minmax(10rem, 1.3fr) minmax(7rem, 1fr) 3.5rem";

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
    <span key={index} className="block flat:truncate">
      {of === "where" ? (
        formatRoom(t, meeting.room)
      ) : meeting.startsAt && meeting.endsAt ? (
        <>
          {formatDays(locale, meeting.days)}{" "}
          <span className="whitespace-nowrap">{formatSpan(locale, meeting.startsAt, meeting.endsAt)}</span>
        </>
      ) : (
        t("meeting.arranged")
      )}
    </span>
  ));
}

/** The code, and "Section B" where no column says what it is. */
export function SectionCode({ section }: { section: Pick<SectionSummary, "code" | "crn"> }) {
  const t = useT();
  const name = section.code || section.crn;
  return (
    <>
      <span className="stack:hidden">{name}</span>
      <span className="flat:hidden">{t("section.name", { name })}</span>
    </>
  );
}

/** What a row of a section begins with: its course, as a link to `href`, and what is unusual about it. */
export function SectionLink({ section, href, warm }: { section: SectionSummary; href: string; warm?: readonly string[] }) {
  return (
    <>
      <RecordLink href={href} warm={warm} className="row-link flat:block flat:truncate">
        <span className="code text-muted mr-2.5">{section.course.code}</span>
        <Typed>{section.course.title}</Typed>
      </RecordLink>
      <SectionNotes section={section} />
    </>
  );
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
              <Cell>
                <SectionLink
                  section={section}
                  href={routes.course(section.course.id)}
                  warm={[queries.course(section.course.id), queries.courseSections(section.course.id)]}
                />
              </Cell>
              <Cell className="stack:order-5 stack:text-meta stack:text-muted stack:text-end">
                <SectionCode section={section} />
              </Cell>
              <Cell className="num stack:order-2 stack:text-meta stack:text-muted">
                <MeetingLines meetings={section.meetings} of="when" />
              </Cell>
              <Cell className="num stack:order-3 stack:text-meta stack:text-muted stack:text-end">
                <MeetingLines meetings={section.meetings} of="where" />
              </Cell>
              <Cell className="text-muted flat:truncate stack:order-4 stack:text-meta">
                {section.instructors.length > 0 ? <Typed>{namesOf(locale, section.instructors)}</Typed> : t("meeting.noInstructor")}
              </Cell>
              <Cell numeric className="stack:order-1 whitespace-nowrap">
                {formatCredits(t, section.credits, locale)}
                <span className="flat:hidden text-muted"> {t("credits.unit")}</span>
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
              <Cell>
                <Skeleton ch={ch} />
              </Cell>
              <Cell className="stack:order-5 stack:text-meta stack:text-end">
                <Skeleton ch={2} />
              </Cell>
              <Cell className="stack:order-2 stack:text-meta">
                <Skeleton ch={18} />
              </Cell>
              <Cell className="stack:order-3 stack:text-meta stack:text-end">
                <Skeleton ch={11} />
              </Cell>
              <Cell className="stack:order-4 stack:text-meta">
                <Skeleton ch={14} />
              </Cell>
              <Cell numeric className="stack:order-1">
                <Skeleton ch={1} />
              </Cell>
            </Row>
          ))}
        </Body>
      </Table>
    </Panel>
  );
}
