import { Problem } from "@/lib/problem";
import { fieldErrors } from "@/shared/requests";
import { safeParse, type ZodMiniType } from "zod/mini";

/** Holds a body against the contract before it is sent: what the server would refuse for its form is shown at once, in the same places. */
export function checked<B>(schema: ZodMiniType<unknown, B>, body: B, submit: (body: B) => void, refuse: (problem: Problem) => void): void {
  const verdict = safeParse(schema, body);
  if (verdict.success) submit(body);
  else refuse(new Problem("invalid-request", 422, "", "", undefined, fieldErrors(verdict.error.issues)));
}
