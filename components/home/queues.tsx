"use client";
import Link from "next/link";
import { useLocale, useRoutes, useT } from "@/components/layout/locale";
import { Empty, ListFoot, LoadProblem } from "@/components/layout/list-states";
import { RowKeyHints } from "@/components/layout/row-key-hints";
import { useFilters } from "@/components/layout/use-filters";
import { useRowKeys } from "@/components/layout/use-row-keys";
import { cx } from "@/components/ui/cx";
import { Skeleton } from "@/components/ui/skeleton";
import { Body, Cell, Head, HeadCell, Row, Table } from "@/components/ui/table";
import { useDataReady, usePages } from "@/lib/data";
import { formatNumber } from "@/lib/format";
import { queries } from "@/lib/queries";
import type { Overview, QueueKind } from "@/shared";
import { QUEUE_COLS, QueueRow, QueueRowSkeleton } from "./queue-row";
import { isQueue, KINDS, QUEUES } from "./queue-words";

const NAMES = ["queue"] as const;
type Queue = Overview["queues"][number];

/** What waits, sorted by what breaks first: the head of every queue, or one queue to its end. Which, stands in the URL. */
export function Queues({ queues }: { queues: readonly Queue[] | undefined }) {
  const [filters, setFilters] = useFilters(NAMES);
  const chosen = isQueue(filters.queue) ? filters.queue : undefined;
  const pick = (queue: QueueKind | undefined) => {
    setFilters({ queue });
  };
  return (
    <QueueFrame queues={queues} chosen={chosen} onPick={pick}>
      {chosen ? <OneQueue key={chosen} kind={chosen} /> : <AllQueues queues={queues} onPick={pick} />}
    </QueueFrame>
  );
}

interface QueueFrameProps {
  queues: readonly Queue[] | undefined;
  chosen?: QueueKind | undefined;
  onPick?: (queue: QueueKind | undefined) => void;
  children: React.ReactNode;
}

export function QueueFrame({ queues, chosen, onPick, children }: QueueFrameProps) {
  const t = useT();
  return (
    <section aria-label={t("admin.queues")} className="border border-line rounded-lg bg-surface overflow-clip">
      <nav aria-label={t("admin.queues")} className="flex flex-wrap gap-x-5 px-4 border-b border-line min-h-11">
        <QueueTab label={t("queue.all")} count={queues?.reduce((sum, { count }) => sum + count, 0)} here={!chosen} onPick={onPick} />
        {/* Every queue has its tab, also before and when nothing waits there: none comes or goes. */}
        {KINDS.map((kind) => (
          <QueueTab
            key={kind}
            kind={kind}
            label={t(QUEUES[kind].tab)}
            count={queues && (queues.find((queue) => queue.kind === kind)?.count ?? 0)}
            here={kind === chosen}
            onPick={onPick}
          />
        ))}
      </nav>
      {children}
    </section>
  );
}

interface QueueTabProps {
  kind?: QueueKind;
  label: string;
  count: number | undefined;
  here: boolean;
  onPick?: ((queue: QueueKind | undefined) => void) | undefined;
}

function QueueTab({ kind, label, count, here, onPick }: QueueTabProps) {
  const locale = useLocale();
  return (
    <QueueLink
      kind={kind}
      onPick={onPick}
      current={here}
      className={cx(
        "inline-flex items-center gap-1.5 min-h-11 -mb-px border-b-2 hover:text-text",
        here ? "border-accent text-text font-strong" : "border-transparent text-muted",
      )}
    >
      {label}
      <span className="num text-muted font-normal">{count === undefined ? <Skeleton ch={2} /> : formatNumber(locale, count)}</span>
    </QueueLink>
  );
}

interface QueueLinkProps {
  kind: QueueKind | undefined;
  current?: boolean;
  onPick?: ((queue: QueueKind | undefined) => void) | undefined;
  className: string;
  children: React.ReactNode;
}

/** A real link, so that a queue can be opened elsewhere; a plain click changes the view in place, without asking for the page again. */
function QueueLink({ kind, current, onPick, className, children }: QueueLinkProps) {
  const routes = useRoutes();
  return (
    <Link
      href={routes.overview({ queue: kind })}
      prefetch={false}
      aria-current={current ? "true" : undefined}
      className={className}
      onClick={(event) => {
        if (!onPick || event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
        event.preventDefault();
        onPick(kind);
      }}
    >
      {children}
    </Link>
  );
}

function Columns({ title }: { title: string }) {
  const t = useT();
  return (
    <Head>
      <HeadCell>{title}</HeadCell>
      <HeadCell numeric>{t("queue.waiting")}</HeadCell>
      <HeadCell>{t("queue.owner")}</HeadCell>
      <HeadCell>
        <span className="sr-only">{t("queue.action")}</span>
      </HeadCell>
    </Head>
  );
}

function AllQueues({ queues, onPick }: { queues: readonly Queue[] | undefined; onPick: (queue: QueueKind) => void }) {
  const t = useT();
  const list = useRowKeys<HTMLDivElement>();
  const open = queues?.filter(({ count }) => count > 0);
  if (!open) return <QueueSkeleton />;
  if (open.length === 0) return <Empty title={t("admin.nothingWaits")}>{t("admin.nothingWaitsHelp")}</Empty>;
  return (
    <div ref={list}>
      {open.map((queue) => (
        <QueueHead key={queue.kind} queue={queue} onPick={onPick} />
      ))}
      <Keys />
    </div>
  );
}

/** The first rows of one queue, and the way to the rest. */
function QueueHead({ queue: { kind, count, examples }, onPick }: { queue: Queue; onPick: (queue: QueueKind) => void }) {
  const t = useT();
  const rest = count - examples.length;
  const title = t(QUEUES[kind].title, { count });
  return (
    <div className="queue border-b border-line">
      {/* The table has this as its name, and as a column's where there are columns to see. */}
      <p aria-hidden="true" className="flat:hidden bg-bg border-b border-line px-4 py-1.5 text-meta font-strong">
        {title}
      </p>
      <Table label={title} cols={QUEUE_COLS}>
        <Columns title={title} />
        <Body>
          {examples.map((item) => (
            <QueueRow key={item.id} kind={kind} item={item} />
          ))}
          {rest > 0 ? (
            <Row>
              <Cell className="col-span-full">
                <QueueLink
                  kind={kind}
                  onPick={() => {
                    onPick(kind);
                  }}
                  className="row-link text-accent num"
                >
                  {t("queue.more", { count: rest })}
                </QueueLink>
              </Cell>
            </Row>
          ) : null}
        </Body>
      </Table>
    </div>
  );
}

function OneQueue({ kind }: { kind: QueueKind }) {
  const t = useT();
  const routes = useRoutes();
  const list = useRowKeys<HTMLDivElement>();
  const pages = usePages(queries.queue(kind));
  const { items, problem } = pages;
  useDataReady(items !== undefined);
  if (!items) return problem ? <LoadProblem problem={problem} onRetry={pages.reload} /> : <QueueSkeleton />;
  if (items.length === 0) return <Empty title={t("queue.none")}>{t("queue.noneHelp")}</Empty>;
  const title = t(QUEUES[kind].title, { count: items.length });
  return (
    <div ref={list} className="queue">
      {QUEUES[kind].importable ? (
        <p className="flex flex-wrap gap-x-3 px-4 py-2 border-b border-line text-muted">
          {t("queue.importHelp")}
          <Link href={routes.importCatalog()} prefetch={false} className="text-accent underline underline-offset-4">
            {t("import.title")}
          </Link>
        </p>
      ) : null}
      <Table label={title} cols={QUEUE_COLS} busy={pages.pending}>
        <Columns title={t("queue.worstFirst")} />
        <Body>
          {items.map((item) => (
            <QueueRow key={item.id} kind={kind} item={item} />
          ))}
        </Body>
      </Table>
      <ListFoot
        pages={pages}
        count={t(pages.hasMore ? "queue.countMore" : "queue.count", { count: items.length })}
        keys={<RowKeyHints search={false} />}
      />
    </div>
  );
}

function Keys() {
  return (
    <p className="stack:hidden flex justify-end gap-3 px-4 py-2.5 text-meta text-muted">
      <RowKeyHints search={false} />
    </p>
  );
}

/** Band by band and row by row as tall as what comes: nothing below it moves. */
export function QueueSkeleton() {
  const t = useT();
  return (
    <div aria-busy="true">
      {[0, 1, 2, 3].map((band) => (
        <div key={band} className="queue border-b border-line">
          <p className="flat:hidden bg-bg border-b border-line px-4 py-1.5 text-meta">
            <Skeleton ch={26} />
          </p>
          <Table label={t("admin.queues")} cols={QUEUE_COLS} busy>
            <Columns title={t("queue.worstFirst")} />
            <Body>
              {[24, 31, 20, 27, 22].map((ch) => (
                <QueueRowSkeleton key={ch} ch={ch} />
              ))}
              <Row>
                <Cell className="col-span-full">
                  <Skeleton ch={10} />
                </Cell>
              </Row>
            </Body>
          </Table>
        </div>
      ))}
    </div>
  );
}
