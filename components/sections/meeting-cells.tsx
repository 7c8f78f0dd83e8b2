"use client";
import type { ReactNode } from "react";
import { useLocale, useT } from "@/components/layout/locale";
import { formatDays, formatRoom, formatSpan } from "@/lib/format";
import type { Meeting } from "@/lib/api-types";

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
            {formatDays(locale, days)} <span className="whitespace-nowrap">{formatSpan(startsAt, endsAt)}</span>
          </>
        ) : (
          <span className="text-muted">{t("meeting.arranged")}</span>
        ),
        "min-w-0 num",
      )}
      {cell(room ? formatRoom(room) : <span className="text-muted">{t("meeting.noRoom")}</span>, "min-w-0")}
      {cell(
        instructors.length > 0 ? (
          instructors.map(({ name }) => name).join(", ")
        ) : (
          <span className="text-muted">{t("meeting.noInstructor")}</span>
        ),
        "min-w-0",
      )}
    </>
  );
}
