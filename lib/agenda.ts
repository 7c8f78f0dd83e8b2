/** Which meetings fall on a day, and which comes next. Pure: the present is an argument. */
import { addDays, minuteOf, weekdayOf, type CivilNow } from "./civil";
import type { CivilDate } from "./civil";
import type { Meeting, SectionSummary, Term } from "@/shared";

export interface AgendaItem {
  readonly section: SectionSummary;
  readonly meeting: Meeting;
  readonly date: CivilDate;
  readonly start: number;
  readonly end: number;
}

const HORIZON_DAYS = 14;

type Span = Pick<Term, "startsOn" | "endsOn">;

const within = (date: CivilDate, span: Span | null): boolean => span === null || (date >= span.startsOn && date <= span.endsOn);

/** A section meets on the days of its own part of the term, or of the whole term; one that is cancelled meets never. */
const meetsOn = (section: SectionSummary, date: CivilDate, term: Span | null): boolean =>
  section.status === "active" && within(date, section.partOfTerm ?? term);

export function agendaOn(sections: readonly SectionSummary[], date: CivilDate, term: Span | null): AgendaItem[] {
  const day = weekdayOf(date);
  const items = sections.flatMap((section) =>
    section.meetings.flatMap((meeting): AgendaItem[] => {
      if (!meetsOn(section, date, term)) return [];
      if (!meeting.days.includes(day) || meeting.startsAt === null || meeting.endsAt === null) return [];
      return [{ section, meeting, date, start: minuteOf(meeting.startsAt), end: minuteOf(meeting.endsAt) }];
    }),
  );
  return items.sort((a, b) => a.start - b.start || a.end - b.end || a.section.crn.localeCompare(b.section.crn));
}

/** The first day from which any of the sections may meet. */
function firstDay(sections: readonly SectionSummary[], now: CivilNow, term: Span | null): CivilDate {
  const ahead = sections
    .filter((section) => section.status === "active")
    .map((section) => section.partOfTerm ?? term)
    .filter((span) => span === null || span.endsOn >= now.date)
    .map((span) => (span && span.startsOn > now.date ? span.startsOn : now.date));
  return ahead.reduce((first, date) => (date < first ? date : first), ahead[0] ?? now.date);
}

/** The meeting in progress, else the first to come within two weeks; when none of the sections has begun, within two weeks of the first. */
export function nextMeeting(sections: readonly SectionSummary[], now: CivilNow, term: Span | null): AgendaItem | undefined {
  const from = firstDay(sections, now, term);
  for (let ahead = 0; ahead < HORIZON_DAYS; ahead++) {
    const date = addDays(from, ahead);
    const found = agendaOn(sections, date, term).find((item) => date !== now.date || item.end > now.minute);
    if (found) return found;
  }
  return undefined;
}

/** The meetings that follow one, over the next days. */
export function comingAfter(item: AgendaItem, sections: readonly SectionSummary[], term: Span | null, atMost: number): AgendaItem[] {
  const coming: AgendaItem[] = [];
  for (let ahead = 0; ahead < HORIZON_DAYS && coming.length < atMost; ahead++) {
    const day = agendaOn(sections, addDays(item.date, ahead), term);
    coming.push(...day.filter((other) => ahead > 0 || other.start >= item.end));
  }
  return coming.slice(0, atMost);
}

/** Whole hours that enclose the day's meetings, at least the span of a working morning and afternoon. */
export function hoursOf(items: readonly AgendaItem[]): { first: number; last: number } {
  const first = Math.min(9 * 60, ...items.map((item) => item.start));
  const last = Math.max(17 * 60, ...items.map((item) => item.end));
  return { first: Math.floor(first / 60), last: Math.ceil(last / 60) };
}

export interface Gap {
  readonly start: number;
  readonly end: number;
}

/** Free stretches between meetings that are long enough to be worth naming. */
export function gapsOf(items: readonly AgendaItem[], atLeastMin: number): Gap[] {
  const gaps: Gap[] = [];
  let end: number | undefined;
  for (const item of items) {
    if (end !== undefined && item.start - end >= atLeastMin) gaps.push({ start: end, end: item.start });
    end = Math.max(end ?? 0, item.end);
  }
  return gaps;
}

/** Meetings that overlap share the height: each gets a lane. */
export function lanesOf(items: readonly AgendaItem[]): { lane: number; lanes: number }[] {
  const ends: number[] = [];
  const lanes = items.map((item) => {
    let lane = ends.findIndex((end) => end <= item.start);
    if (lane === -1) lane = ends.length;
    ends[lane] = item.end;
    return lane;
  });
  return lanes.map((lane, index) => {
    const item = items[index];
    const overlaps = item ? items.some((other, at) => at !== index && other.start < item.end && item.start < other.end) : false;
    return { lane: overlaps ? lane : 0, lanes: overlaps ? Math.max(ends.length, 1) : 1 };
  });
}
