"use client";
import type { RefObject } from "react";
import { useLocale, useRoutes, useT } from "@/components/layout/locale";
import { Empty, ListFoot, LoadProblem } from "@/components/layout/list-states";
import { RecordLink } from "@/components/layout/record-link";
import { RowKeyHints } from "@/components/layout/row-key-hints";
import { useRowKeys } from "@/components/layout/use-row-keys";
import { Button } from "@/components/ui/button";
import { Skeleton } from "@/components/ui/skeleton";
import { Body, Cell, Head, HeadCell, Row, Table } from "@/components/ui/table";
import { chunked } from "@/lib/chunked";
import { formatCredits } from "@/lib/format";
import { queries } from "@/lib/queries";
import type { CourseRow } from "@/lib/api-types";
import type { Pages } from "@/lib/data";

const COLS = "7rem minmax(0, 3fr) minmax(0, 2fr) 5rem";
const CHUNK = 50;
const SKELETON_TITLES = [18, 26, 14, 31, 22, 17, 28, 20, 24, 15, 27, 19, 23, 16, 29];

function Columns() {
  const t = useT();
  return (
    <Head>
      <HeadCell>{t("courses.code")}</HeadCell>
      <HeadCell>{t("courses.name")}</HeadCell>
      <HeadCell>{t("courses.department")}</HeadCell>
      <HeadCell numeric>{t("courses.credits")}</HeadCell>
    </Head>
  );
}

interface CourseListProps { pages: Pages<CourseRow>; filtered: boolean; onClear: () => void; search?: RefObject<HTMLInputElement | null> }

export function CourseList({ pages, filtered, onClear, search }: CourseListProps) {
  const t = useT();
  const list = useRowKeys<HTMLDivElement>(search);
  const { items, problem } = pages;
  if (!items) return problem ? <div className="border border-line rounded-lg bg-surface"><LoadProblem problem={problem} onRetry={pages.reload} /></div> : <CourseListSkeleton />;
  if (items.length === 0)
    return (
      <div className="border border-line rounded-lg bg-surface">
        <Empty title={t(filtered ? "courses.noneFound" : "courses.none")}>
          {filtered ? <Button onClick={onClear}>{t("list.clear")}</Button> : t("courses.noneHelp")}
        </Empty>
      </div>
    );
  return (
    <div ref={list} className="border border-line rounded-lg bg-surface overflow-clip">
      <Table label={t("courses.title")} cols={COLS} colsPhone="minmax(0, 1fr) auto" busy={pages.pending}>
        <Columns />
        {chunked(items, CHUNK).map((rows, index) => (
          <Body key={index} chunk={index > 0}>
            {rows.map((course) => <CourseLine key={course.id} course={course} />)}
          </Body>
        ))}
      </Table>
      <ListFoot pages={pages} count={t(pages.hasMore ? "courses.countMore" : "courses.count", { count: items.length })} keys={<RowKeyHints />} />
    </div>
  );
}

function CourseLine({ course }: { course: CourseRow }) {
  const t = useT();
  const locale = useLocale();
  const routes = useRoutes();
  return (
    <Row>
      <Cell className="code text-muted whitespace-nowrap max-sm:order-2 max-sm:text-meta">{course.code}</Cell>
      <Cell className="max-sm:order-1 max-sm:col-span-2">
        <RecordLink href={routes.course(course.id)} warm={[queries.course(course.id), queries.courseSections(course.id)]} className="row-link sm:block sm:truncate">{course.title}</RecordLink>
      </Cell>
      <Cell className="text-muted max-sm:hidden sm:truncate">{course.department.name}</Cell>
      <Cell numeric className="max-sm:order-3 max-sm:text-meta max-sm:text-muted">
        {formatCredits(t, course.credits, locale)}<span className="sm:hidden"> {t("credits.unit")}</span>
      </Cell>
    </Row>
  );
}

export function CourseListSkeleton() {
  const t = useT();
  return (
    <div className="border border-line rounded-lg bg-surface overflow-clip" aria-busy="true">
      <Table label={t("courses.title")} cols={COLS} colsPhone="minmax(0, 1fr) auto" busy>
        <Columns />
        <Body>
          {SKELETON_TITLES.map((ch, index) => (
            <Row key={index}>
              <Cell className="code max-sm:order-2 max-sm:text-meta"><Skeleton ch={6} /></Cell>
              <Cell className="max-sm:order-1 max-sm:col-span-2"><Skeleton ch={ch} /></Cell>
              <Cell className="max-sm:hidden"><Skeleton ch={16} /></Cell>
              <Cell numeric className="max-sm:order-3 max-sm:text-meta"><Skeleton ch={2} /></Cell>
            </Row>
          ))}
        </Body>
      </Table>
    </div>
  );
}
