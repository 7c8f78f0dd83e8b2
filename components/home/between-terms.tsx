"use client";
import Link from "next/link";
import { useLocale, useRoutes, useT } from "@/components/layout/locale";
import { Empty } from "@/components/layout/list-states";
import { useMe } from "@/components/layout/use-me";
import { buttonClass } from "@/components/ui/button";
import { Skeleton } from "@/components/ui/skeleton";
import { nextTerm } from "@/lib/civil";
import { useGet } from "@/lib/data";
import { formatDay } from "@/lib/format";
import { queries } from "@/lib/queries";
import type { CivilDate } from "@/lib/civil";

/** Vacation: not "you have no courses", but when it goes on, and what can be read meanwhile. */
export function BetweenTerms({ today }: { today: CivilDate }) {
  const t = useT();
  const locale = useLocale();
  const routes = useRoutes();
  const { data: me } = useMe();
  const terms = useGet(queries.terms());
  const next = terms.data ? nextTerm(terms.data.items, today) : undefined;
  return (
    <div className="border border-line rounded-lg bg-surface">
      <Empty title={t("between.title")}>
        <p className="mb-4 num">
          {next ? (
            t("between.next", { term: next.name, date: formatDay(locale, next.startsOn) })
          ) : terms.problem ? null : terms.data ? (
            t("between.none")
          ) : (
            <Skeleton ch={34} />
          )}
        </p>
        <div className="flex flex-wrap justify-center gap-2">
          {me?.role === "student" ? (
            <Link href={routes.record()} className={buttonClass({ kind: "primary" })}>
              {t("between.record")}
            </Link>
          ) : null}
          <Link href={routes.courses(next ? { term: next.id } : {})} prefetch={false} className={buttonClass({})}>
            {t("today.browse")}
          </Link>
        </div>
      </Empty>
    </div>
  );
}
