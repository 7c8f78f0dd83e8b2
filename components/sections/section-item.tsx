"use client";
import Link from "next/link";
import type { CSSProperties } from "react";
import { useLocale, useRoutes, useT } from "@/components/layout/locale";
import { useMe } from "@/components/layout/use-me";
import { Tag } from "@/components/ui/tag";
import { Typed } from "@/components/ui/typed";
import type { Section } from "@/shared";
import { MeetingCells } from "./meeting-cells";
import { SeatCount } from "./seat-count";
import { partWords } from "./section-notes";

/** One grid for the names of the columns and every section, so that they line up without being one table: a section has several meetings. */
export const SECTION_ROW = "section-row px-4";
export const SECTION_COLS = { "--cols": "8.5rem 8rem minmax(9rem, 1.2fr) minmax(7rem, 1fr) minmax(8rem, 1.2fr) 7rem" } as CSSProperties;

export function SectionItem({ section }: { section: Section }) {
  const t = useT();
  const locale = useLocale();
  const routes = useRoutes();
  const { data: me } = useMe();
  const teaches = me?.role === "admin" || (me?.role === "faculty" && section.instructors.some(({ id }) => id === me.id));
  const name = section.code || section.crn;
  return (
    <li className={`${SECTION_ROW} border-b border-line last:border-b-0 py-2`} style={SECTION_COLS}>
      <div className="min-w-0 flex flex-wrap items-baseline gap-x-2 lg:block">
        {teaches ? (
          <Link
            href={routes.section(section.id)}
            prefetch={false}
            className="font-strong underline decoration-line-strong underline-offset-4 hover:decoration-current"
          >
            {t("section.name", { name })}
          </Link>
        ) : (
          <span className="font-strong">{t("section.name", { name })}</span>
        )}
        {section.code ? <span className="code text-muted text-meta lg:block">{section.crn}</span> : null}
        {section.status === "cancelled" ? <Tag tone="danger">{t("section.cancelled")}</Tag> : null}
      </div>
      <ul className="section-meetings">
        {section.meetings.length === 0 ? (
          <li className="text-muted">{t("section.noMeetings")}</li>
        ) : (
          section.meetings.map((meeting, index) => (
            <li key={index} className="section-meeting">
              <MeetingCells meeting={meeting} />
            </li>
          ))
        )}
        {section.title || section.info || section.partOfTerm ? (
          <li className="flex flex-wrap gap-x-4 text-meta text-muted pt-0.5">
            {section.title ? <Typed>{section.title}</Typed> : null}
            {section.partOfTerm ? <span className="num">{partWords(t, locale, section.partOfTerm)}</span> : null}
            {section.info ? <Typed>{section.info}</Typed> : null}
          </li>
        ) : null}
      </ul>
      <div className="num lg:text-end">
        <SeatCount seats={section.seats} />
      </div>
    </li>
  );
}
