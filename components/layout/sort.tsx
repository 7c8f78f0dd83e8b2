"use client";
import { Select } from "@/components/ui/control";
import { Head, HeadCell } from "@/components/ui/table";
import { useT } from "./locale";

/** A column of a table. `sort` is its name in the API's `sort`; without one the list cannot be ordered by it. */
export interface Column {
  readonly label: string;
  readonly sort?: string;
  readonly numeric?: boolean;
}

export interface Sorting {
  /** The API's word: a column's name, with `-` in front when it is turned around; none: the list's own order. */
  readonly sort: string | undefined;
  /** The order of the list when nothing is chosen; none while a search puts the best match first. */
  readonly initial: string | undefined;
  readonly onSort: (sort: string | undefined) => void;
}

/** What stands in an address may be anything: only what the table can be ordered by counts. */
export const knownSort = (columns: readonly Column[], sort: string | undefined): string | undefined =>
  columns.some((column) => column.sort !== undefined && column.sort === sort?.replace(/^-/, "")) ? sort : undefined;

/** The names of the columns, as buttons where the list can be ordered. On a phone `SortPicker` takes their place. */
export function SortHead({ columns, sorting }: { columns: readonly Column[]; sorting?: Sorting | undefined }) {
  return (
    <Head>
      {columns.map((column) => (
        <SortCell key={column.label} column={column} sorting={sorting} />
      ))}
    </Head>
  );
}

function SortCell({ column: { label, sort, numeric }, sorting }: { column: Column; sorting: Sorting | undefined }) {
  if (!sort || !sorting) return <HeadCell numeric={numeric}>{label}</HeadCell>;
  const now = sorting.sort ?? sorting.initial;
  const down = now === `-${sort}`;
  const active = down || now === sort;
  const wanted = active && !down ? `-${sort}` : sort;
  return (
    <HeadCell numeric={numeric} aria-sort={active ? (down ? "descending" : "ascending") : "none"}>
      <button
        type="button"
        className={`sort-button stack:hidden ${active ? "text-text" : ""}`}
        onClick={() => {
          sorting.onSort(wanted === sorting.initial ? undefined : wanted);
        }}
      >
        {label}
        <span aria-hidden="true" className="sort-arrow">
          {active ? (down ? "↓" : "↑") : ""}
        </span>
      </button>
      <span className="flat:hidden">{label}</span>
    </HeadCell>
  );
}

interface SortPickerProps {
  columns: readonly Column[];
  sorting: Sorting;
  /** What the list's own order is called when no column gives it. */
  natural?: string;
  /** Also where there is room for a head: for lists whose rows stand in several tables. */
  always?: boolean;
}

/** The same choice as one control: on a phone, where a table has no head. */
export function SortPicker({ columns, sorting, natural, always = false }: SortPickerProps) {
  const t = useT();
  const { sort, initial, onSort } = sorting;
  const sortable = columns.filter((column) => column.sort !== undefined);
  return (
    <div className={always ? "min-w-0 flex-[0_1_14rem]" : "min-w-0 flex-[1_1_14rem] flat:hidden"}>
      <Select
        look="quiet"
        aria-label={t("sort.by")}
        value={sort ?? initial ?? ""}
        onChange={(event) => {
          const wanted = event.target.value || undefined;
          onSort(wanted === initial ? undefined : wanted);
        }}
      >
        {initial === undefined ? <option value="">{natural ?? t("sort.best")}</option> : null}
        {sortable.flatMap(({ label, sort: name = "" }) => [
          <option key={name} value={name}>
            {t("sort.up", { column: label })}
          </option>,
          <option key={`-${name}`} value={`-${name}`}>
            {t("sort.down", { column: label })}
          </option>,
        ])}
      </Select>
    </div>
  );
}
