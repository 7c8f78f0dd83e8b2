/** Dates, times and numbers as people of a locale write them. Civil values (`2026-11-23`, `10:00`) are the institution's own and never shifted. */
import type { CivilDate, CivilTime, Credits, Instant, Meeting, Weekday } from "./api-types";
import { dateTimeFormat, numberFormat } from "./intl";
import type { Translate } from "./messages";

export const WEEKDAYS: readonly Weekday[] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

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

const timeOnly = (locale: string, timeZone: string) =>
  dateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone });

/** Today only the time; before that the date as well. */
export function formatRecent(locale: string, instant: Instant, timeZone: string, now: Date): string {
  const day = dateTimeFormat(locale, { dateStyle: "short", timeZone });
  return day.format(new Date(instant)) === day.format(now)
    ? timeOnly(locale, timeZone).format(new Date(instant))
    : formatInstant(locale, instant, timeZone);
}

export const formatInstant = (locale: string, instant: Instant, timeZone: string): string =>
  dateTimeFormat(locale, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone }).format(
    new Date(instant),
  );

/** 1 June 2026 was a Monday. */
export const weekdayName = (locale: string, day: Weekday, width: "short" | "long" = "short"): string =>
  dateTimeFormat(locale, { weekday: width, timeZone: "UTC" }).format(new Date(Date.UTC(2026, 5, 1 + WEEKDAYS.indexOf(day), 12)));

/** "Mon, Wed, Fri"; a run of three or more becomes "Mon–Fri". */
export function formatDays(locale: string, days: readonly Weekday[]): string {
  const indexes = days.map((day) => WEEKDAYS.indexOf(day)).sort((a, b) => a - b);
  const first = indexes[0];
  const last = indexes.at(-1);
  const name = (index: number) => weekdayName(locale, WEEKDAYS[index] ?? "mon");
  if (first !== undefined && last !== undefined && indexes.length > 2 && last - first === indexes.length - 1)
    return `${name(first)}–${name(last)}`;
  return indexes.map(name).join(", ");
}

export const formatSpan = (startsAt: CivilTime, endsAt: CivilTime): string => `${startsAt}–${endsAt}`;

export const formatRoom = (room: Meeting["room"]): string => (room ? `${room.building} ${room.number}` : "");

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
