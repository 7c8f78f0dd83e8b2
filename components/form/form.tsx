"use client";
import { createContext, useCallback, useContext, useEffect, useId, useMemo, useRef, useState, type ReactNode } from "react";
import type { Problem, FieldError } from "@/lib/problem";
import { warmChecks } from "./checked";
import { SessionNotice } from "./session-notice";
import { useUnsaved } from "./use-unsaved";
import { ProblemNotice } from "@/components/layout/problem-notice";

/** A required part of the contract: a form that doesn't know whether it is being sent, or what was refused, does not compile. */
export interface FormProps {
  pending: boolean;
  problem: Problem | undefined;
  onSubmit: (data: FormData) => void;
  /** Says what a refusal means on this form, where the server's own words don't do; undefined leaves them. */
  explain?: (problem: Problem) => string | undefined;
  label?: string;
  /** Shown in place of the refusal when somebody else saved first. */
  conflict?: ReactNode;
  /** A form whose loss is no loss (a sign-in) is left without a question. */
  unguarded?: boolean;
  /** Changes each time what stands in the form has been saved while it stays on screen. */
  saved?: unknown;
  /** The field to return to after a refusal that no field claims; without it the message takes the focus. */
  retryAt?: string;
  children: ReactNode;
}

interface Refusals {
  errorFor: (pointer: string) => FieldError | undefined;
  clear: (pointer: string) => void;
  claim: (pointer: string) => () => void;
}

const NONE: Refusals = { errorFor: () => undefined, clear: () => undefined, claim: () => () => undefined };
const Context = createContext<Refusals>(NONE);

export const useRefusals = (): Refusals => useContext(Context);

/** Ties each of the problem's pointers to the field that claims it, focuses the first of them, and shows above what no field claims. */
export function Form({ pending, problem, onSubmit, explain, conflict, unguarded = false, saved, label, retryAt, children }: FormProps) {
  const form = useRef<HTMLFormElement>(null);
  const clash = conflict !== undefined && problem?.slug === "version-conflict";
  const [claimed, setClaimed] = useState<ReadonlySet<string>>(new Set());
  const headingId = useId();
  const onInput = useUnsaved(form, !unguarded, saved);
  const [answered, setAnswered] = useState<{ problem: Problem | undefined; pointers: ReadonlySet<string> }>({
    problem,
    pointers: new Set(),
  });
  const claim = useCallback((pointer: string) => {
    setClaimed((was) => new Set([...was, pointer]));
    return () => {
      setClaimed((was) => new Set([...was].filter((one) => one !== pointer)));
    };
  }, []);
  const cleared = answered.problem === problem ? answered.pointers : undefined;
  const refusals = useMemo<Refusals>(
    () => ({
      errorFor: (pointer) => (cleared?.has(pointer) ? undefined : problem?.errors.find((error) => error.pointer === pointer)),
      clear: (pointer) => {
        setAnswered((was) => ({ problem, pointers: new Set([...(was.problem === problem ? was.pointers : []), pointer]) }));
      },
      claim,
    }),
    [problem, cleared, claim],
  );
  useEffect(() => {
    if (!problem || clash) return;
    const first = form.current?.querySelector<HTMLElement>("[aria-invalid=true]");
    const field = retryAt ? form.current?.elements.namedItem(retryAt) : undefined;
    const place = first ?? (field instanceof HTMLElement ? field : form.current?.querySelector<HTMLElement>("[data-problem]"));
    place?.focus();
    if (place === field && place instanceof HTMLInputElement) place.select();
  }, [problem, clash, retryAt]);
  const unclaimed =
    problem !== undefined && !clash && (problem.errors.length === 0 || problem.errors.some((error) => !claimed.has(error.pointer)));
  return (
    <Context value={refusals}>
      <form
        ref={form}
        // Should a browser ever send it by itself, then not in an address, where passwords would stay.
        method="post"
        noValidate
        aria-label={label}
        aria-describedby={unclaimed ? headingId : undefined}
        className="grid grid-cols-1 gap-4"
        onFocus={warmChecks}
        onInput={onInput}
        onSubmit={(event) => {
          event.preventDefault();
          if (!pending) onSubmit(new FormData(event.currentTarget));
        }}
      >
        {unguarded ? null : <SessionNotice />}
        {unclaimed ? (
          <div id={headingId} data-problem tabIndex={-1} className="outline-none">
            <ProblemNotice problem={problem} explain={explain} claimed={claimed} />
          </div>
        ) : null}
        {clash ? conflict : null}
        {children}
      </form>
    </Context>
  );
}
