import { Problem } from "@/lib/problem";
import type { bodies } from "@/shared/requests";

type Checkable = keyof typeof bodies;

/** What stands in a form: a body in which something may still be missing. */
export type Draft<T> = T extends string | number | boolean | null | undefined ? T : { [K in keyof T]: Draft<T[K]> | undefined };

const contract = () => import("@/shared/requests");

/** Fetches what `checked` needs before it is needed: when a form's first field is entered. */
export function warmChecks(): void {
  contract().catch(() => undefined);
}

/**
 * Holds a body against the contract before it is sent: what the server would refuse for its form is shown at once, in the same places.
 * The schemas and Zod are fetched apart from the page; without them the server alone judges.
 */
export async function checked<B>(
  operation: Checkable,
  draft: Draft<NoInfer<B>>,
  submit: (body: B) => void,
  refuse: (problem: Problem) => void,
): Promise<void> {
  const known = await contract().catch(() => undefined);
  const errors = known?.complaintsOf(operation, draft) ?? [];
  if (errors.length === 0) submit(draft as B);
  else refuse(new Problem("invalid-request", 422, "", "", undefined, errors));
}
