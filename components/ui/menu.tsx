"use client";
import { createContext, useContext, useEffect, useId, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { Spinner } from "./button";
import { cx } from "./cx";

interface MenuProps {
  label: string;
  button: ReactNode;
  buttonClass: string;
  place: "above" | "below-end";
  children: ReactNode;
}

const Close = createContext<() => void>(() => undefined);

/** Closes the menu an item stands in, and gives the focus back to its button. */
export const useCloseMenu = (): (() => void) => useContext(Close);

const ITEMS = '[role^="menuitem"]';

/** A menu button (WAI-ARIA): arrows, Home, End and the first letter move; Escape and Tab close and give the focus back. */
export function Menu({ label, button, buttonClass, place, children }: MenuProps) {
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const trigger = useRef<HTMLButtonElement>(null);
  const menuId = useId();
  const close = () => {
    setOpen(false);
    trigger.current?.focus();
  };
  useEffect(() => {
    if (!open) return;
    root.current?.querySelector<HTMLElement>(ITEMS)?.focus();
    const outside = (event: PointerEvent) => {
      if (event.target instanceof Node && !root.current?.contains(event.target)) setOpen(false);
    };
    document.addEventListener("pointerdown", outside);
    return () => {
      document.removeEventListener("pointerdown", outside);
    };
  }, [open]);
  return (
    <div
      ref={root}
      className="relative"
      onKeyDown={(event) => {
        if (open) moveInMenu(event, root.current, close);
      }}
    >
      <button
        ref={trigger}
        type="button"
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={open ? menuId : undefined}
        className={buttonClass}
        onClick={() => {
          setOpen(!open);
        }}
        onKeyDown={(event) => {
          if (open || (event.key !== "ArrowDown" && event.key !== "ArrowUp")) return;
          event.preventDefault();
          setOpen(true);
        }}
      >
        {button}
      </button>
      {open ? (
        <div
          id={menuId}
          role="menu"
          aria-label={label}
          className={cx(
            "absolute z-(--z-dialog) w-64 max-h-[calc(100dvh-8rem)] overflow-y-auto rounded-lg border border-line bg-surface p-1.5 shadow-pop",
            place === "above" ? "bottom-full left-0 mb-1.5" : "top-full right-0 mt-1.5",
          )}
        >
          <Close value={close}>{children}</Close>
        </div>
      ) : null}
    </div>
  );
}

function moveInMenu(event: KeyboardEvent, root: HTMLElement | null, close: () => void): void {
  const items = [...(root?.querySelectorAll<HTMLElement>(ITEMS) ?? [])];
  const at = items.indexOf(document.activeElement as HTMLElement);
  const letter = event.key.length === 1 && /\S/.test(event.key) ? event.key.toLowerCase() : undefined;
  const targets: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 };
  if (event.key === "Escape" || event.key === "Tab") {
    if (event.key === "Escape") event.preventDefault();
    close();
  } else if (event.key in targets) {
    event.preventDefault();
    items[((targets[event.key] ?? 0) + items.length) % items.length]?.focus();
  } else if (letter) {
    const rest = [...items.slice(at + 1), ...items.slice(0, at + 1)];
    rest.find((item) => item.textContent.trim().toLowerCase().startsWith(letter))?.focus();
  }
}

interface MenuItemProps {
  onSelect: () => void;
  checked?: boolean;
  danger?: boolean;
  /** Under way: keeps its place and the focus, and refuses another press. */
  pending?: boolean;
  children: ReactNode;
}

export function MenuItem({ onSelect, checked, danger = false, pending = false, children }: MenuItemProps) {
  return (
    <button
      type="button"
      role={checked === undefined ? "menuitem" : "menuitemradio"}
      aria-checked={checked}
      tabIndex={-1}
      aria-disabled={pending || undefined}
      onClick={() => {
        if (!pending) onSelect();
      }}
      className={cx(
        "flex w-full items-center gap-2.5 min-h-11 fine:min-h-8 px-2.5 rounded-md text-start hover:bg-raised focus:bg-raised focus-visible:outline-offset-[-2px]",
        danger && "text-danger",
      )}
    >
      {children}
      {pending ? (
        <span className="ml-auto">
          <Spinner />
        </span>
      ) : null}
    </button>
  );
}

export function MenuGroup({ label, children }: { label: string; children: ReactNode }) {
  const id = useId();
  return (
    <div role="group" aria-labelledby={id} className="py-1 border-b border-line last:border-b-0">
      <div id={id} className="px-2.5 py-1 text-meta text-muted">
        {label}
      </div>
      {children}
    </div>
  );
}
