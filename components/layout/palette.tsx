"use client";
import { useRouter } from "next/navigation";
import { useEffect, useId, useMemo, useRef, useState, type KeyboardEvent, type RefObject } from "react";
import { IconButton } from "@/components/ui/button";
import { cx } from "@/components/ui/cx";
import { Icon, type IconName } from "@/components/ui/icon";
import { Kbd } from "@/components/ui/kbd";
import { useGet } from "@/lib/data";
import { queries } from "@/lib/queries";
import type { Problem } from "@/lib/problem";
import { mayLeave } from "@/lib/unsaved";
import { useDebounced } from "@/lib/use-debounced";
import { destinationsOf } from "./destinations";
import { useRoutes, useT } from "./locale";
import { usePaletteActions, type Opens } from "./palette-actions";
import { ProblemNotice } from "./problem-notice";
import { useMe } from "./use-me";

interface Found {
  readonly key: string;
  readonly icon: IconName;
  readonly label: string;
  readonly code?: string;
  readonly detail?: string;
  /** Where it leads, or what it does. */
  readonly href?: string;
  readonly run?: () => void;
}
interface Group {
  readonly title: string;
  readonly items: readonly Found[];
}

interface Search {
  readonly groups: readonly Group[];
  readonly searching: boolean;
  readonly problem: Problem | undefined;
  readonly retry: () => void;
}

const PER_GROUP = 6;

const folded = (text: string): string => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** Courses and people are found by the server, which forgives typing errors; pages and departments are few and found here. */
function useFound(text: string, actions: readonly Found[]): Search {
  const t = useT();
  const routes = useRoutes();
  const { data: me } = useMe();
  const q = useDebounced(text.trim(), 120);
  const admin = me?.can.manageUsers ?? false;
  const courses = useGet(q ? queries.courses({ q }) : null);
  const users = useGet(q && admin ? queries.users({ q }) : null);
  const departments = useGet(q ? queries.allDepartments() : null);
  const groups = useMemo(() => {
    const wanted = folded(text.trim());
    const pages = destinationsOf(routes)
      .filter((one) => me && one.roles.includes(me.role) && folded(t(one.label)).includes(wanted))
      .map((one): Found => ({ key: one.key, icon: one.icon, label: t(one.label), href: one.href }));
    const matching = (departments.data?.items ?? []).filter((one) => folded(`${one.code} ${one.name}`).includes(folded(q)));
    return [
      { title: t("palette.pages"), items: pages },
      { title: t("palette.actions"), items: wanted ? actions.filter((one) => folded(one.label).includes(wanted)) : actions.slice(0, 3) },
      {
        title: t("palette.courses"),
        items: (courses.data?.items ?? []).map((one): Found => ({
          key: one.id,
          icon: "book",
          label: one.title,
          code: one.code,
          detail: one.department.name,
          href: routes.course(one.id),
        })),
      },
      {
        title: t("palette.departments"),
        items: q
          ? matching.map((one): Found => ({
              key: one.id,
              icon: "department",
              label: one.name,
              code: one.code,
              href: routes.department(one.id),
            }))
          : [],
      },
      {
        title: t("palette.people"),
        items: (users.data?.items ?? []).map((one): Found => ({
          key: one.id,
          icon: "person",
          label: one.name,
          detail: one.studentNumber ?? one.email ?? undefined,
          href: routes.user(one.id),
        })),
      },
    ]
      .map((group) => ({ ...group, items: group.items.slice(0, PER_GROUP) }))
      .filter((group) => group.items.length > 0);
  }, [text, q, t, routes, me, actions, courses.data, users.data, departments.data]);
  const searching = q !== text.trim() || (q !== "" && (courses.pending || departments.pending || (admin && users.pending)));
  const failed = [courses, users, departments].filter((one) => one.problem !== undefined && one.data === undefined);
  const retry = () => {
    for (const one of failed) one.reload();
  };
  return { groups, searching, problem: failed[0]?.problem, retry };
}

export function Palette({ onClose, onOpen }: { onClose: () => void; onOpen: (form: Opens) => void }) {
  const t = useT();
  const router = useRouter();
  const dialog = useRef<HTMLDialogElement>(null);
  const [text, setText] = useState("");
  // By its key: results that arrive late must not move the choice to something else.
  const [chosen, choose] = useState<string>();
  const [entered, setEntered] = useState(false);
  const id = useId();
  const actions = usePaletteActions(onOpen);
  const found = useFound(text, actions);
  const { groups, searching } = found;
  const items = groups.flatMap((group) => group.items);
  const current = Math.max(
    0,
    items.findIndex((item) => item.key === chosen),
  );
  const setAt = (index: number) => {
    choose(items[index]?.key);
  };
  useModal(dialog);
  const go = (item: Found | undefined) => {
    if (!item) return;
    if (item.href && !mayLeave(t("unsaved.question"))) return;
    onClose();
    if (item.href) router.push(item.href);
    else item.run?.();
  };
  // Enter before the answer is there means the first of what will be found, not of what is still shown.
  const first = items[0];
  useEffect(() => {
    if (entered && !searching) go(first);
  });
  const onKeyDown = (event: KeyboardEvent) => {
    const to = moved(event.key, current, items.length);
    if (event.key === "Enter") {
      if (searching && chosen === undefined) setEntered(true);
      else go(items[current]);
    } else if (to === undefined) return;
    else setAt(to);
    event.preventDefault();
  };
  return (
    <dialog
      ref={dialog}
      aria-label={t("palette.open")}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        if (event.target === dialog.current) onClose();
      }}
      className="mx-auto mt-[max(0.75rem,12dvh)] w-[calc(100%-1.5rem)] max-w-xl overflow-hidden rounded-lg border border-line bg-surface text-text shadow-pop"
    >
      <SearchLine
        id={id}
        text={text}
        current={items.length > 0 ? current : undefined}
        onText={(next) => {
          setText(next);
          choose(undefined);
          setEntered(false);
        }}
        onKeyDown={onKeyDown}
        onClose={onClose}
      />
      <Results id={id} text={text.trim()} found={found} current={current} onPick={go} onPoint={setAt} />
    </dialog>
  );
}

/** Opens above the page, and gives the focus back to where it was. */
function useModal(dialog: RefObject<HTMLDialogElement | null>): void {
  useEffect(() => {
    const opener = document.activeElement;
    const element = dialog.current;
    element?.showModal();
    return () => {
      element?.close();
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    };
  }, [dialog]);
}

/** Where a key leads among `count` results: arrows go around, pages stop at the ends. */
function moved(key: string, current: number, count: number): number | undefined {
  if (count === 0) return undefined;
  const within = (to: number) => Math.min(count - 1, Math.max(0, to));
  if (key === "ArrowDown") return (current + 1) % count;
  if (key === "ArrowUp") return (current - 1 + count) % count;
  if (key === "PageDown") return within(current + PER_GROUP);
  return key === "PageUp" ? within(current - PER_GROUP) : undefined;
}

interface SearchLineProps {
  id: string;
  text: string;
  /** Which result is chosen, if there are any. */
  current: number | undefined;
  onText: (text: string) => void;
  onKeyDown: (event: KeyboardEvent) => void;
  onClose: () => void;
}

function SearchLine({ id, text, current, onText, onKeyDown, onClose }: SearchLineProps) {
  const t = useT();
  return (
    <div className="flex items-center gap-2.5 border-b border-line px-4">
      <Icon name="search" className="text-muted" />
      <input
        autoFocus
        role="combobox"
        aria-expanded={current !== undefined}
        aria-controls={`${id}-list`}
        aria-activedescendant={current === undefined ? undefined : `${id}-${String(current)}`}
        aria-autocomplete="list"
        aria-label={t("palette.open")}
        value={text}
        maxLength={100}
        autoComplete="off"
        spellCheck={false}
        placeholder={t("palette.placeholder")}
        onKeyDown={onKeyDown}
        onChange={(event) => {
          onText(event.target.value);
        }}
        className="h-12 min-w-0 flex-1 bg-transparent text-lead outline-none"
      />
      <span className="max-sm:hidden">
        <Kbd>{t("palette.escape")}</Kbd>
      </span>
      <IconButton name="close" label={t("palette.close")} onClick={onClose} className="sm:hidden pointer-coarse:inline-grid" />
    </div>
  );
}

interface ResultsProps {
  id: string;
  text: string;
  found: Search;
  current: number;
  onPick: (item: Found) => void;
  onPoint: (index: number) => void;
}

function Results({ id, text, found: { groups, searching, problem, retry }, current, onPick, onPoint }: ResultsProps) {
  const t = useT();
  const list = useRef<HTMLDivElement>(null);
  const items = groups.flatMap((group) => group.items);
  useEffect(() => {
    list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }, [current, groups]);
  return (
    <>
      <div
        ref={list}
        id={`${id}-list`}
        role="listbox"
        aria-label={t("palette.results")}
        aria-busy={searching}
        className="max-h-[min(26rem,60dvh)] overflow-y-auto p-1.5"
      >
        {groups.map((group) => (
          <PaletteGroup
            key={group.title}
            group={group}
            first={items.findIndex((item) => item.key === group.items[0]?.key)}
            current={current}
            id={id}
            onPick={onPick}
            onPoint={onPoint}
          />
        ))}
      </div>
      {problem ? (
        <div className="p-4">
          <ProblemNotice problem={problem} onRetry={retry} />
        </div>
      ) : null}
      <p role="status" className={cx("px-4 pb-4 text-muted", (items.length > 0 || problem) && "sr-only")}>
        {problem ? t("palette.failed") : searching ? t("palette.searching") : t("palette.count", { count: items.length, q: text })}
      </p>
    </>
  );
}

interface PaletteGroupProps {
  group: Group;
  first: number;
  current: number;
  id: string;
  onPick: (item: Found) => void;
  onPoint: (index: number) => void;
}

function PaletteGroup({ group, first, current, id, onPick, onPoint }: PaletteGroupProps) {
  return (
    <div role="group" aria-label={group.title}>
      <div aria-hidden="true" className="px-2.5 pt-2 pb-1 text-meta text-muted">
        {group.title}
      </div>
      {group.items.map((item, offset) => {
        const index = first + offset;
        return (
          // The combobox above holds the focus and the keys; a pointer may pick directly.
          <div
            key={item.key}
            id={`${id}-${String(index)}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === current}
            onClick={() => {
              onPick(item);
            }}
            onPointerMove={() => {
              if (index !== current) onPoint(index);
            }}
            className={cx(
              "flex cursor-pointer items-center gap-2.5 min-h-11 fine:min-h-9 rounded-md px-2.5",
              index === current && "bg-accent-wash text-accent",
            )}
          >
            <Icon name={item.icon} className="text-muted" />
            {item.code ? <span className={cx("code whitespace-nowrap", index !== current && "text-muted")}>{item.code}</span> : null}
            <span className="truncate">{item.label}</span>
            {item.detail ? <span className="ml-auto truncate pl-3 text-meta text-muted">{item.detail}</span> : null}
          </div>
        );
      })}
    </div>
  );
}
