"use client";
import { useMemo } from "react";
import { useMe } from "@/components/layout/use-me";
import { useNow } from "@/components/layout/use-now";
import { agendaOn, comingAfter, nextMeeting, type AgendaItem } from "@/lib/agenda";
import { civilNow, type CivilNow } from "@/lib/civil";
import type { SectionSummary } from "@/shared";
import { AFTER_SHOWN } from "./next-up";

export interface Agenda {
  readonly now: CivilNow;
  readonly next: AgendaItem | undefined;
  /** What follows `next`, over the next days. */
  readonly after: readonly AgendaItem[];
  /** Today's meetings while any is still to come or on; after that, those of the next day that has some. */
  readonly day: readonly AgendaItem[];
}

/** A person's meetings seen from now, in the institution's zone; undefined until all of it is known. */
export function useAgenda(sections: readonly SectionSummary[] | undefined): Agenda | undefined {
  const { data: me } = useMe();
  const present = useNow();
  return useMemo(() => {
    if (!me || !present || !sections) return undefined;
    const now = civilNow(me.institution.timeZone, present);
    const next = nextMeeting(sections, now, me.term);
    const today = agendaOn(sections, now.date, me.term);
    return {
      now,
      next,
      day: next ? agendaOn(sections, next.date, me.term) : today,
      after: next ? comingAfter(next, sections, me.term, AFTER_SHOWN) : [],
    };
  }, [me, present, sections]);
}
