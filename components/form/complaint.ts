/**
 * What a refused value means to the person: the code of the contract, put into the words of the catalog. `own` are the words a field has for its
 * codes, `limits` what it allows. The server's own sentence is the last resort, for a code nobody has words for.
 */
import type { MessageKey, Translate } from "@/lib/messages";
import type { FieldError } from "@/lib/problem";

export type Words = Readonly<Record<string, MessageKey>>;

export interface Limits {
  readonly minLength?: number | undefined;
  readonly maxLength?: number | undefined;
  readonly min?: number | undefined;
  readonly max?: number | undefined;
}

const WORDS: Words = {
  required: "invalid.required",
  "too-short": "invalid.short",
  "too-long": "invalid.long",
  "too-small": "invalid.small",
  "too-large": "invalid.large",
  "wrong-form": "invalid.form",
  "wrong-type": "invalid.form",
  "not-allowed": "invalid.choice",
  "unknown-field": "problem.malformed",
  unknown: "invalid.gone",
  taken: "invalid.taken",
  "not-in-quarters": "invalid.quarters",
  reversed: "invalid.reversed",
  "not-fixed": "invalid.form",
  "department-code-taken": "problem.departmentCodeTaken",
  "course-number-taken": "problem.courseNumberTaken",
};

export function complaint(
  t: Translate,
  { code, detail }: Pick<FieldError, "code" | "detail">,
  own: Words = {},
  limits: Limits = {},
): string {
  const words = own[code];
  if (words) return t(words);
  // Nothing at all where something must stand: that is not "too short".
  if (code === "too-short" && (limits.minLength ?? 1) <= 1) return t("invalid.required");
  if (code === "too-short" && limits.minLength) return t("invalid.shortMin", { min: limits.minLength });
  if (code === "too-long" && limits.maxLength) return t("invalid.longMax", { max: limits.maxLength });
  if (code === "too-small" && limits.min !== undefined) return t("invalid.smallMin", { min: limits.min });
  if (code === "too-large" && limits.max !== undefined) return t("invalid.largeMax", { max: limits.max });
  const known = WORDS[code];
  return known ? t(known) : detail || t("invalid.form");
}
