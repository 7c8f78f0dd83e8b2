"use client";
import { useState, type ReactNode, type RefObject } from "react";
import { Button } from "@/components/ui/button";
import { Body, Table } from "@/components/ui/table";
import { chunked } from "@/lib/chunked";
import type { Pages } from "@/lib/data";
import { Empty, ListFoot, LoadProblem } from "./list-states";
import { RowKeyHints } from "./row-key-hints";
import { useRowKeys } from "./use-row-keys";
import { useT } from "./locale";

const CHUNK = 50;

interface ListFrameProps<T> {
  label: string;
  cols: string;
  head: ReactNode;
  pages: Pages<T>;
  row: (item: T) => ReactNode;
  skeleton: ReactNode;
  count: (shown: number, more: boolean) => string;
  empty: { title: string; help: ReactNode };
  /** Given when filters are set: nothing found then means "try less", not "nothing exists". */
  onClear?: (() => void) | undefined;
  noneFound: string;
  search?: RefObject<HTMLInputElement | null> | undefined;
}

/** Every list of records in all its states: loading in its true shape, empty, refused, filled, and being read further. */
export function ListFrame<T>({ label, cols, head, pages, row, skeleton, count, empty, onClear, noneFound, search }: ListFrameProps<T>) {
  const t = useT();
  const list = useRowKeys<HTMLDivElement>(search);
  const { items, problem } = pages;
  const found = items && (items.length === 0 ? (onClear ? noneFound : empty.title) : count(items.length, pages.hasMore));
  // Said once the answer is there, from a place that was there before it: a region that arrives with its text is often not read.
  const [said, say] = useState(found);
  if (!pages.pending && found !== undefined && said !== found) say(found);
  return (
    <div ref={list} className="border border-line rounded-lg bg-surface overflow-clip">
      <p role="status" className="sr-only">
        {said}
      </p>
      {!items && problem ? <LoadProblem problem={problem} onRetry={pages.reload} /> : null}
      {items?.length === 0 ? (
        <Empty title={onClear ? noneFound : empty.title}>
          {onClear ? <Button onClick={onClear}>{t("list.clear")}</Button> : empty.help}
        </Empty>
      ) : null}
      {(items?.length ?? 0) > 0 || (!items && !problem) ? (
        <Table label={label} cols={cols} busy={pages.pending}>
          {head}
          {items ? (
            chunked(items, CHUNK).map((rows, index) => (
              <Body key={index} chunk={index > 0}>
                {rows.map(row)}
              </Body>
            ))
          ) : (
            <Body>{skeleton}</Body>
          )}
        </Table>
      ) : null}
      {items && items.length > 0 ? (
        <ListFoot
          live={false}
          pages={pages}
          count={count(items.length, pages.hasMore)}
          keys={<RowKeyHints search={search !== undefined} />}
        />
      ) : null}
    </div>
  );
}
