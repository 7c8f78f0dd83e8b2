"use client";
import { useEffect, useState } from "react";
import { IDLE, submission, type Send, type Submission, type SubmitState } from "./submission";

export type Submit<B, R> = Omit<Submission<B, R>, "use"> & SubmitState;

/** A form's way to the server (see `submission`). `refuse` shows a refusal found in the browser, in the same place as the server's. */
export function useSubmit<B, R>(send: Send<B, R>, onDone: (result: R) => void): Submit<B, R> {
  const [state, setState] = useState<SubmitState>(IDLE);
  const [own] = useState(() => submission<B, R>(send, onDone, setState));
  useEffect(() => {
    own.use(send, onDone);
  });
  return { ...state, submit: own.submit, refuse: own.refuse, reset: own.reset };
}
