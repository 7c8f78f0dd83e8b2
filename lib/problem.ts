/** An error of the API (RFC 9457), or of the way to it. `slug` is the last part of its `type`. */
export interface FieldError {
  pointer: string;
  code: string;
  detail: string;
}

export class Problem extends Error {
  constructor(
    readonly slug: string,
    readonly status: number,
    readonly title: string,
    readonly detail: string,
    readonly requestId: string | undefined,
    readonly errors: readonly FieldError[] = [],
    readonly retryAfterS?: number,
    /** How many errors there are, when only the first are listed. */
    readonly errorsTotal?: number,
  ) {
    super(detail || title || slug);
    this.name = "Problem";
  }

  /** Nothing was decided: the same request may be sent again with the same Idempotency-Key. */
  get undecided(): boolean {
    return (
      this.status === 0 ||
      this.status === 408 ||
      this.status >= 500 ||
      this.slug === "token-expired" ||
      this.slug === "idempotency-in-progress"
    );
  }
}

/** Says by which field a refusal of the whole request is to be mended: a code that is taken belongs to the field "code". */
export function atField(problem: Problem | undefined, slug: string, pointer: string): Problem | undefined {
  if (problem?.slug !== slug || problem.errors.length > 0) return problem;
  const { status, title, detail, requestId } = problem;
  return new Problem(slug, status, title, detail, requestId, [{ pointer, code: slug, detail: title }]);
}

const text = (value: unknown): string => (typeof value === "string" ? value : "");

function fieldErrors(value: unknown): FieldError[] {
  if (!Array.isArray(value)) return [];
  return value
    .filter((one): one is Record<string, unknown> => typeof one === "object" && one !== null)
    .map((one) => ({ pointer: text(one.pointer), code: text(one.code), detail: text(one.detail) }));
}

/** Reads a refusal. A body that is no problem+json (a proxy's page, say) still becomes a Problem with the status. */
export async function problemFrom(response: Response): Promise<Problem> {
  const body: unknown = await response.json().catch(() => null);
  const fields = (typeof body === "object" && body !== null ? body : {}) as Record<string, unknown>;
  const slug = text(fields.type).split("/").pop() || `http-${String(response.status)}`;
  const seconds = Number(fields.retryAfterS ?? response.headers.get("retry-after") ?? Number.NaN);
  return new Problem(
    slug === "about:blank" ? `http-${String(response.status)}` : slug,
    response.status,
    text(fields.title),
    text(fields.detail),
    text(fields.instance) || response.headers.get("x-request-id") || undefined,
    fieldErrors(fields.errors),
    Number.isFinite(seconds) ? Math.max(0, seconds) : undefined,
    typeof fields.errorsTotal === "number" ? fields.errorsTotal : undefined,
  );
}

export const networkProblem = (): Problem => new Problem("network", 0, "", "", undefined);
