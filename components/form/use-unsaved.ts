"use client";
import { useEffect, useRef, useState, type RefObject } from "react";
import { useT } from "@/components/layout/locale";
import { markUnsaved, mayLeave } from "@/lib/unsaved";
import { fingerprint } from "./submission";

const written = (form: HTMLFormElement | null): string => fingerprint(new FormData(form ?? undefined));

/** Watches whether a form holds something that is not saved. `saved` changes when it has been; returns what to do on every input. */
export function useUnsaved(form: RefObject<HTMLFormElement | null>, guarded: boolean, saved: unknown): () => void {
  const [self] = useState(() => ({}));
  const clean = useRef("");
  useEffect(() => {
    clean.current = written(form.current);
    markUnsaved(self, false);
    return () => {
      markUnsaved(self, false);
    };
  }, [form, self, saved]);
  return () => {
    if (guarded) markUnsaved(self, written(form.current) !== clean.current);
  };
}

/** Closes a dialog that holds a form, after asking when something would be lost. */
export function useGuardedClose(onClose: () => void): () => void {
  const t = useT();
  return () => {
    if (mayLeave(t("unsaved.question"))) onClose();
  };
}
