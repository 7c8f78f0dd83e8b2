"use client";
import { Suspense } from "react";
import { ExportMenu } from "@/components/layout/export-menu";
import { RecordLink } from "@/components/layout/record-link";
import { useLocale, useRoutes, useT } from "@/components/layout/locale";
import { Empty, LoadProblem } from "@/components/layout/list-states";
import { PageHead } from "@/components/layout/page-head";
import { Rows } from "@/components/layout/rows";
import { knownSort, SortHead, SortPicker, type Column, type Sorting } from "@/components/layout/sort";
import { useFilters } from "@/components/layout/use-filters";
import { useMe } from "@/components/layout/use-me";
import { useRowKeys } from "@/components/layout/use-row-keys";
import { Panel } from "@/components/ui/panel";
import { Skeleton } from "@/components/ui/skeleton";
import { Body, Cell, Row, Table } from "@/components/ui/table";
import { Tag, type Tone } from "@/components/ui/tag";
import { Typed } from "@/components/ui/typed";
import { NO_PAGES, useDataReady, useWhole, type Pages } from "@/lib/data";
import { exports } from "@/lib/exports";
import { formatInstantDate, formatNumber } from "@/lib/format";
import { queries } from "@/lib/queries";
import type { CourseResult, Outcome } from "@/shared";
import type { MessageKey, Translate } from "@/lib/messages";

const OUTCOMES: Readonly<Record<Outcome, { label: MessageKey; tone: Tone }>> = {
  passed: { label: "outcome.passed", tone: "ok" },
  failed: { label: "outcome.failed", tone: "danger" },
  withdrawn: { label: "outcome.withdrawn", tone: "plain" },
  incomplete: { label: "outcome.incomplete", tone: "warn" },
};

const COLS = "minmax(12rem, 3fr) 8rem 8rem 4rem";

/** Results by term in the order the server gives: the latest first. */
function byTerm(results: readonly CourseResult[]): { id: string; name: string; results: CourseResult[] }[] {
  const terms = new Map<string, { id: string; name: string; results: CourseResult[] }>();
  for (const result of results) {
    const term = terms.get(result.term.id) ?? { id: result.term.id, name: result.term.name, results: [] };
    term.results.push(result);
    terms.set(term.id, term);
  }
  return [...terms.values()];
}

const columnsOf = (t: Translate): readonly Column[] => [
  { label: t("record.term"), sort: "term" },
  { label: t("section.course"), sort: "course" },
  { label: t("record.outcome"), sort: "outcome" },
  { label: t("record.decided"), sort: "decided" },
  { label: t("courses.credits"), sort: "credits", numeric: true },
];

const NAMES = ["sort"] as const;
const LATEST_FIRST = "-term";

export function Record() {
  return (
    <Suspense fallback={<RecordView sort={undefined} onSort={() => undefined} />}>
      <Finder />
    </Suspense>
  );
}

function Finder() {
  const t = useT();
  const [filters, setFilters] = useFilters(NAMES);
  const sort = knownSort(columnsOf(t), filters.sort);
  const results = useWhole(queries.results(sort));
  useDataReady(results.items !== undefined);
  return (
    <RecordView
      sort={sort}
      results={results}
      onSort={(next) => {
        setFilters({ sort: next });
      }}
    />
  );
}

interface RecordViewProps {
  sort: string | undefined;
  results?: Pages<CourseResult>;
  onSort: (sort: string | undefined) => void;
}

/** By term each term is a table with its sum; in any other order all results are one. */
function RecordView({ sort, results = NO_PAGES, onSort }: RecordViewProps) {
  const t = useT();
  const locale = useLocale();
  const list = useRowKeys<HTMLDivElement>();
  const { items } = results;
  const problem = results.problem ?? results.moreProblem;
  const earned = items?.reduce((sum, { credits }) => sum + credits, 0) ?? 0;
  const sorting: Sorting = { sort, initial: LATEST_FIRST, onSort };
  const terms = items && (sort === undefined || sort === "term" || sort === LATEST_FIRST) ? byTerm(items) : undefined;
  return (
    <>
      <PageHead
        title={t("record.title")}
        below={
          items ? (
            <span className="num">{t("record.earned", { credits: formatNumber(locale, earned), count: earned })}</span>
          ) : (
            <Skeleton ch={18} />
          )
        }
      />
      {problem && !items ? <LoadProblem problem={problem} onRetry={results.moreProblem ? results.loadMore : results.reload} /> : null}
      {items?.length === 0 ? (
        <div className="border border-line rounded-lg bg-surface">
          <Empty title={t("record.none")}>{t("record.noneHelp")}</Empty>
        </div>
      ) : null}
      {(items?.length ?? 0) > 0 || (!items && !problem) ? (
        <div className="mb-3 flex flex-wrap justify-between gap-2">
          <SortPicker columns={columnsOf(t)} sorting={sorting} always />
          <ExportMenu of={(format) => exports.results(sort, format)} />
        </div>
      ) : null}
      <div ref={list} className="grid grid-cols-1 gap-4">
        {terms?.map((term) => (
          <TermResults key={term.id} id={`term-${term.id}`} name={term.name} results={term.results} />
        ))}
        {items && !terms && items.length > 0 ? <AllResults results={items} sorting={sorting} /> : null}
        {!items && !problem ? <TermSkeleton /> : null}
      </div>
    </>
  );
}

function Columns() {
  const t = useT();
  return <SortHead columns={columnsOf(t).slice(1)} />;
}

function AllResults({ results, sorting }: { results: readonly CourseResult[]; sorting: Sorting }) {
  const t = useT();
  return (
    <div className="border border-line rounded-lg bg-surface overflow-clip">
      <Table label={t("record.title")} cols={`8rem ${COLS}`}>
        <SortHead columns={columnsOf(t)} sorting={sorting} />
        <Rows items={results} row={lineWithTerm} />
      </Table>
    </div>
  );
}

const lineWithTerm = (result: CourseResult) => <Line key={result.id} result={result} term />;

function Line({ result, term = false }: { result: CourseResult; term?: boolean }) {
  const t = useT();
  const locale = useLocale();
  const routes = useRoutes();
  const { data: me } = useMe();
  return (
    <Row>
      {term ? <Cell className="text-muted stack:col-span-2 stack:text-meta">{result.term.name}</Cell> : null}
      <Cell>
        <RecordLink
          href={routes.course(result.course.id)}
          warm={[queries.course(result.course.id)]}
          className="row-link flat:block flat:truncate"
        >
          <span className="code text-muted mr-2.5">{result.course.code}</span>
          <Typed>{result.course.title}</Typed>
        </RecordLink>
      </Cell>
      <Cell className="stack:order-4 stack:text-end">
        <Tag tone={OUTCOMES[result.outcome].tone}>{t(OUTCOMES[result.outcome].label)}</Tag>
      </Cell>
      <Cell className="text-muted num stack:order-3 stack:text-meta">
        {me ? formatInstantDate(locale, result.decidedAt, me.institution.timeZone) : ""}
      </Cell>
      <Cell numeric className="stack:order-2 whitespace-nowrap">
        {formatNumber(locale, result.credits)}
        <span className="flat:hidden"> {t("credits.unit")}</span>
      </Cell>
    </Row>
  );
}

function TermResults({ id, name, results }: { id: string; name: string; results: readonly CourseResult[] }) {
  const t = useT();
  const locale = useLocale();
  const sum = results.reduce((total, { credits }) => total + credits, 0);
  return (
    <Panel id={id} title={name} aside={t("credits.of", { credits: formatNumber(locale, sum), count: sum })}>
      <Table label={name} cols={COLS}>
        <Columns />
        <Body>
          {results.map((result) => (
            <Line key={result.id} result={result} />
          ))}
        </Body>
      </Table>
    </Panel>
  );
}

function TermSkeleton() {
  const t = useT();
  return (
    <Panel id="term-loading" title={t("record.title")} aside={<Skeleton ch={9} />}>
      <Table label={t("record.title")} cols={COLS} busy>
        <Columns />
        <Body>
          {[24, 20, 27, 22].map((ch) => (
            <Row key={ch}>
              <Cell>
                <Skeleton ch={ch} />
              </Cell>
              <Cell className="stack:order-4 stack:text-end">
                <Skeleton ch={8} />
              </Cell>
              <Cell className="stack:order-3 stack:text-meta">
                <Skeleton ch={10} />
              </Cell>
              <Cell numeric className="stack:order-2">
                <Skeleton ch={1} />
              </Cell>
            </Row>
          ))}
        </Body>
      </Table>
    </Panel>
  );
}
