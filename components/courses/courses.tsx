"use client";
import { useRouter } from "next/navigation";
import { Suspense, useCallback, useRef, useState, type RefObject } from "react";
import { useRoutes, useT } from "@/components/layout/locale";
import { Filter } from "@/components/layout/filter";
import { roleClass } from "@/components/layout/destinations";
import { PageHead } from "@/components/layout/page-head";
import { SearchBox } from "@/components/layout/search-box";
import { useFilters } from "@/components/layout/use-filters";
import { useMe } from "@/components/layout/use-me";
import { Button } from "@/components/ui/button";
import { useGet, useDataReady, usePages } from "@/lib/data";
import { queries } from "@/lib/queries";
import type { CourseFilters } from "@/lib/routes";
import { CourseList } from "./course-list";
import { CreateCourse } from "./course-form-lazy";

const NAMES = ["q", "department", "term", "credits"] as const;
const CREDITS = ["1", "2", "3", "4", "5"];

export function Courses() {
  const t = useT();
  const routes = useRoutes();
  const router = useRouter();
  const { data: me } = useMe();
  const [creating, setCreating] = useState(false);
  return (
    <>
      <PageHead
        title={t("courses.title")}
        actions={
          me?.can.manageCourses === false ? null : (
            <span className={roleClass(["admin"])}>
              <Button
                kind="primary"
                icon="plus"
                onClick={() => {
                  setCreating(true);
                }}
              >
                {t("courses.create")}
              </Button>
            </span>
          )
        }
      />
      <Suspense
        fallback={
          <>
            <FilterBar filters={{}} />
            <CourseList />
          </>
        }
      >
        <Finder />
      </Suspense>
      {creating ? (
        <CreateCourse
          onClose={() => {
            setCreating(false);
          }}
          onCreated={(course) => {
            router.push(routes.course(course.id));
          }}
        />
      ) : null}
    </>
  );
}

function Finder() {
  const [filters, setFilters] = useFilters(NAMES);
  const search = useRef<HTMLInputElement>(null);
  const pages = usePages(queries.courses(filters));
  useDataReady(pages.items !== undefined);
  return (
    <>
      <FilterBar filters={filters} onChange={setFilters} search={search} />
      <CourseList
        pages={pages}
        search={search}
        onClear={
          Object.keys(filters).length > 0
            ? () => {
                setFilters({ q: undefined, department: undefined, term: undefined, credits: undefined });
              }
            : undefined
        }
      />
    </>
  );
}

interface FilterBarProps {
  filters: CourseFilters;
  onChange?: (change: CourseFilters, how?: "push" | "replace") => void;
  search?: RefObject<HTMLInputElement | null>;
}

const IGNORED = () => undefined;

function FilterBar({ filters, onChange = IGNORED, search }: FilterBarProps) {
  const t = useT();
  const departments = useGet(queries.allDepartments());
  const terms = useGet(queries.terms());
  const onSearch = useCallback(
    (q: string) => {
      onChange({ q: q || undefined }, "replace");
    },
    [onChange],
  );
  return (
    <div className="mb-3 flex flex-wrap gap-2">
      <SearchBox label={t("courses.search")} value={filters.q ?? ""} onSearch={onSearch} inputRef={search} />
      <Filter
        label={t("courses.department")}
        all={t("courses.anyDepartment")}
        value={filters.department}
        options={departments.data?.items.map(({ id, code, name }) => ({ value: id, label: name === code ? code : `${code}  ${name}` }))}
        onPick={(department) => {
          onChange({ department });
        }}
      />
      <Filter
        label={t("courses.term")}
        all={t("courses.anyTerm")}
        value={filters.term}
        options={terms.data?.items.map(({ id, name }) => ({ value: id, label: name }))}
        onPick={(term) => {
          onChange({ term });
        }}
      />
      <Filter
        label={t("courses.credits")}
        all={t("courses.anyCredits")}
        value={filters.credits}
        options={CREDITS.map((credits) => ({ value: credits, label: t("credits.count", { count: Number(credits) }) }))}
        onPick={(credits) => {
          onChange({ credits });
        }}
      />
    </div>
  );
}
