"use client";
import Link from "next/link";
import { LoadProblem } from "@/components/layout/list-states";
import { Facts } from "@/components/layout/facts";
import { useLocale, useRoutes, useT } from "@/components/layout/locale";
import { PageHead } from "@/components/layout/page-head";
import { useTitle } from "@/components/layout/use-title";
import { Panel } from "@/components/ui/panel";
import { Skeleton } from "@/components/ui/skeleton";
import { Tag } from "@/components/ui/tag";
import { useDataReady, useGet, usePages } from "@/lib/data";
import { formatCredits } from "@/lib/format";
import { queries } from "@/lib/queries";
import type { Section, SectionId } from "@/shared";
import { MeetingCells } from "./meeting-cells";
import { Roster } from "./roster";
import { SeatCount } from "./seat-count";
import { partWords } from "./section-notes";

export function SectionPage({ id }: { id: SectionId }) {
  const t = useT();
  const routes = useRoutes();
  const { data: section, problem, reload } = useGet(queries.section(id));
  const roster = usePages(queries.roster(id));
  const name = section ? section.code || section.crn : "";
  useTitle(section ? `${section.course.code} ${name}` : undefined);
  useDataReady(section !== undefined && (roster.items !== undefined || roster.problem !== undefined));
  if (!section && problem)
    return (
      <>
        <PageHead title={t(problem.status === 404 ? "section.missing" : "section.title")} />
        <LoadProblem problem={problem} onRetry={reload} />
      </>
    );
  return (
    <>
      <PageHead
        above={
          section ? (
            <Link
              href={routes.course(section.course.id)}
              prefetch={false}
              className="code underline decoration-line-strong underline-offset-4 hover:text-text"
            >
              {section.course.code}
            </Link>
          ) : (
            <Skeleton ch={7} />
          )
        }
        title={
          section ? (
            t("section.heading", { course: section.course.title, name })
          ) : (
            <>
              <span className="sr-only">{t("section.title")}</span>
              <Skeleton ch={26} />
            </>
          )
        }
        below={
          section ? (
            <span className="num flex flex-wrap items-center gap-x-3">
              <span>{section.term.name}</span>
              <SeatCount seats={section.seats} />
              {section.status === "cancelled" ? <Tag tone="danger">{t("section.cancelled")}</Tag> : null}
            </span>
          ) : (
            <Skeleton ch={26} />
          )
        }
      />
      <div className="grid grid-cols-1 items-start gap-4 xl:grid-cols-[minmax(0,1fr)_20rem]">
        <Roster pages={roster} fileName={section ? `${section.course.code} ${name} ${section.term.code}.csv` : ""} />
        <Details section={section} />
      </div>
    </>
  );
}

function Details({ section }: { section: Section | undefined }) {
  const t = useT();
  const locale = useLocale();
  if (!section)
    return (
      <Panel id="details" title={t("section.details")}>
        <Facts
          facts={[
            [t("section.when"), <Skeleton key="w" ch={20} />],
            [t("section.where"), <Skeleton key="r" ch={14} />],
            [t("courses.credits"), <Skeleton key="c" ch={2} />],
            [t("section.crn"), <Skeleton key="n" ch={6} />],
          ]}
        />
      </Panel>
    );
  const { partOfTerm } = section;
  return (
    <Panel id="details" title={t("section.details")} className="max-xl:order-first">
      <ul className="px-4 py-1">
        {section.meetings.length === 0 ? <li className="py-1.5 text-muted">{t("section.noMeetings")}</li> : null}
        {section.meetings.map((meeting, index) => (
          <li key={index} className="flex flex-wrap gap-x-3 border-b border-line py-1.5">
            <MeetingCells meeting={meeting} />
          </li>
        ))}
      </ul>
      <Facts
        facts={[
          [
            t("section.crn"),
            <span key="crn" className="code">
              {section.crn}
            </span>,
          ],
          [
            t("courses.credits"),
            <span key="credits" className="num">
              {formatCredits(t, section.credits, locale)}
            </span>,
          ],
          [
            t("section.enrolled"),
            <span key="enrolled" className="num">
              {section.seats.cap === null
                ? t("seats.enrolled", { enrolled: section.seats.enrolled })
                : t("seats.of", { enrolled: section.seats.enrolled, cap: section.seats.cap })}
            </span>,
          ],
          ...(partOfTerm
            ? [
                [
                  t("section.partName"),
                  <span key="part" className="num">
                    {partWords(t, locale, partOfTerm)}
                  </span>,
                ] as const,
              ]
            : []),
          ...(section.info ? [[t("section.info"), section.info] as const] : []),
        ]}
      />
    </Panel>
  );
}
