"use client";
import { memo, type ReactNode } from "react";
import { Body } from "@/components/ui/table";
import { chunked, sameItems } from "@/lib/chunked";

const CHUNK = 50;

interface RowsProps<T> {
  items: readonly T[];
  /** One function for good, not one made anew for each drawing: what a row shows depends on its item and on hooks inside of it. */
  row: (item: T) => ReactNode;
}

/**
 * Rows in groups of fifty. A group far from the screen costs no layout (`.chunk`), and is drawn again only when one of its items has changed:
 * reading on costs the same however much is there. See docs/decisions/0011-long-lists.md.
 */
export function Rows<T>({ items, row }: RowsProps<T>) {
  return chunked(items, CHUNK).map((chunk, index) => <Chunk key={index} items={chunk} row={row} far={index > 0} />);
}

function ChunkOf<T>({ items, row, far }: RowsProps<T> & { far: boolean }) {
  return <Body chunk={far}>{items.map(row)}</Body>;
}

const Chunk = memo(ChunkOf, (was, now) => was.row === now.row && was.far === now.far && sameItems(was.items, now.items)) as typeof ChunkOf;
