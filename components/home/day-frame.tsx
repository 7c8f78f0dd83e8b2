"use client";
import type { ReactNode } from "react";
import { useLocale, useT } from "@/components/layout/locale";
import { PageHead } from "@/components/layout/page-head";
import { TermBelow } from "@/components/layout/term-now";
import { useMe } from "@/components/layout/use-me";
import { useNow } from "@/components/layout/use-now";
import { Skeleton } from "@/components/ui/skeleton";
import { civilNow } from "@/lib/civil";
import { formatDay } from "@/lib/format";
import { Empty } from "@/components/layout/list-states";
import type { AgendaItem } from "@/lib/agenda";
import type { Agenda } from "./use-agenda";
import { DayLine } from "./day-line";
import { NextSkeleton } from "./next-up";

/** The date is the heading: a home answers "what now?", not "who am I?". */
export function DayHead() {
  const t = useT();
  const locale = useLocale();
  const { data: me } = useMe();
  const now = useNow();
  return (
    <PageHead title={me && now ? formatDay(locale, civilNow(me.institution.timeZone, now).date) : t("today.title")} below={<TermBelow />} />
  );
}

interface DayProps {
  agenda: Agenda;
  hrefOf?: (item: AgendaItem) => string;
}

export function DaySection({ agenda, hrefOf }: DayProps) {
  const t = useT();
  const locale = useLocale();
  const { day, now, next } = agenda;
  const date = day[0]?.date;
  if (date === undefined) return null;
  const today = date === now.date;
  const label = today ? t("today.title") : formatDay(locale, date);
  return (
    <section aria-labelledby="day" className="my-6">
      <h2 id="day" className="text-meta font-strong text-muted mb-2">
        {label}
      </h2>
      <DayLine items={day} label={label} minute={today ? now.minute : undefined} next={next} hrefOf={hrefOf} />
    </section>
  );
}

export function NothingAhead({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="mb-6 border border-line rounded-lg bg-surface">
      <Empty title={title}>{children}</Empty>
    </div>
  );
}

/** As tall as what it stands for: the next meeting and the day's line. */
export function DaySkeleton() {
  return (
    <div aria-busy="true">
      <NextSkeleton />
      <div className="my-6">
        <p className="text-meta mb-2">
          <Skeleton ch={6} />
        </p>
        <div className="h-[22rem] sm:h-[5.125rem] skeleton opacity-60" />
      </div>
    </div>
  );
}
