"use client";
import Link from "next/link";
import type { CSSProperties } from "react";
import { useLocale, useRoutes, useT } from "@/components/layout/locale";
import { gapsOf, hoursOf, lanesOf, type AgendaItem } from "@/lib/agenda";
import { Typed } from "@/components/ui/typed";
import { formatHour, formatList, formatRoom, formatTime, formatTimes } from "@/lib/format";

const LONG_GAP_MIN = 30;

interface DayLineProps {
  items: readonly AgendaItem[];
  label: string;
  minute: number | undefined;
  next: AgendaItem | undefined;
  hrefOf?: (item: AgendaItem) => string;
}

/** The day's meetings to scale, with the free time between them; `minute` is the present when the day is today. */
export function DayLine({ items, label, minute, next, hrefOf }: DayLineProps) {
  const t = useT();
  const locale = useLocale();
  const routes = useRoutes();
  const { first, last } = hoursOf(items);
  const at = (value: number) => (value - first * 60) / ((last - first) * 60);
  const span = (start: number, end: number, rest: object = {}) => ({ "--start": at(start), "--end": at(end), ...rest }) as CSSProperties;
  const lanes = lanesOf(items);
  const shown = minute !== undefined && minute >= first * 60 && minute <= last * 60 ? minute : undefined;
  return (
    <ol className="day" aria-label={label} style={{ "--hours": last - first } as CSSProperties}>
      {Array.from({ length: last - first + 1 }, (_, index) => first + index).map((hour) => (
        <li key={hour} aria-hidden="true" className="day-hour" style={span(hour * 60, hour * 60)}>
          <span>{formatHour(locale, hour)}</span>
        </li>
      ))}
      {gapsOf(items, LONG_GAP_MIN).map((gap) => (
        <li key={`gap-${String(gap.start)}`} className="day-gap" style={span(gap.start, gap.end)}>
          <span className="num">{t("day.free", { time: formatTimes(locale, gap.start, gap.end) })}</span>
        </li>
      ))}
      {items.map((item, index) => {
        const state =
          item === next || (next && item.section.id === next.section.id && item.start === next.start && item.date === next.date)
            ? "next"
            : minute !== undefined && item.end <= minute
              ? "past"
              : "coming";
        return (
          <li
            key={`${item.section.id}-${String(item.start)}`}
            className="day-class"
            data-state={state}
            style={span(item.start, item.end, { "--lane": lanes[index]?.lane ?? 0, "--lanes": lanes[index]?.lanes ?? 1 })}
          >
            <Link
              href={hrefOf ? hrefOf(item) : routes.course(item.section.course.id)}
              prefetch={false}
              title={formatList(locale, [
                item.section.course.title,
                formatTimes(locale, item.start, item.end),
                formatRoom(t, item.meeting.room),
              ])}
            >
              <b className="font-strong">
                <span className="sm:hidden">
                  <Typed>{item.section.course.title}</Typed>
                </span>
                <span className="max-sm:hidden">{item.section.course.code}</span>
              </b>
              <span className="sm:hidden code">{item.section.course.code}</span>
              <span className="day-room num">{item.meeting.room?.number ?? ""}</span>
              <span className="sr-only"> {formatTimes(locale, item.start, item.end)}</span>
            </Link>
          </li>
        );
      })}
      {shown === undefined ? null : (
        <li className="day-now" style={span(shown, shown)}>
          <span className="num">{formatTime(locale, shown)}</span>
        </li>
      )}
    </ol>
  );
}
