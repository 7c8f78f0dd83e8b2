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

export function agendaOn(sections: readonly SectionSummary[], date: CivilDate, term: Term | null): AgendaItem[] {
  if (term && (date < term.startsOn || date > term.endsOn)) return [];
  const day = weekdayOf(date);
  const items = sections.flatMap((section) =>
    section.meetings.flatMap((meeting): AgendaItem[] => {
      if (!meeting.days.includes(day) || meeting.startsAt === null || meeting.endsAt === null) return [];
      return [{ section, meeting, date, start: minuteOf(meeting.startsAt), end: minuteOf(meeting.endsAt) }];
    }),
  );
  return items.sort((a, b) => a.start - b.start || a.end - b.end || a.section.crn.localeCompare(b.section.crn));
}

/** The meeting in progress, else the first to come within two weeks. Before the term begins the search starts on its first day. */
export function nextMeeting(sections: readonly SectionSummary[], now: CivilNow, term: Term | null): AgendaItem | undefined {
  const from = term && term.startsOn > now.date ? term.startsOn : now.date;
  for (let ahead = 0; ahead < HORIZON_DAYS; ahead++) {
    const date = addDays(from, ahead);
    const found = agendaOn(sections, date, term).find((item) => date !== now.date || item.end > now.minute);
    if (found) return found;
  }
  return undefined;
}

/** The meetings that follow one, over the next days. */
export function comingAfter(item: AgendaItem, sections: readonly SectionSummary[], term: Term | null, atMost: number): AgendaItem[] {
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
