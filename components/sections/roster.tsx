"use client";
import { useCallback, useRef } from "react";
import { ExportMenu } from "@/components/layout/export-menu";
import { Empty, ListFoot, LoadProblem } from "@/components/layout/list-states";
import { useLocale, useRoutes, useT } from "@/components/layout/locale";
import { RecordLink } from "@/components/layout/record-link";
import { Rows } from "@/components/layout/rows";
import { RowKeyHints } from "@/components/layout/row-key-hints";
import { SearchBox } from "@/components/layout/search-box";
import { knownSort, SortHead, SortPicker, type Column, type Sorting } from "@/components/layout/sort";
import { useFilters } from "@/components/layout/use-filters";
import { useMe } from "@/components/layout/use-me";
import { useRowKeys } from "@/components/layout/use-row-keys";
import { Button } from "@/components/ui/button";
import { Panel } from "@/components/ui/panel";
import { Skeleton } from "@/components/ui/skeleton";
import { Body, Cell, Row, Table } from "@/components/ui/table";
import { Typed } from "@/components/ui/typed";
import { useDataReady, usePages } from "@/lib/data";
import { exports } from "@/lib/exports";
import { formatInstantDate } from "@/lib/format";
import { queries } from "@/lib/queries";
import type { Translate } from "@/lib/messages";
import type { RosterEntry, SectionId } from "@/shared";

const NAMES = ["q", "sort"] as const;
const COLS = "minmax(0, 1.2fr) 8.25rem minmax(0, 2fr) 5.5rem 6.5rem";

const columnsOf = (t: Translate): readonly Column[] => [
  { label: t("users.name"), sort: "name" },
  { label: t("profile.studentNumber"), sort: "number" },
  { label: t("profile.program"), sort: "program" },
  { label: t("profile.semester"), sort: "semester", numeric: true },
  { label: t("roster.enrolled"), sort: "enrolled", numeric: true },
];

/** Who sits in a section: found and ordered by the server, so that also what is not loaded counts. `ready`: the page around it is there. */
export function Roster({ id, ready }: { id: SectionId; ready: boolean }) {
  const t = useT();
  const search = useRef<HTMLInputElement>(null);
  const list = useRowKeys<HTMLDivElement>(search);
  const [filters, setFilters] = useFilters(NAMES);
  const columns = columnsOf(t);
  const sort = knownSort(columns, filters.sort);
  const pages = usePages(queries.roster(id, { q: filters.q, sort }));
  const { items, problem } = pages;
  useDataReady(ready && (items !== undefined || problem !== undefined));
  const sorting: Sorting = {
    sort,
    initial: "name",
    onSort: (next) => {
      setFilters({ sort: next });
    },
  };
  const onSearch = useCallback(
    (q: string) => {
      setFilters({ q: q || undefined }, "replace");
    },
    [setFilters],
  );
  const nobody = items?.length === 0;
  return (
    <Panel
      id="roster"
      title={t("roster.title")}
      aside={
        (nobody && !filters.q) || (!items && problem) ? null : (
          <ExportMenu size="sm" of={(format) => exports.roster(id, { q: filters.q, sort }, format)} />
        )
      }
    >
      {(nobody && !filters.q) || (!items && problem) ? null : (
        <div className="flex flex-wrap gap-2 border-b border-line px-4 py-2">
          <SearchBox label={t("roster.find")} value={filters.q ?? ""} onSearch={onSearch} inputRef={search} />
          <SortPicker columns={columns} sorting={sorting} />
        </div>
      )}
      <div ref={list}>
        {!items && problem ? <LoadProblem problem={problem} onRetry={pages.reload} /> : null}
        {nobody ? <Nobody searched={Boolean(filters.q)} onSearch={onSearch} /> : null}
        {(!items && !problem) || (items && items.length > 0) ? (
          <Table label={t("roster.title")} cols={COLS} busy={pages.pending}>
            <SortHead columns={columns} sorting={sorting} />
            {items ? <Rows items={items} row={line} /> : <SkeletonRows />}
          </Table>
        ) : null}
        {items && items.length > 0 ? (
          <ListFoot
            pages={pages}
            count={t(pages.hasMore ? "roster.countMore" : "roster.count", { count: items.length })}
            keys={<RowKeyHints />}
          />
        ) : null}
      </div>
    </Panel>
  );
}

function Nobody({ searched, onSearch }: { searched: boolean; onSearch: (q: string) => void }) {
  const t = useT();
  if (!searched) return <Empty title={t("roster.none")}>{t("roster.noneHelp")}</Empty>;
  return (
    <Empty title={t("roster.noneFound")}>
      <p>{t("roster.noneFoundHelp")}</p>
      <Button
        className="mt-3"
        onClick={() => {
          onSearch("");
        }}
      >
        {t("list.clear")}
      </Button>
    </Empty>
  );
}

/** What a prerendered page shows. */
export function RosterSkeleton() {
  const t = useT();
  return (
    <Panel id="roster" title={t("roster.title")} aside={<Skeleton ch={8} />}>
      <div className="border-b border-line px-4 py-2">
        <SearchBox label={t("roster.find")} value="" onSearch={() => undefined} />
      </div>
      <Table label={t("roster.title")} cols={COLS} busy>
        <SortHead columns={columnsOf(t)} />
        <SkeletonRows />
      </Table>
    </Panel>
  );
}

const line = (row: RosterEntry) => <Line key={row.studentId} row={row} />;

function Line({ row }: { row: RosterEntry }) {
  const t = useT();
  const locale = useLocale();
  const routes = useRoutes();
  const { data: me } = useMe();
  return (
    <Row data-row={me?.can.manageUsers ? undefined : ""} tabIndex={me?.can.manageUsers ? undefined : -1}>
      {/* A student's page is the administrators'; to faculty the roster is all there is. */}
      <Cell>
        {me?.can.manageUsers ? (
          <RecordLink href={routes.user(row.studentId)} warm={[queries.user(row.studentId)]} className="row-link flat:block flat:truncate">
            <Typed>{row.name}</Typed>
          </RecordLink>
        ) : (
          <span className="flat:block flat:truncate">
            <Typed>{row.name}</Typed>
          </span>
        )}
      </Cell>
      <Cell className="num text-muted stack:text-end">{row.studentNumber}</Cell>
      <Cell className="text-muted flat:truncate stack:text-meta">{row.program}</Cell>
      <Cell numeric className="stack:text-meta">
        <span className="flat:hidden text-muted">{t("roster.semester", { semester: row.semester })}</span>
        <span className="stack:hidden">{row.semester}</span>
      </Cell>
      <Cell numeric className="text-muted stack:text-start stack:text-meta stack:order-1">
        {me ? formatInstantDate(locale, row.enrolledAt, me.institution.timeZone) : ""}
      </Cell>
    </Row>
  );
}

function SkeletonRows() {
  return (
    <Body>
      {[13, 16, 11, 15, 18, 12, 14, 17, 13, 16, 12, 15].map((ch, index) => (
        <Row key={index}>
          <Cell>
            <Skeleton ch={ch} />
          </Cell>
          <Cell className="stack:text-end">
            <Skeleton ch={9} />
          </Cell>
          <Cell>
            <Skeleton ch={20} />
          </Cell>
          <Cell numeric>
            <Skeleton ch={1} />
          </Cell>
          <Cell numeric className="stack:text-start stack:text-meta stack:order-1">
            <Skeleton ch={9} />
          </Cell>
        </Row>
      ))}
    </Body>
  );
}
