"use client";
import { useEffect, useSyncExternalStore } from "react";

interface Shown {
  readonly id: number;
  readonly text: string;
}

const SHOWN_MS = 5_000;
let shown: Shown | undefined;
let count = 0;
const listeners = new Set<() => void>();

function set(next: Shown | undefined): void {
  shown = next;
  listeners.forEach((notify) => {
    notify();
  });
}

/** Says once, in a corner and to screen readers, that something was done. Errors stand where they happened; only those of a menu that has closed are said here. */
export function toast(text: string): void {
  set({ id: ++count, text });
}

const subscribe = (notify: () => void) => {
  listeners.add(notify);
  return () => {
    listeners.delete(notify);
  };
};

export function Toaster() {
  const now = useSyncExternalStore(
    subscribe,
    () => shown,
    () => undefined,
  );
  useEffect(() => {
    if (!now) return;
    const timer = setTimeout(() => {
      set(undefined);
    }, SHOWN_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [now]);
  return (
    <div role="status" className="fixed z-(--z-toast) bottom-20 sm:bottom-6 inset-x-4 flex justify-center pointer-events-none">
      {now ? (
        <p key={now.id} className="rounded-md bg-text text-bg px-4 py-2.5 font-strong shadow-pop">
          {now.text}
        </p>
      ) : null}
    </div>
  );
}
