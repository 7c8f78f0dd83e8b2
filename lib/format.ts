/** Dates, times and numbers as people of a locale write them. Civil values (`2026-11-23`, `10:00`) are the institution's own and never shifted. */
import { minuteOf, type CivilDate, type CivilTime, type Instant, type Weekday } from "./civil";
import { dateTimeFormat, listFormat, numberFormat } from "./intl";
import type { Credits, Meeting } from "@/shared";
import type { Translate } from "./messages";

export const WEEKDAYS: readonly Weekday[] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/** How to write dates, times and numbers: as the institution does where it shares the pages' language, otherwise as that language does. */
export function formatLocaleOf(pages: string, institution: string | undefined): string {
  try {
    const own = new Intl.Locale(institution ?? pages);
    return own.language === new Intl.Locale(pages).language ? own.toString() : pages;
  } catch {
    return pages;
  }
}

/** Noon UTC stands for the civil day: formatted in UTC it can't slip into a neighbor. */
const noonOf = (date: CivilDate): Date => new Date(`${date}T12:00:00Z`);

const TWO_DIGITS = { maximumFractionDigits: 2 } as const;

export const formatNumber = (locale: string, value: number): string => numberFormat(locale, TWO_DIGITS).format(value);

export const formatDay = (locale: string, date: CivilDate): string =>
  dateTimeFormat(locale, { weekday: "long", day: "numeric", month: "long", timeZone: "UTC" }).format(noonOf(date));

export const formatDate = (locale: string, date: CivilDate): string =>
  dateTimeFormat(locale, { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" }).format(noonOf(date));

export const formatInstantDate = (locale: string, instant: Instant, timeZone: string): string =>
  dateTimeFormat(locale, { day: "numeric", month: "short", year: "numeric", timeZone }).format(new Date(instant));

/** Hours have two digits where the day is counted once, "09:30", and as many as they need where it is counted twice, "9:30 AM". */
const time = (locale: string): Intl.DateTimeFormatOptions => ({
  hour: dateTimeFormat(locale, { hour: "numeric", timeZone: "UTC" }).resolvedOptions().hour12 ? "numeric" : "2-digit",
  minute: "2-digit",
});

/** A civil minute of a day as an instant that reads the same in UTC. */
const atMinute = (minute: number): Date => new Date(Date.UTC(2026, 0, 1, 0, minute));

/** "09:30" or "9:30 AM", as the locale has it. */
export const formatTime = (locale: string, minute: number): string =>
  dateTimeFormat(locale, { ...time(locale), timeZone: "UTC" }).format(atMinute(minute));

export const formatTimes = (locale: string, from: number, to: number): string =>
  dateTimeFormat(locale, { ...time(locale), timeZone: "UTC" }).formatRange(atMinute(from), atMinute(to));

/** The hours of a scale: "9", or "9 AM" where the day is counted twice. */
export function formatHour(locale: string, hour: number): string {
  const format = dateTimeFormat(locale, { hour: "numeric", timeZone: "UTC" });
  return format.resolvedOptions().hour12 ? format.format(atMinute(hour * 60)) : formatNumber(locale, hour);
}

/** The present in the institution's zone: "Monday 23 November at 10:04". */
export const formatPresent = (locale: string, now: Date, timeZone: string): string =>
  dateTimeFormat(locale, { weekday: "long", day: "numeric", month: "long", ...time(locale), timeZone }).format(now);

/** Today only the time; before that the date as well. */
export function formatRecent(locale: string, instant: Instant, timeZone: string, now: Date): string {
  const day = dateTimeFormat(locale, { dateStyle: "short", timeZone });
  return day.format(new Date(instant)) === day.format(now)
    ? dateTimeFormat(locale, { ...time(locale), timeZone }).format(new Date(instant))
    : formatInstant(locale, instant, timeZone);
}

export const formatInstant = (locale: string, instant: Instant, timeZone: string): string =>
  dateTimeFormat(locale, { day: "numeric", month: "short", ...time(locale), timeZone }).format(new Date(instant));

/** How long ago, in the largest unit that fits: "22 min", "5 days". */
export function formatAge(locale: string, since: Instant, now: Date): string {
  const minutes = Math.max(0, Math.floor((now.getTime() - Date.parse(since)) / 60_000));
  const [value, unit] =
    minutes < 60 ? [minutes, "minute"] : minutes < 48 * 60 ? [Math.floor(minutes / 60), "hour"] : [Math.floor(minutes / 1_440), "day"];
  return numberFormat(locale, { style: "unit", unit, unitDisplay: "short" }).format(value);
}

export const formatDates = (locale: string, from: CivilDate, to: CivilDate): string =>
  dateTimeFormat(locale, { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" }).formatRange(noonOf(from), noonOf(to));

/** Names and days one after the other, with the locale's own separator. */
export const formatList = (locale: string, items: readonly string[]): string =>
  listFormat(locale, { type: "unit", style: "short" }).format(items);

export const namesOf = (locale: string, people: readonly { name: string }[]): string =>
  formatList(
    locale,
    people.map(({ name }) => name),
  );

/** 1 June 2026 was a Monday. */
const dayAt = (index: number): Date => new Date(Date.UTC(2026, 5, 1 + index, 12));
const weekdays = (locale: string) => dateTimeFormat(locale, { weekday: "short", timeZone: "UTC" });

/** "Mon 09:30": a time on a day of the coming week. */
export const formatWeekdayTime = (locale: string, date: CivilDate, minute: number): string =>
  dateTimeFormat(locale, { weekday: "short", ...time(locale), timeZone: "UTC" }).format(
    new Date(noonOf(date).getTime() + (minute - 720) * 60_000),
  );

/** "Mon, Wed, Fri"; a run of three or more becomes "Mon – Fri". */
export function formatDays(locale: string, days: readonly Weekday[]): string {
  const indexes = days.map((day) => WEEKDAYS.indexOf(day)).sort((a, b) => a - b);
  const first = indexes[0];
  const last = indexes.at(-1);
  if (first !== undefined && last !== undefined && indexes.length > 2 && last - first === indexes.length - 1)
    return weekdays(locale).formatRange(dayAt(first), dayAt(last));
  return formatList(
    locale,
    indexes.map((index) => weekdays(locale).format(dayAt(index))),
  );
}

export const formatSpan = (locale: string, startsAt: CivilTime, endsAt: CivilTime): string =>
  formatTimes(locale, minuteOf(startsAt), minuteOf(endsAt));

export const formatRoom = (t: Translate, room: Meeting["room"]): string =>
  room ? t("meeting.room", { building: room.building, number: room.number }) : t("meeting.noRoom");

export function formatCredits(t: Translate, credits: Credits, locale: string): string {
  const min = formatNumber(locale, credits.min);
  const max = formatNumber(locale, credits.max);
  if (credits.kind === "range") return t("credits.range", { min, max });
  return credits.kind === "choice" ? t("credits.choice", { min, max }) : min;
}

export const initialsOf = (name: string): string => {
  const words = name
    .replace(/^(Prof|Dr|Mr|Ms|Mrs)\.?\s+/i, "")
    .split(/\s+/)
    .filter(Boolean);
  const letters = words.length > 1 ? [words[0], words.at(-1)] : words;
  return letters.map((word) => Array.from(word ?? "")[0]?.toUpperCase() ?? "").join("");
};
