"use client";
import Link from "next/link";
import type { ReactNode } from "react";
import { useLocale, useRoutes, useT } from "@/components/layout/locale";
import { buttonClass } from "@/components/ui/button";
import { Skeleton } from "@/components/ui/skeleton";
import { Typed } from "@/components/ui/typed";
import { formatDay, formatRoom, formatTime, formatTimes, formatWeekdayTime, namesOf } from "@/lib/format";
import { addDays, type CivilNow } from "@/lib/civil";
import type { AgendaItem } from "@/lib/agenda";
import type { MessageKey, Translate } from "@/lib/messages";

/** "Now, until 10:50", "Next, in 18 min", "Next, tomorrow", "Next, Wednesday 25 November". */
function whenOf(t: Translate, locale: string, item: AgendaItem, now: CivilNow): string {
  if (item.date === addDays(now.date, 1)) return t("next.tomorrow");
  if (item.date !== now.date) return t("next.day", { day: formatDay(locale, item.date) });
  if (item.start <= now.minute) return t("next.now", { time: formatTime(locale, item.end) });
  const wait = item.start - now.minute;
  return wait < 60 ? t("next.minutes", { minutes: wait }) : t("next.hours", { hours: Math.floor(wait / 60), minutes: wait % 60 });
}

/** How many meetings are told after the next one: the frame keeps their room before they are known. */
export const AFTER_SHOWN = 4;

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
  const who = meeting.instructors.length > 0 ? meeting.instructors : section.instructors;
  return (
    <NextFrame
      labelledBy="next"
      side={<After items={after} now={now} />}
      main={
        <>
          <p className="num font-strong text-accent">{whenOf(t, locale, item, now)}</p>
          <h2 id="next" className="text-figure font-strong tracking-[-0.025em] mt-1 mb-2.5 text-balance">
            <Typed>{section.course.title}</Typed>
          </h2>
          <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1 mb-4">
            <dt className="text-muted">{t("next.where")}</dt>
            <dd className="num">{formatRoom(t, meeting.room)}</dd>
            <dt className="text-muted">{t("next.when")}</dt>
            <dd className="num">{t("next.span", { time: formatTimes(locale, item.start, item.end), kind: meeting.kind })}</dd>
            {who.length > 0 ? (
              <>
                <dt className="text-muted">{t("next.who")}</dt>
                <dd>
                  <Typed>{namesOf(locale, who)}</Typed>
                </dd>
              </>
            ) : null}
          </dl>
          <div className="flex flex-wrap gap-2">
            <Link href={primary.href} prefetch={false} className={buttonClass({ kind: "primary" })}>
              {t(primary.label)}
            </Link>
            {second ? (
              <Link href={second.href} prefetch={false} className={buttonClass({})}>
                {t(second.label)}
              </Link>
            ) : null}
          </div>
        </>
      }
    />
  );
}

function NextFrame({ main, side, labelledBy }: { main: ReactNode; side: ReactNode; labelledBy?: string }) {
  return (
    <section
      aria-labelledby={labelledBy}
      className="grid grid-cols-1 lg:grid-cols-[minmax(0,1fr)_21rem] border border-line rounded-lg bg-surface overflow-clip"
    >
      <div className="p-4 sm:px-6 sm:py-5">{main}</div>
      {side}
    </section>
  );
}

const SIDE = "border-line border-t lg:border-t-0 lg:border-s bg-sunken px-4 sm:px-5 py-4 lg:min-h-[15.25rem]";
const AFTER_ROW = "grid grid-cols-[5.5rem_minmax(0,1fr)] gap-x-2 items-baseline";

function After({ items, now }: { items: readonly AgendaItem[]; now: CivilNow }) {
  const t = useT();
  const locale = useLocale();
  const routes = useRoutes();
  return (
    <div className={SIDE}>
      <h3 className="text-meta font-strong text-muted mb-2">{t("next.after")}</h3>
      {items.length === 0 ? (
        <p className="text-muted">{t("next.nothingAfter")}</p>
      ) : (
        <ol className="grid gap-2.5">
          {items.map((item) => (
            <li key={`${item.section.id}-${item.date}-${String(item.start)}`} className={AFTER_ROW}>
              <span className="num text-muted">
                {item.date === now.date ? formatTime(locale, item.start) : formatWeekdayTime(locale, item.date, item.start)}
              </span>
              <span className="min-w-0">
                <Link
                  href={routes.course(item.section.course.id)}
                  prefetch={false}
                  title={item.section.course.title}
                  className="block font-strong truncate hover:underline underline-offset-4"
                >
                  <Typed>{item.section.course.title}</Typed>
                </Link>
                <span className="block text-meta text-muted num truncate">{formatRoom(t, item.meeting.room)}</span>
              </span>
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}

/** Line by line what stands there once it is known. */
export function NextSkeleton() {
  return (
    <NextFrame
      main={
        <>
          <p>
            <Skeleton ch={14} />
          </p>
          <p className="text-figure mt-1 mb-2.5">
            <Skeleton ch={14} />
          </p>
          {[26, 24, 22].map((ch) => (
            <p key={ch} className="mb-1 last-of-type:mb-4">
              <Skeleton ch={ch} />
            </p>
          ))}
          <div className="min-h-11 fine:min-h-[2.125rem] w-28 rounded-md skeleton" />
        </>
      }
      side={
        <div className={SIDE}>
          <p className="text-meta mb-2">
            <Skeleton ch={10} />
          </p>
          <div className="grid gap-2.5">
            {Array.from({ length: AFTER_SHOWN }, (_, row) => (
              <div key={row} className={AFTER_ROW}>
                <Skeleton ch={9} />
                <span className="min-w-0">
                  <span className="block">
                    <Skeleton ch={22} />
                  </span>
                  <span className="block text-meta">
                    <Skeleton ch={14} />
                  </span>
                </span>
              </div>
            ))}
          </div>
        </div>
      }
    />
  );
}
