"use client";
import { useLocale, useT } from "@/components/layout/locale";
import { Typed } from "@/components/ui/typed";
import { formatDays, formatRoom, formatSpan, namesOf } from "@/lib/format";
import type { Meeting } from "@/shared";

/** Kind, when, where and who of one weekly pattern. What isn't known is said, in words, not left blank. */
export function MeetingCells({ meeting }: { meeting: Meeting }) {
  const t = useT();
  const locale = useLocale();
  const { kind, days, startsAt, endsAt, room, instructors } = meeting;
  return (
    <>
      <span className="min-w-0 text-muted">{kind}</span>
      <span className="min-w-0 num">
        {startsAt && endsAt ? (
          <>
            {formatDays(locale, days)} <span className="whitespace-nowrap">{formatSpan(locale, startsAt, endsAt)}</span>
          </>
        ) : (
          <span className="text-muted">{t("meeting.arranged")}</span>
        )}
      </span>
      <span className={room ? "min-w-0" : "min-w-0 text-muted"}>{formatRoom(t, room)}</span>
      <span className="min-w-0">
        {instructors.length > 0 ? (
          <Typed>{namesOf(locale, instructors)}</Typed>
        ) : (
          <span className="text-muted">{t("meeting.noInstructor")}</span>
        )}
      </span>
    </>
  );
}
