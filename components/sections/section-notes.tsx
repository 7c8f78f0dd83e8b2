"use client";
import { useLocale, useT } from "@/components/layout/locale";
import { Tag } from "@/components/ui/tag";
import { formatDates } from "@/lib/format";
import type { SectionSummary } from "@/shared";
import type { Translate } from "@/lib/messages";

export const partWords = (t: Translate, locale: string, { code, startsOn, endsOn }: NonNullable<SectionSummary["partOfTerm"]>): string =>
  t("section.part", { code, dates: formatDates(locale, startsOn, endsOn) });

/** What sets a section apart: that it is cancelled, or that it runs through a part of the term only. Nothing for all the others. */
export function SectionNotes({ section }: { section: Pick<SectionSummary, "status" | "partOfTerm"> }) {
  const t = useT();
  const locale = useLocale();
  if (section.status === "active" && !section.partOfTerm) return null;
  return (
    <span className="flex flex-wrap items-center gap-x-2 text-meta text-muted num">
      {section.status === "cancelled" ? <Tag tone="danger">{t("section.cancelled")}</Tag> : null}
      {section.partOfTerm ? <span>{partWords(t, locale, section.partOfTerm)}</span> : null}
    </span>
  );
}
