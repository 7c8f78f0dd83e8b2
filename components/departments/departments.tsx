"use client";
import { useRouter } from "next/navigation";
import { Suspense, useCallback, useRef, useState } from "react";
import { ListFrame } from "@/components/layout/list-frame";
import { useLocale, useRoutes, useT } from "@/components/layout/locale";
import { PageHead } from "@/components/layout/page-head";
import { RecordLink } from "@/components/layout/record-link";
import { SearchBox } from "@/components/layout/search-box";
import { useFilters } from "@/components/layout/use-filters";
import { useMe } from "@/components/layout/use-me";
import { Button } from "@/components/ui/button";
import { Skeleton } from "@/components/ui/skeleton";
import { Cell, Head, HeadCell, Row } from "@/components/ui/table";
import { NO_PAGES, useDataReady, usePages, type Pages } from "@/lib/data";
import { formatNumber } from "@/lib/format";
import { queries } from "@/lib/queries";
import type { DepartmentSummary } from "@/shared";
import { CreateDepartment } from "./department-form-lazy";

const NAMES = ["q"] as const;
const COLS = "6rem minmax(0, 1fr) 6rem 6rem";
const IGNORED = () => undefined;

export function Departments() {
  const t = useT();
  const routes = useRoutes();
  const router = useRouter();
  const { data: me } = useMe();
  const [creating, setCreating] = useState(false);
  return (
    <>
      <PageHead
        title={t("departments.title")}
        actions={
          me?.can.manageDepartments ? (
            <Button
              kind="primary"
              icon="plus"
              onClick={() => {
                setCreating(true);
              }}
            >
              {t("departments.create")}
            </Button>
          ) : null
        }
      />
      <Suspense fallback={<List q="" onSearch={IGNORED} pages={NO_PAGES} />}>
        <Finder />
      </Suspense>
      {creating ? (
        <CreateDepartment
          onClose={() => {
            setCreating(false);
          }}
          onCreated={(department) => {
            router.push(routes.department(department.id));
          }}
        />
      ) : null}
    </>
  );
}

function Finder() {
  const [filters, setFilters] = useFilters(NAMES);
  const pages = usePages(queries.departments(filters.q));
  useDataReady(pages.items !== undefined);
  const onSearch = useCallback(
    (q: string) => {
      setFilters({ q: q || undefined }, "replace");
    },
    [setFilters],
  );
  return <List q={filters.q ?? ""} onSearch={onSearch} pages={pages} />;
}

function List({ q, onSearch, pages }: { q: string; onSearch: (q: string) => void; pages: Pages<DepartmentSummary> }) {
  const t = useT();
  const search = useRef<HTMLInputElement>(null);
  return (
    <>
      <div className="mb-3 flex max-w-md">
        <SearchBox label={t("departments.search")} value={q} onSearch={onSearch} inputRef={search} />
      </div>
      <ListFrame
        label={t("departments.title")}
        cols={COLS}
        pages={pages}
        search={search}
        onClear={
          q
            ? () => {
                onSearch("");
              }
            : undefined
        }
        noneFound={t("departments.noneFound")}
        empty={{ title: t("departments.none"), help: t("departments.noneHelp") }}
        count={(count, more) => t(more ? "departments.countMore" : "departments.count", { count })}
        head={
          <Head>
            <HeadCell>{t("courses.code")}</HeadCell>
            <HeadCell>{t("departments.name")}</HeadCell>
            <HeadCell numeric>{t("admin.courses")}</HeadCell>
            <HeadCell numeric>{t("admin.faculty")}</HeadCell>
          </Head>
        }
        row={(department) => <Line key={department.id} department={department} />}
        skeleton={[20, 14, 24, 18, 28, 16, 22, 26, 17, 21, 15, 25].map((ch, index) => (
          <Row key={index}>
            <Cell className="code max-sm:order-2">
              <Skeleton ch={3} />
            </Cell>
            <Cell className="max-sm:order-1 max-sm:col-span-2">
              <Skeleton ch={ch} />
            </Cell>
            <Cell numeric className="max-sm:order-3">
              <Skeleton ch={3} />
            </Cell>
            <Cell numeric className="max-sm:hidden">
              <Skeleton ch={2} />
            </Cell>
          </Row>
        ))}
      />
    </>
  );
}

function Line({ department }: { department: DepartmentSummary }) {
  const t = useT();
  const locale = useLocale();
  const routes = useRoutes();
  return (
    <Row>
      <Cell className="code text-muted max-sm:order-2 max-sm:text-meta">{department.code}</Cell>
      <Cell className="max-sm:order-1 max-sm:col-span-2">
        <RecordLink
          href={routes.department(department.id)}
          warm={[queries.department(department.id), queries.departmentCourses(department.id)]}
          className="row-link sm:block sm:truncate"
        >
          {department.name}
        </RecordLink>
      </Cell>
      <Cell numeric className="max-sm:order-3 max-sm:text-meta max-sm:text-muted">
        <span className="sm:hidden">{t("courses.count", { count: department.courses })}</span>
        <span className="max-sm:hidden">{formatNumber(locale, department.courses)}</span>
      </Cell>
      <Cell numeric className="max-sm:hidden">
        {formatNumber(locale, department.faculty)}
      </Cell>
    </Row>
  );
}
