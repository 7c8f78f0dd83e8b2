"use client";
import { useRouter } from "next/navigation";
import { useEffect, useId, useMemo, useRef, useState, type KeyboardEvent } from "react";
import { cx } from "@/components/ui/cx";
import { Icon, type IconName } from "@/components/ui/icon";
import { Kbd } from "@/components/ui/kbd";
import { useGet } from "@/lib/data";
import { queries } from "@/lib/queries";
import { useDebounced } from "@/lib/use-debounced";
import { destinationsOf } from "./destinations";
import { useRoutes, useT } from "./locale";
import { useMe } from "./use-me";

interface Found {
  readonly key: string;
  readonly icon: IconName;
  readonly label: string;
  readonly code?: string;
  readonly detail?: string;
  readonly href: string;
}
interface Group {
  readonly title: string;
  readonly items: readonly Found[];
}

const PER_GROUP = 6;

const folded = (text: string): string => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** Courses and people are found by the server, which forgives typing errors; pages and departments are few and found here. */
function useFound(text: string): { groups: Group[]; searching: boolean } {
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
  }, [text, q, t, routes, me, courses.data, users.data, departments.data]);
  const searching = q !== text.trim() || (q !== "" && (courses.pending || (admin && users.pending)));
  return { groups, searching };
}

export function Palette({ onClose }: { onClose: () => void }) {
  const t = useT();
  const router = useRouter();
  const dialog = useRef<HTMLDialogElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const id = useId();
  const { groups, searching } = useFound(text);
  const items = groups.flatMap((group) => group.items);
  const current = Math.min(at, Math.max(0, items.length - 1));
  useEffect(() => {
    const opener = document.activeElement;
    const element = dialog.current;
    element?.showModal();
    return () => {
      element?.close();
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    };
  }, []);
  useEffect(() => {
    list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }, [current, groups]);
  const go = (item: Found | undefined) => {
    if (!item) return;
    onClose();
    router.push(item.href);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const moves: Record<string, number> = {
      ArrowDown: current + 1,
      ArrowUp: current - 1,
      PageDown: current + PER_GROUP,
      PageUp: current - PER_GROUP,
    };
    const to = moves[event.key];
    if (event.key === "Enter") go(items[current]);
    else if (to === undefined || items.length === 0) return;
    else setAt(event.key.startsWith("Page") ? Math.min(items.length - 1, Math.max(0, to)) : (to + items.length) % items.length);
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
      <div className="flex items-center gap-2.5 border-b border-line px-4">
        <Icon name="search" className="text-muted" />
        <input
          autoFocus
          role="combobox"
          aria-expanded={items.length > 0}
          aria-controls={`${id}-list`}
          aria-activedescendant={items.length > 0 ? `${id}-${String(current)}` : undefined}
          aria-autocomplete="list"
          aria-label={t("palette.open")}
          value={text}
          maxLength={100}
          autoComplete="off"
          spellCheck={false}
          placeholder={t("palette.placeholder")}
          onKeyDown={onKeyDown}
          onChange={(event) => {
            setText(event.target.value);
            setAt(0);
          }}
          className="h-12 min-w-0 flex-1 bg-transparent text-lead outline-none"
        />
        <span className="max-sm:hidden">
          <Kbd>{t("palette.escape")}</Kbd>
        </span>
      </div>
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
            first={items.indexOf(group.items[0] as Found)}
            current={current}
            id={id}
            onPick={go}
            onPoint={setAt}
          />
        ))}
      </div>
      <p role="status" className={cx("px-4 pb-4 text-muted", items.length > 0 && "sr-only")}>
        {searching ? t("palette.searching") : t("palette.count", { count: items.length, q: text.trim() })}
      </p>
    </dialog>
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
              "flex cursor-pointer items-center gap-2.5 min-h-11 sm:min-h-9 rounded-md px-2.5",
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
