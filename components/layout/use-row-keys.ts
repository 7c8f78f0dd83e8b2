"use client";
import { useEffect, useRef, type RefObject } from "react";
import { singleKeys } from "./theme";

const ROWS = "a.row-link";

/**
 * Moves between a list's rows with J and K anywhere on the page, and with the arrows once a row has the focus. Enter follows the row's link,
 * as on any link. `/` goes to the field given as `search`. Letters and `/` can be turned off in the profile; arrows stay.
 */
export function useRowKeys<E extends HTMLElement>(search?: RefObject<HTMLInputElement | null>): RefObject<E | null> {
  const list = useRef<E>(null);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
      const typing = target.matches("input, select, textarea, [contenteditable], [role^=menuitem]");
      const letters = !typing && singleKeys();
      if (event.key === "/" && letters && search?.current) {
        event.preventDefault();
        search.current.focus();
        search.current.select();
        return;
      }
      const rows = [...(list.current?.querySelectorAll<HTMLElement>(ROWS) ?? [])];
      const at = rows.indexOf(target);
      const fromSearch = target === search?.current && event.key === "ArrowDown";
      const down = (letters && event.key === "j") || (at >= 0 && event.key === "ArrowDown") || fromSearch;
      const up = (letters && event.key === "k") || (at >= 0 && event.key === "ArrowUp");
      if ((!down && !up) || rows.length === 0) return;
      event.preventDefault();
      if (up && at === 0 && search?.current) search.current.focus();
      else rows[Math.min(rows.length - 1, Math.max(0, down ? at + 1 : at - 1))]?.focus();
    };
    document.addEventListener("keydown", onKey);
    return () => {
      document.removeEventListener("keydown", onKey);
    };
  }, [search]);
  return list;
}
