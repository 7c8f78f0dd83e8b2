"use client";
import { useEffect, useId, useRef, type ReactNode } from "react";
import { cx } from "./cx";
import { IconButton } from "./button";

const FIELDS = "input:not([type=hidden], :disabled), select:not(:disabled), textarea:not(:disabled)";

interface DialogProps {
  title: string;
  closeLabel: string;
  onClose: () => void;
  wide?: boolean;
  children: ReactNode;
}

/** A modal dialog, open as long as it is rendered. The browser keeps the focus inside and gives it back at the end. */
export function Dialog({ title, closeLabel, onClose, wide = false, children }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    const dialog = ref.current;
    const opener = document.activeElement;
    dialog?.showModal();
    // The first field, where there is one; otherwise the browser has chosen the first button.
    dialog?.querySelector<HTMLElement>(FIELDS)?.focus();
    return () => {
      dialog?.close();
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    };
  }, []);
  return (
    <dialog
      ref={ref}
      aria-labelledby={titleId}
      // A browser lets a page refuse one Escape and closes on the next; taken as a key, every one is asked about.
      onKeyDown={(event) => {
        if (event.key !== "Escape" || event.defaultPrevented) return;
        event.preventDefault();
        onClose();
      }}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      className={cx(
        "m-auto w-[calc(100%-1.5rem)] max-h-[calc(100dvh-1.5rem)] overflow-y-auto rounded-lg border border-line bg-surface text-text shadow-pop",
        wide ? "max-w-2xl" : "max-w-md",
      )}
    >
      <header className="sticky top-0 z-1 flex items-center min-h-12 pl-5 pr-3 bg-surface border-b border-line">
        <h2 id={titleId} className="font-strong text-lead">
          {title}
        </h2>
        <IconButton name="close" label={closeLabel} onClick={onClose} className="ml-auto" />
      </header>
      <div className="p-5">{children}</div>
    </dialog>
  );
}
