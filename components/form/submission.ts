/**
 * Sends one user intent at a time. The Idempotency-Key stays the same while the same body is sent again after an answer that decided nothing (a
 * lost connection, a busy server), so that "try again" can never do a thing twice; any other attempt is a new intent. Knows nothing of React.
 */
import { asProblem, isAbort } from "@/lib/api";
import type { Problem } from "@/lib/problem";

export interface SubmitState {
  readonly pending: boolean;
  readonly problem: Problem | undefined;
}

export const IDLE: SubmitState = { pending: false, problem: undefined };

export type Send<B, R> = (body: B, idempotencyKey: string) => Promise<R>;

export interface Submission<B, R> {
  /** Says anew how to send and what to do then: what a component renders changes while a request is under way. */
  use: (send: Send<B, R>, onDone: (result: R) => void) => void;
  submit: (body: B) => void;
  refuse: (problem: Problem) => void;
  reset: () => void;
}

/** What makes two bodies the same: their JSON, with forms by their fields and files by what they are. */
export function fingerprint(body: unknown): string {
  return JSON.stringify(body, (_name, value: unknown) => {
    if (value instanceof FormData) return [...value.entries()].map(([name, one]) => [name, one instanceof File ? fileOf(one) : one]);
    return value instanceof File ? fileOf(value) : value;
  });
}

const fileOf = ({ name, size, type, lastModified }: File): unknown => ({ name, size, type, lastModified });

export function submission<B, R>(send: Send<B, R>, onDone: (result: R) => void, onState: (state: SubmitState) => void): Submission<B, R> {
  let intent: { key: string; body: string } | undefined;
  let sending = false;
  const settle = (state: SubmitState) => {
    sending = false;
    onState(state);
  };
  return {
    use: (nextSend, nextDone) => {
      send = nextSend;
      onDone = nextDone;
    },
    submit: (body) => {
      // A second press before the first is answered is the same press.
      if (sending) return;
      sending = true;
      const written = fingerprint(body);
      if (intent?.body !== written) intent = { key: crypto.randomUUID(), body: written };
      onState({ pending: true, problem: undefined });
      send(body, intent.key).then(
        (result) => {
          intent = undefined;
          settle(IDLE);
          onDone(result);
        },
        (error: unknown) => {
          const problem = asProblem(error);
          if (!problem.undecided) intent = undefined;
          settle({ pending: false, problem: isAbort(error) ? undefined : problem });
        },
      );
    },
    refuse: (problem) => {
      if (!sending) onState({ pending: false, problem });
    },
    reset: () => {
      if (!sending) onState(IDLE);
    },
  };
}
