"use client";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { Suspense, useCallback, useRef, useState, type ReactNode, type RefObject } from "react";
import { useRoutes, useT } from "@/components/layout/locale";
import { ExportMenu } from "@/components/layout/export-menu";
import { Filter } from "@/components/layout/filter";
import { roleClass } from "@/components/layout/destinations";
import { PageHead } from "@/components/layout/page-head";
import { SearchBox } from "@/components/layout/search-box";
import { knownSort, SortPicker, type Sorting } from "@/components/layout/sort";
import { useFilters } from "@/components/layout/use-filters";
import { useMe } from "@/components/layout/use-me";
import { Button, buttonClass } from "@/components/ui/button";
import { useGet, useDataReady, usePages } from "@/lib/data";
import { exports } from "@/lib/exports";
import { queries } from "@/lib/queries";
import type { CourseFilters } from "@/lib/routes";
import { courseColumns, CourseList } from "./course-list";
import { CreateCourse } from "./course-form-lazy";

const NAMES = ["q", "department", "term", "credits", "sort"] as const;
const NONE: CourseFilters = { q: undefined, department: undefined, term: undefined, credits: undefined };
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
        <Finder
          onCreate={() => {
            setCreating(true);
          }}
        />
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

function Finder({ onCreate }: { onCreate: () => void }) {
  const t = useT();
  const routes = useRoutes();
  const { data: me } = useMe();
  const [filters, setFilters] = useFilters(NAMES);
  const search = useRef<HTMLInputElement>(null);
  const columns = courseColumns(t);
  const sort = knownSort(columns, filters.sort);
  const pages = usePages(queries.courses({ ...filters, sort }));
  const sorting: Sorting = {
    sort,
    initial: filters.q ? undefined : "code",
    onSort: (next) => {
      setFilters({ sort: next });
    },
  };
  useDataReady(pages.items !== undefined);
  return (
    <>
      <FilterBar filters={filters} onChange={setFilters} search={search}>
        <SortPicker columns={columns} sorting={sorting} />
        <ExportMenu of={(format) => exports.courses({ ...filters, sort }, format)} />
      </FilterBar>
      <CourseList
        pages={pages}
        search={search}
        sorting={sorting}
        onClear={
          Object.keys(filters).some((name) => name !== "sort")
            ? () => {
                setFilters(NONE);
              }
            : undefined
        }
        action={
          me?.can.manageCourses ? (
            <>
              {me.can.importCatalog ? (
                <Link href={routes.importCatalog()} prefetch={false} className={buttonClass({ kind: "primary" })}>
                  {t("courses.import")}
                </Link>
              ) : null}
              <Button onClick={onCreate}>{t("courses.create")}</Button>
            </>
          ) : undefined
        }
      />
    </>
  );
}

interface FilterBarProps {
  filters: CourseFilters;
  onChange?: (change: CourseFilters, how?: "push" | "replace") => void;
  search?: RefObject<HTMLInputElement | null>;
  children?: ReactNode;
}

const IGNORED = () => undefined;

function FilterBar({ filters, onChange = IGNORED, search, children }: FilterBarProps) {
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
      {children}
    </div>
  );
}
