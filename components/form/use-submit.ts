"use client";
import { useCallback, useEffect, useRef, useState } from "react";
import { asProblem, isAbort } from "@/lib/api";
import type { Problem } from "@/lib/problem";

export interface Submit<B> {
  pending: boolean;
  problem: Problem | undefined;
  submit: (body: B) => void;
  /** Shows a refusal found in the browser, in the same place as the server's. */
  refuse: (problem: Problem) => void;
  reset: () => void;
}

/**
 * Sends one user intent. The Idempotency-Key stays the same while the same body is sent again after an answer that decided nothing (a lost
 * connection, a busy server), so that "try again" can never do a thing twice; any other attempt is a new intent.
 */
export function useSubmit<B, R>(send: (body: B, idempotencyKey: string) => Promise<R>, onDone: (result: R) => void): Submit<B> {
  const [state, setState] = useState<{ pending: boolean; problem: Problem | undefined }>({ pending: false, problem: undefined });
  const intent = useRef<{ key: string; body: string } | undefined>(undefined);
  const latest = useRef({ send, onDone });
  useEffect(() => {
    latest.current = { send, onDone };
  });
  const submit = useCallback((body: B) => {
    const written = body instanceof FormData ? "" : JSON.stringify(body);
    if (!written || intent.current?.body !== written) intent.current = { key: crypto.randomUUID(), body: written };
    setState({ pending: true, problem: undefined });
    latest.current.send(body, intent.current.key).then(
      (result) => {
        intent.current = undefined;
        setState({ pending: false, problem: undefined });
        latest.current.onDone(result);
      },
      (error: unknown) => {
        const problem = asProblem(error);
        if (!problem.undecided) intent.current = undefined;
        setState({ pending: false, problem: isAbort(error) ? undefined : problem });
      },
    );
  }, []);
  const refuse = useCallback((problem: Problem) => {
    setState({ pending: false, problem });
  }, []);
  const reset = useCallback(() => {
    setState({ pending: false, problem: undefined });
  }, []);
  return { ...state, submit, refuse, reset };
}
