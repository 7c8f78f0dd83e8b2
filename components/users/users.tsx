"use client";
import Link from "next/link";
import { Suspense, useCallback, useRef, type ReactNode, type RefObject } from "react";
import { ExportMenu } from "@/components/layout/export-menu";
import { Filter } from "@/components/layout/filter";
import { ListFrame } from "@/components/layout/list-frame";
import { useRoutes, useT } from "@/components/layout/locale";
import { PageHead } from "@/components/layout/page-head";
import { RecordLink } from "@/components/layout/record-link";
import { ROLE_LABELS, ROLES } from "@/components/layout/roles";
import { SearchBox } from "@/components/layout/search-box";
import { knownSort, SortPicker, type Column, type Sorting } from "@/components/layout/sort";
import { useFilters } from "@/components/layout/use-filters";
import { useMe } from "@/components/layout/use-me";
import { buttonClass } from "@/components/ui/button";
import { Skeleton } from "@/components/ui/skeleton";
import { Cell, Row } from "@/components/ui/table";
import { Typed } from "@/components/ui/typed";
import { NO_PAGES, useDataReady, useGet, usePages, type Pages } from "@/lib/data";
import { exports } from "@/lib/exports";
import { queries } from "@/lib/queries";
import type { Translate } from "@/lib/messages";
import type { UserSummary } from "@/shared";
import type { UserFilters } from "@/lib/routes";
import { RoleTags, StatusTag } from "./role-tags";

const NAMES = ["q", "role", "department", "status", "sort"] as const;
const COLS = "minmax(0, 2fr) minmax(0, 1.2fr) 5.5rem 8.25rem minmax(0, 2fr) 5.5rem";
const NONE: UserFilters = { q: undefined, role: undefined, department: undefined, status: undefined };

export function Users() {
  const t = useT();
  return (
    <>
      <PageHead title={t("users.title")} />
      <Suspense
        fallback={
          <>
            <FilterBar filters={{}} />
            <List pages={NO_PAGES} />
          </>
        }
      >
        <Finder />
      </Suspense>
    </>
  );
}

const columnsOf = (t: Translate): readonly Column[] => [
  { label: t("users.name"), sort: "name" },
  { label: t("users.role") },
  { label: t("courses.department") },
  { label: t("users.number"), sort: "number" },
  { label: t("users.email"), sort: "email" },
  { label: t("users.status") },
];

function Finder() {
  const t = useT();
  const [filters, setFilters] = useFilters(NAMES);
  const search = useRef<HTMLInputElement>(null);
  const columns = columnsOf(t);
  const sort = knownSort(columns, filters.sort);
  const pages = usePages(queries.users({ ...filters, sort }));
  const sorting: Sorting = {
    sort,
    initial: filters.q ? undefined : "name",
    onSort: (next) => {
      setFilters({ sort: next });
    },
  };
  useDataReady(pages.items !== undefined);
  return (
    <>
      <FilterBar filters={filters} onChange={setFilters} search={search}>
        <SortPicker columns={columns} sorting={sorting} />
        <ExportMenu of={(format) => exports.users({ ...filters, sort }, format)} />
      </FilterBar>
      <List
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
      />
    </>
  );
}

interface FilterBarProps {
  filters: UserFilters;
  onChange?: (change: UserFilters, how?: "push" | "replace") => void;
  search?: RefObject<HTMLInputElement | null>;
  children?: ReactNode;
}

const IGNORED = () => undefined;

function FilterBar({ filters, onChange = IGNORED, search, children }: FilterBarProps) {
  const t = useT();
  const departments = useGet(queries.allDepartments());
  const onSearch = useCallback(
    (q: string) => {
      onChange({ q: q || undefined }, "replace");
    },
    [onChange],
  );
  return (
    <div className="mb-3 flex flex-wrap gap-2">
      <SearchBox label={t("users.search")} value={filters.q ?? ""} onSearch={onSearch} inputRef={search} />
      <Filter
        label={t("users.role")}
        all={t("users.anyRole")}
        value={filters.role}
        options={ROLES.map((role) => ({ value: role, label: t(ROLE_LABELS[role]) }))}
        onPick={(role) => {
          onChange({ role });
        }}
      />
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
        label={t("users.status")}
        all={t("users.anyStatus")}
        value={filters.status}
        options={[
          { value: "active", label: t("status.active") },
          { value: "suspended", label: t("status.suspended") },
        ]}
        onPick={(status) => {
          onChange({ status });
        }}
      />
      {children}
    </div>
  );
}

interface ListProps {
  pages: Pages<UserSummary>;
  search?: RefObject<HTMLInputElement | null>;
  onClear?: (() => void) | undefined;
  sorting?: Sorting;
}

function List({ pages, search, onClear, sorting }: ListProps) {
  const t = useT();
  const routes = useRoutes();
  const { data: me } = useMe();
  return (
    <ListFrame
      label={t("users.title")}
      cols={COLS}
      pages={pages}
      search={search}
      onClear={onClear}
      noneFound={t("users.noneFound")}
      empty={{
        title: t("users.none"),
        help: t(me?.can.importCatalog ? "users.noneAdmin" : "users.noneHelp"),
        action: me?.can.importCatalog ? (
          <Link href={routes.importCatalog()} prefetch={false} className={buttonClass({ kind: "primary" })}>
            {t("courses.import")}
          </Link>
        ) : undefined,
      }}
      count={(count, more) => t(more ? "users.countMore" : "users.count", { count })}
      columns={columnsOf(t)}
      sorting={sorting}
      row={line}
      skeleton={[14, 18, 12, 16, 20, 13, 17, 15, 19, 11, 14, 16, 18, 12, 15, 17].map((ch, index) => (
        <Row key={index}>
          <Cell>
            <Skeleton ch={ch} />
          </Cell>
          <Cell className="stack:justify-self-end">
            <Skeleton ch={7} />
          </Cell>
          <Cell className="stack:order-4 stack:text-end stack:text-meta">
            <Skeleton ch={3} />
          </Cell>
          <Cell className="stack:order-2 stack:text-meta">
            <Skeleton ch={9} />
          </Cell>
          <Cell className="stack:order-3 stack:text-meta">
            <Skeleton ch={22} />
          </Cell>
          <Cell className="stack:order-2 stack:text-meta stack:text-end">
            <Skeleton ch={5} />
          </Cell>
        </Row>
      ))}
    />
  );
}

const line = (user: UserSummary) => <Line key={user.id} user={user} />;

function Line({ user }: { user: UserSummary }) {
  const t = useT();
  const routes = useRoutes();
  return (
    <Row>
      <Cell>
        <RecordLink href={routes.user(user.id)} warm={[queries.user(user.id)]} className="row-link flat:block flat:truncate">
          <Typed>{user.name}</Typed>
        </RecordLink>
      </Cell>
      <Cell className="stack:justify-self-end">
        <RoleTags roles={user.roles} />
      </Cell>
      <Cell className="code text-muted stack:order-4 stack:text-end stack:text-meta">{user.department?.code}</Cell>
      <Cell className="text-muted num flat:truncate stack:order-2 stack:text-meta">{user.studentNumber}</Cell>
      <Cell className="text-muted flat:truncate stack:order-3 stack:text-meta">
        {user.email ? <span className="wrap-anywhere">{user.email}</span> : t("users.noEmail")}
      </Cell>
      <Cell className="stack:order-2 stack:text-end stack:text-meta">
        <StatusTag status={user.status} />
      </Cell>
    </Row>
  );
}
