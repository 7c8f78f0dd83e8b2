"use client";
import { useLocale, useT } from "@/components/layout/locale";
import { formatDays, formatRoom, formatSpan } from "@/lib/format";
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
            {formatDays(locale, days)} <span className="whitespace-nowrap">{formatSpan(startsAt, endsAt)}</span>
          </>
        ) : (
          <span className="text-muted">{t("meeting.arranged")}</span>
        )}
      </span>
      <span className="min-w-0">{room ? formatRoom(room) : <span className="text-muted">{t("meeting.noRoom")}</span>}</span>
      <span className="min-w-0">
        {instructors.length > 0 ? (
          instructors.map(({ name }) => name).join(", ")
        ) : (
          <span className="text-muted">{t("meeting.noInstructor")}</span>
        )}
      </span>
    </>
  );
}
