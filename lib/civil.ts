/** Civil time in the institution's zone: what day and minute it is there, whatever the clock of this device is set to. Pure. */
import { WEEKDAYS } from "./format";
import { dateTimeFormat } from "./intl";
import type { Meeting } from "@/shared";

/** `YYYY-MM-DD` */
export type CivilDate = string;
/** `HH:MM`, in the institution's zone */
export type CivilTime = string;
/** RFC 3339, UTC */
export type Instant = string;
export type Weekday = Meeting["days"][number];

export interface CivilNow {
  readonly date: CivilDate;
  readonly minute: number;
}

export function civilNow(timeZone: string, at: Date): CivilNow {
  const parts = dateTimeFormat("en-US", {
    timeZone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).formatToParts(at);
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((one) => one.type === type)?.value ?? "00";
  return { date: `${part("year")}-${part("month")}-${part("day")}`, minute: Number(part("hour")) * 60 + Number(part("minute")) };
}

export function addDays(date: CivilDate, days: number): CivilDate {
  const day = new Date(`${date}T00:00:00Z`);
  day.setUTCDate(day.getUTCDate() + days);
  return day.toISOString().slice(0, 10);
}

export const daysBetween = (from: CivilDate, to: CivilDate): number => Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);

export const weekdayOf = (date: CivilDate): Weekday => WEEKDAYS[(new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7] ?? "mon";

export const minuteOf = (time: CivilTime): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));

/** 1 in the week the term starts; undefined outside it. Weeks begin on Monday. */
export function weekOfTerm(term: { startsOn: CivilDate; endsOn: CivilDate }, date: CivilDate): number | undefined {
  if (date < term.startsOn || date > term.endsOn) return undefined;
  const lead = WEEKDAYS.indexOf(weekdayOf(term.startsOn));
  return Math.floor((daysBetween(term.startsOn, date) + lead) / 7) + 1;
}

/** Of terms in any order, the one that starts next. */
export function nextTerm<T extends { startsOn: CivilDate }>(terms: readonly T[], today: CivilDate): T | undefined {
  return terms.filter(({ startsOn }) => startsOn > today).sort((a, b) => (a.startsOn < b.startsOn ? -1 : 1))[0];
}
