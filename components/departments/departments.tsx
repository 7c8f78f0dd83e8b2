"use client";
import { useRouter } from "next/navigation";
import { Suspense, useCallback, useRef, useState } from "react";
import { ListFrame } from "@/components/layout/list-frame";
import { useLocale, useRoutes, useT } from "@/components/layout/locale";
import { roleClass } from "@/components/layout/destinations";
import { PageHead } from "@/components/layout/page-head";
import { RecordLink } from "@/components/layout/record-link";
import { SearchBox } from "@/components/layout/search-box";
import { useFilters } from "@/components/layout/use-filters";
import { useMe } from "@/components/layout/use-me";
import { Button } from "@/components/ui/button";
import { Skeleton } from "@/components/ui/skeleton";
import { Cell, Head, HeadCell, Row } from "@/components/ui/table";
import { NO_PAGES, useDataReady, usePages, type Pages } from "@/lib/data";
import { Typed } from "@/components/ui/typed";
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
          me?.can.manageDepartments === false ? null : (
            <span className={roleClass(["admin"])}>
              <Button
                kind="primary"
                icon="plus"
                onClick={() => {
                  setCreating(true);
                }}
              >
                {t("departments.create")}
              </Button>
            </span>
          )
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
            <Cell className="code stack:order-2">
              <Skeleton ch={3} />
            </Cell>
            <Cell className="stack:order-1 stack:col-span-2">
              <Skeleton ch={ch} />
            </Cell>
            <Cell numeric className="stack:order-3">
              <Skeleton ch={3} />
            </Cell>
            <Cell numeric className="stack:hidden">
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
      <Cell className="code text-muted stack:order-2 stack:text-meta">{department.code}</Cell>
      <Cell className="stack:order-1 stack:col-span-2">
        <RecordLink
          href={routes.department(department.id)}
          warm={[queries.department(department.id), queries.departmentCourses(department.id)]}
          className="row-link flat:block flat:truncate"
        >
          <Typed>{department.name}</Typed>
        </RecordLink>
      </Cell>
      <Cell numeric className="stack:order-3 stack:text-meta stack:text-muted">
        <span className="flat:hidden">{t("courses.count", { count: department.courses })}</span>
        <span className="flat:hidden ml-3">{t("department.faculty", { count: department.faculty })}</span>
        <span className="stack:hidden">{formatNumber(locale, department.courses)}</span>
      </Cell>
      <Cell numeric className="stack:hidden">
        {formatNumber(locale, department.faculty)}
      </Cell>
    </Row>
  );
}
