"use client";
import Link from "next/link";
import { useLocale, useRoutes, useT } from "@/components/layout/locale";
import { useMe } from "@/components/layout/use-me";
import { Body, Cell, Row } from "@/components/ui/table";
import { Tag } from "@/components/ui/tag";
import { Typed } from "@/components/ui/typed";
import type { Meeting, Section } from "@/shared";
import { MeetingCells } from "./meeting-cells";
import { SeatCount } from "./seat-count";
import { partWords } from "./section-notes";

export const SECTION_COLS = "8.5rem 8rem minmax(9rem, 1.2fr) minmax(7rem, 1fr) minmax(8rem, 1.2fr) 7rem";

/** A section is a group of rows: one for each weekly pattern, the first of which also says which section it is and how full. */
export function SectionItem({ section }: { section: Section }) {
  const t = useT();
  const rest = section.meetings.slice(1);
  const remarks = Boolean(section.title || section.info || section.partOfTerm);
  return (
    <Body className="section">
      <Row data-row="" tabIndex={-1} className="section-row">
        <Name section={section} rows={Math.max(1, section.meetings.length) + (remarks ? 1 : 0)} />
        {section.meetings[0] ? <Pattern meeting={section.meetings[0]} /> : <NoMeetings words={t("section.noMeetings")} />}
        <Cell className="section-seats num lg:text-end">
          <SeatCount seats={section.seats} />
        </Cell>
      </Row>
      {rest.map((meeting, index) => (
        <Row key={index} className="section-row section-more">
          <Pattern meeting={meeting} />
        </Row>
      ))}
      {remarks ? <Remarks section={section} /> : null}
    </Body>
  );
}

/** What the section says of itself beside its meetings. */
function Remarks({ section: { title, info, partOfTerm } }: { section: Section }) {
  const t = useT();
  const locale = useLocale();
  return (
    <Row className="section-row section-more">
      <Cell colSpan={4} aria-colspan={4} className="section-remarks flex flex-wrap gap-x-4 text-meta text-muted">
        {title ? <Typed>{title}</Typed> : null}
        {partOfTerm ? <span className="num">{partWords(t, locale, partOfTerm)}</span> : null}
        {info ? <Typed>{info}</Typed> : null}
      </Cell>
    </Row>
  );
}

function Name({ section, rows }: { section: Section; rows: number }) {
  const t = useT();
  const routes = useRoutes();
  const { data: me } = useMe();
  const teaches = me?.role === "admin" || (me?.role === "faculty" && section.instructors.some(({ id }) => id === me.id));
  const name = section.code || section.crn;
  return (
    <th role="rowheader" scope="rowgroup" rowSpan={rows} aria-rowspan={rows} className="section-name">
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
      {section.code ? <span className="code text-muted text-meta lg:ml-2">{section.crn}</span> : null}
      {section.status === "cancelled" ? <Tag tone="danger">{t("section.cancelled")}</Tag> : null}
    </th>
  );
}

const Pattern = ({ meeting }: { meeting: Meeting }) => (
  <MeetingCells meeting={meeting} cell={(content, name) => <Cell className={name}>{content}</Cell>} />
);

function NoMeetings({ words }: { words: string }) {
  return (
    <Cell colSpan={4} aria-colspan={4} className="section-remarks text-muted">
      {words}
    </Cell>
  );
}
