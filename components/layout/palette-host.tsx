"use client";
import dynamic from "next/dynamic";
import { useEffect, useSyncExternalStore } from "react";

const Palette = dynamic(() => import("./palette").then((module) => module.Palette), { ssr: false });

let open = false;
const listeners = new Set<() => void>();
function set(next: boolean): void {
  open = next;
  listeners.forEach((notify) => {
    notify();
  });
}

export const openPalette = (): void => {
  set(true);
};
const close = (): void => {
  set(false);
};
const subscribe = (notify: () => void) => {
  listeners.add(notify);
  return () => {
    listeners.delete(notify);
  };
};

/** Waits for Ctrl+K or ⌘K; the palette's code is fetched the first time it is asked for. */
export function PaletteHost() {
  const shown = useSyncExternalStore(
    subscribe,
    () => open,
    () => false,
  );
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
      event.preventDefault();
      set(!open);
    };
    document.addEventListener("keydown", onKey);
    return () => {
      document.removeEventListener("keydown", onKey);
    };
  }, []);
  return shown ? <Palette onClose={close} /> : null;
}
