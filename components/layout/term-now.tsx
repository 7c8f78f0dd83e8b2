"use client";
import { formatDate } from "@/lib/format";
import { civilNow, weekOfTerm } from "@/lib/civil";
import { useLocale, useT } from "./locale";
import { useMe } from "./use-me";
import { useNow } from "./use-now";

/** "Autumn 2026, week 9": where in the year everybody is. */
export function TermNow() {
  const t = useT();
  const locale = useLocale();
  const { data: me } = useMe();
  const now = useNow();
  if (!me?.term || !now) return null;
  const { date } = civilNow(me.institution.timeZone, now);
  const week = weekOfTerm(me.term, date);
  if (week !== undefined) return <span className="num">{t("term.week", { term: me.term.name, week })}</span>;
  if (date < me.term.startsOn)
    return <span className="num">{t("term.starts", { term: me.term.name, date: formatDate(locale, me.term.startsOn) })}</span>;
  return <span>{me.term.name}</span>;
}

/** The same below a phone's heading, whose bar has no room for it. */
export function TermBelow() {
  return (
    <span className="sm:hidden block min-h-5">
      <TermNow />
    </span>
  );
}
