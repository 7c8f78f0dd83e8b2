"use client";
import type { ReactNode } from "react";
import { useLocale, useT } from "@/components/layout/locale";
import { Typed } from "@/components/ui/typed";
import { formatDays, formatRoom, formatSpan, namesOf } from "@/lib/format";
import type { Meeting } from "@/shared";

interface MeetingCellsProps {
  meeting: Meeting;
  /** What each of the four stands in: a table's cell, or by default a span. */
  cell?: (content: ReactNode, className: string) => ReactNode;
}

const inSpan = (content: ReactNode, className: string) => <span className={className}>{content}</span>;

/** Kind, when, where and who of one weekly pattern. What isn't known is said, in words, not left blank. */
export function MeetingCells({ meeting, cell = inSpan }: MeetingCellsProps) {
  const t = useT();
  const locale = useLocale();
  const { kind, days, startsAt, endsAt, room, instructors } = meeting;
  return (
    <>
      {cell(kind, "min-w-0 text-muted")}
      {cell(
        startsAt && endsAt ? (
          <>
            {formatDays(locale, days)} <span className="whitespace-nowrap">{formatSpan(locale, startsAt, endsAt)}</span>
          </>
        ) : (
          <span className="text-muted">{t("meeting.arranged")}</span>
        ),
        "min-w-0 num",
      )}
      {cell(formatRoom(t, room), room ? "min-w-0" : "min-w-0 text-muted")}
      {cell(
        instructors.length > 0 ? (
          <Typed>{namesOf(locale, instructors)}</Typed>
        ) : (
          <span className="text-muted">{t("meeting.noInstructor")}</span>
        ),
        "min-w-0",
      )}
    </>
  );
}
