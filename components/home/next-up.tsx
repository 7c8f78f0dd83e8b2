"use client";
import Link from "next/link";
import { useLocale, useRoutes, useT } from "@/components/layout/locale";
import { buttonClass } from "@/components/ui/button";
import { formatDay, formatRoom, weekdayName } from "@/lib/format";
import { addDays, timeOf, weekdayOf, type CivilNow } from "@/lib/civil";
import type { AgendaItem } from "@/lib/agenda";
import type { MessageKey, Translate } from "@/lib/messages";

/** "Now, until 10:50", "Next, in 18 min", "Next, tomorrow", "Next, Wednesday 25 November". */
function whenOf(t: Translate, locale: string, item: AgendaItem, now: CivilNow): string {
  if (item.date === addDays(now.date, 1)) return t("next.tomorrow");
  if (item.date !== now.date) return t("next.day", { day: formatDay(locale, item.date) });
  if (item.start <= now.minute) return t("next.now", { time: timeOf(item.end) });
  const wait = item.start - now.minute;
  return wait < 60 ? t("next.minutes", { minutes: wait }) : t("next.hours", { hours: Math.floor(wait / 60), minutes: wait % 60 });
}

interface NextUpProps {
  item: AgendaItem;
  now: CivilNow;
  after: readonly AgendaItem[];
  primary: { href: string; label: MessageKey };
  second?: { href: string; label: MessageKey };
}

/** One answer first: the meeting that is on or comes next, where, when and with whom; beside it what follows. */
export function NextUp({ item, now, after, primary, second }: NextUpProps) {
  const t = useT();
  const locale = useLocale();
  const { section, meeting } = item;
  const who = (meeting.instructors.length > 0 ? meeting.instructors : section.instructors).map(({ name }) => name).join(", ");
  return (
    <section
      aria-labelledby="next"
      className="grid grid-cols-1 lg:grid-cols-[minmax(0,1fr)_20rem] border border-line rounded-lg bg-surface overflow-clip"
    >
      <div className="p-4 sm:px-6 sm:py-5">
        <p className="num font-strong text-accent">{whenOf(t, locale, item, now)}</p>
        <h2 id="next" className="text-figure font-strong tracking-[-0.025em] mt-1 mb-2.5 text-balance">
          {section.course.title}
        </h2>
        <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1 mb-4">
          <dt className="text-muted">{t("next.where")}</dt>
          <dd className="num">{meeting.room ? formatRoom(meeting.room) : t("meeting.noRoom")}</dd>
          <dt className="text-muted">{t("next.when")}</dt>
          <dd className="num">{t("next.span", { from: timeOf(item.start), to: timeOf(item.end), kind: meeting.kind })}</dd>
          {who ? (
            <>
              <dt className="text-muted">{t("next.who")}</dt>
              <dd>{who}</dd>
            </>
          ) : null}
        </dl>
        <div className="flex flex-wrap gap-2">
          <Link href={primary.href} prefetch={false} className={buttonClass({ kind: second ? "primary" : "plain" })}>
            {t(primary.label)}
          </Link>
          {second ? (
            <Link href={second.href} prefetch={false} className={buttonClass({})}>
              {t(second.label)}
            </Link>
          ) : null}
        </div>
      </div>
      <After items={after} now={now} />
    </section>
  );
}

function After({ items, now }: { items: readonly AgendaItem[]; now: CivilNow }) {
  const t = useT();
  const locale = useLocale();
  const routes = useRoutes();
  return (
    <div className="max-sm:hidden border-line max-lg:border-t lg:border-s bg-sunken px-5 py-4">
      <h3 className="text-meta font-strong text-muted mb-2">{t("next.after")}</h3>
      {items.length === 0 ? (
        <p className="text-muted">{t("next.nothingAfter")}</p>
      ) : (
        <ol className="grid gap-2.5">
          {items.map((item) => (
            <li key={`${item.section.id}-${item.date}-${String(item.start)}`} className="grid grid-cols-[5.5rem_minmax(0,1fr)] gap-x-2">
              <span className="num text-muted">
                {item.date === now.date ? "" : `${weekdayName(locale, weekdayOf(item.date))} `}
                {timeOf(item.start)}
              </span>
              <span className="min-w-0">
                <Link
                  href={routes.course(item.section.course.id)}
                  prefetch={false}
                  className="font-strong hover:underline underline-offset-4"
                >
                  {item.section.course.title}
                </Link>
                <span className="block text-meta text-muted">
                  {item.meeting.room ? formatRoom(item.meeting.room) : t("meeting.noRoom")}
                </span>
              </span>
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}
