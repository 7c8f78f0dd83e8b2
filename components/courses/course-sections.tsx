"use client";
import { useT } from "@/components/layout/locale";
import { Empty, LoadProblem } from "@/components/layout/list-states";
import { useFilters } from "@/components/layout/use-filters";
import { Select } from "@/components/ui/control";
import { Panel } from "@/components/ui/panel";
import { Skeleton } from "@/components/ui/skeleton";
import { SectionItem, SECTION_COLS, SECTION_ROW } from "@/components/sections/section-item";
import { cx } from "@/components/ui/cx";
import { useDataReady, useGet } from "@/lib/data";
import { queries } from "@/lib/queries";
import type { CourseId } from "@/shared";

const NAMES = ["term"] as const;

/** `ready`: the rest of the page is on screen; with the sections it is all there. */
export function CourseSectionsPanel({ id, ready }: { id: CourseId; ready: boolean }) {
  const t = useT();
  const [filters, setFilters] = useFilters(NAMES);
  const { data, problem, reload } = useGet(queries.courseSections(id, filters.term));
  useDataReady(ready && (data !== undefined || problem !== undefined));
  if (!data) return problem ? <LoadProblem problem={problem} onRetry={reload} /> : <SectionsSkeleton />;
  const { term, terms, items } = data;
  const picker =
    terms.length > 1 ? (
      <Select
        aria-label={t("courses.term")}
        look="small"
        value={filters.term ?? term?.id ?? ""}
        onChange={(event) => {
          setFilters({ term: event.target.value });
        }}
      >
        {terms.map((one) => (
          <option key={one.id} value={one.id}>
            {one.name}
          </option>
        ))}
      </Select>
    ) : (
      term?.name
    );
  return (
    <Panel id="sections" title={t("course.sections", { count: items.length })} aside={picker}>
      {items.length === 0 ? (
        <Empty title={t(terms.length === 0 ? "course.noSections" : "course.noSectionsTerm")}>{t("course.noSectionsHelp")}</Empty>
      ) : (
        <>
          <ColumnNames />
          <ul className="rows">
            {items.map((section) => (
              <SectionItem key={section.id} section={section} />
            ))}
          </ul>
        </>
      )}
    </Panel>
  );
}

function ColumnNames() {
  const t = useT();
  return (
    <div
      aria-hidden="true"
      className={cx(SECTION_ROW, "max-lg:hidden border-b border-line py-2 text-meta text-muted")}
      style={SECTION_COLS}
    >
      <span>{t("section.section")}</span>
      <span>{t("section.kind")}</span>
      <span>{t("section.when")}</span>
      <span>{t("section.where")}</span>
      <span>{t("section.who")}</span>
      <span className="text-end">{t("section.seats")}</span>
    </div>
  );
}

export function SectionsSkeleton() {
  const t = useT();
  return (
    <Panel id="sections" title={t("course.sections", { count: 0 })} aside={<Skeleton ch={12} />}>
      <ColumnNames />
      <ul aria-busy="true">
        {[0, 1, 2].map((row) => (
          <li key={row} className={cx(SECTION_ROW, "border-b border-line last:border-b-0 py-2")} style={SECTION_COLS}>
            <Skeleton ch={8} />
            <Skeleton ch={9} />
            <Skeleton ch={22} />
            <Skeleton ch={12} />
            <Skeleton ch={14} />
            <Skeleton ch={7} className="justify-self-end" />
          </li>
        ))}
      </ul>
    </Panel>
  );
}
