"use client";
import { RecordLink } from "@/components/layout/record-link";
import { useLocale, useRoutes, useT } from "@/components/layout/locale";
import { Empty, LoadProblem } from "@/components/layout/list-states";
import { PageHead } from "@/components/layout/page-head";
import { useMe } from "@/components/layout/use-me";
import { useRowKeys } from "@/components/layout/use-row-keys";
import { Panel } from "@/components/ui/panel";
import { Skeleton } from "@/components/ui/skeleton";
import { Body, Cell, Head, HeadCell, Row, Table } from "@/components/ui/table";
import { Tag, type Tone } from "@/components/ui/tag";
import { Typed } from "@/components/ui/typed";
import { useDataReady, useGet } from "@/lib/data";
import { formatInstantDate, formatNumber } from "@/lib/format";
import { queries } from "@/lib/queries";
import type { Outcome, CourseResult } from "@/shared";
import type { MessageKey } from "@/lib/messages";

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

export function Record() {
  const t = useT();
  const locale = useLocale();
  const list = useRowKeys<HTMLDivElement>();
  const { data, problem, reload } = useGet(queries.results());
  useDataReady(data !== undefined);
  const earned = data?.items.reduce((sum, { credits }) => sum + credits, 0) ?? 0;
  return (
    <>
      <PageHead
        title={t("record.title")}
        below={
          data ? (
            <span className="num">{t("record.earned", { credits: formatNumber(locale, earned), count: earned })}</span>
          ) : (
            <Skeleton ch={18} />
          )
        }
      />
      {problem && !data ? <LoadProblem problem={problem} onRetry={reload} /> : null}
      {data?.items.length === 0 ? (
        <div className="border border-line rounded-lg bg-surface">
          <Empty title={t("record.none")}>{t("record.noneHelp")}</Empty>
        </div>
      ) : null}
      <div ref={list} className="grid grid-cols-1 gap-4">
        {data ? (
          byTerm(data.items).map((term) => <TermResults key={term.id} id={`term-${term.id}`} name={term.name} results={term.results} />)
        ) : problem ? null : (
          <TermSkeleton />
        )}
      </div>
    </>
  );
}

function Columns() {
  const t = useT();
  return (
    <Head>
      <HeadCell>{t("section.course")}</HeadCell>
      <HeadCell>{t("record.outcome")}</HeadCell>
      <HeadCell>{t("record.decided")}</HeadCell>
      <HeadCell numeric>{t("courses.credits")}</HeadCell>
    </Head>
  );
}

function TermResults({ id, name, results }: { id: string; name: string; results: readonly CourseResult[] }) {
  const t = useT();
  const locale = useLocale();
  const routes = useRoutes();
  const { data: me } = useMe();
  const sum = results.reduce((total, { credits }) => total + credits, 0);
  return (
    <Panel id={id} title={name} aside={t("credits.of", { credits: formatNumber(locale, sum), count: sum })}>
      <Table label={name} cols={COLS}>
        <Columns />
        <Body>
          {results.map((result) => (
            <Row key={result.id}>
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
