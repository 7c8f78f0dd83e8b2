"use client";
import { useState } from "react";
import { Empty, ListFoot, LoadProblem } from "@/components/layout/list-states";
import { useLocale, useRoutes, useT } from "@/components/layout/locale";
import { useMe } from "@/components/layout/use-me";
import { useRowKeys } from "@/components/layout/use-row-keys";
import { RecordLink } from "@/components/layout/record-link";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/control";
import { Panel } from "@/components/ui/panel";
import { Skeleton } from "@/components/ui/skeleton";
import { Body, Cell, Head, HeadCell, Row, Table } from "@/components/ui/table";
import { Typed } from "@/components/ui/typed";
import { chunked } from "@/lib/chunked";
import { downloadCsv, toCsv } from "@/lib/csv";
import { formatInstantDate } from "@/lib/format";
import { queries } from "@/lib/queries";
import type { RosterEntry } from "@/shared";
import type { Pages } from "@/lib/data";

const COLS = "minmax(0, 1.2fr) 8.25rem minmax(0, 2fr) 4.5rem 6rem";

type SortKey = "name" | "studentNumber" | "program" | "semester" | "enrolledAt";
interface Sort {
  key: SortKey;
  down: boolean;
}

function sorted(rows: readonly RosterEntry[], { key, down }: Sort, locale: string): RosterEntry[] {
  const order = new Intl.Collator(locale, { numeric: true });
  const compare = (a: RosterEntry, b: RosterEntry) =>
    (key === "semester" ? a.semester - b.semester : order.compare(a[key], b[key])) || order.compare(a.name, b.name);
  return rows.toSorted((a, b) => (down ? -compare(a, b) : compare(a, b)));
}

/** Who sits in a section. Sorting and finding work on what is loaded; the file holds exactly what is shown. */
export function Roster({ pages, fileName }: { pages: Pages<RosterEntry>; fileName: string }) {
  const t = useT();
  const locale = useLocale();
  const list = useRowKeys<HTMLDivElement>();
  const [find, setFind] = useState("");
  const [sort, setSort] = useState<Sort>({ key: "name", down: false });
  const { items, problem } = pages;
  const wanted = find.trim().toLowerCase();
  const rows = sorted(
    (items ?? []).filter((row) => `${row.name} ${row.studentNumber} ${row.program}`.toLowerCase().includes(wanted)),
    sort,
    locale,
  );
  const save = () => {
    const head = [t("users.name"), t("profile.studentNumber"), t("profile.program"), t("profile.semester"), t("roster.enrolled")];
    downloadCsv(fileName, toCsv([head, ...rows.map((row) => [row.name, row.studentNumber, row.program, row.semester, row.enrolledAt])]));
  };
  return (
    <Panel
      id="roster"
      title={t("roster.title")}
      aside={
        items?.length !== 0 ? (
          <>
            <Input
              type="search"
              aria-label={t("roster.find")}
              placeholder={t("roster.find")}
              value={find}
              onChange={(event) => {
                setFind(event.target.value);
              }}
              look="small"
              className="sm:w-44"
              disabled={!items}
            />
            <Button size="sm" disabled={!items} onClick={save}>
              {t("roster.csv")}
            </Button>
          </>
        ) : null
      }
    >
      <div ref={list}>
        {!items && problem ? <LoadProblem problem={problem} onRetry={pages.reload} /> : null}
        {items?.length === 0 ? <Empty title={t("roster.none")}>{t("roster.noneHelp")}</Empty> : null}
        {items && items.length > 0 && rows.length === 0 ? <Empty title={t("roster.noneFound")} /> : null}
        {(!items && !problem) || rows.length > 0 ? (
          <Table label={t("roster.title")} cols={COLS} busy={pages.pending}>
            <Head>
              <SortHead id="name" label={t("users.name")} sort={sort} onSort={setSort} />
              <SortHead id="studentNumber" label={t("profile.studentNumber")} sort={sort} onSort={setSort} />
              <SortHead id="program" label={t("profile.program")} sort={sort} onSort={setSort} />
              <SortHead id="semester" label={t("profile.semester")} sort={sort} onSort={setSort} numeric />
              <SortHead id="enrolledAt" label={t("roster.enrolled")} sort={sort} onSort={setSort} numeric />
            </Head>
            {items ? (
              chunked(rows, 50).map((chunk, index) => (
                <Body key={index} chunk={index > 0}>
                  {chunk.map((row) => (
                    <Line key={row.studentId} row={row} />
                  ))}
                </Body>
              ))
            ) : (
              <SkeletonRows />
            )}
          </Table>
        ) : null}
        {items && items.length > 0 ? (
          <ListFoot pages={pages} count={t(pages.hasMore ? "roster.countMore" : "roster.count", { count: rows.length })} />
        ) : null}
      </div>
    </Panel>
  );
}

interface SortHeadProps {
  id: SortKey;
  label: string;
  sort: Sort;
  onSort: (sort: Sort) => void;
  numeric?: boolean;
}

function SortHead({ id, label, sort, onSort, numeric = false }: SortHeadProps) {
  const active = sort.key === id;
  return (
    <HeadCell numeric={numeric} aria-sort={active ? (sort.down ? "descending" : "ascending") : undefined}>
      <button
        type="button"
        className={`min-h-6 hover:text-text ${active ? "text-text" : ""}`}
        onClick={() => {
          onSort({ key: id, down: active && !sort.down });
        }}
      >
        {label}
        <span aria-hidden="true">{active ? (sort.down ? " ↓" : " ↑") : ""}</span>
      </button>
    </HeadCell>
  );
}

function Line({ row }: { row: RosterEntry }) {
  const t = useT();
  const locale = useLocale();
  const routes = useRoutes();
  const { data: me } = useMe();
  return (
    <Row>
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
