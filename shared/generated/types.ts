// Generated from shared/openapi.json by `npm run contracts`. Never edited by hand.

declare const brand: unique symbol;

/** A string that names one kind of thing. Plain text may become an id (a path's part does); one kind never becomes another. */
export type Brand<Name extends string> = string & { readonly [brand]?: Name };

/** One field that changes, or a new thing: then `field` is null, and `after` says what it is. */
export interface Change {
  after: string | null;
  before: string | null;
  field: string | null;
  /** "CS 301", "Main Hall 101", "CS|Fisher, M", a CRN */
  key: string;
  kind: ChangeKind;
}

export type ChangeKind = "term" | "part-of-term" | "department" | "course" | "room" | "instructor" | "section";

export interface Counts {
  created: number;
  unchanged: number;
  updated: number;
}

export interface CreateDepartment {
  /** 1 to 8 capital letters, digits or "&", starting with a letter. It can't be changed later. */
  code: string;
  name: string;
}

export interface DepartmentCan {
  edit: boolean;
}

/** A department in a list, with how many courses and faculty members it has. */
export interface DepartmentDetail {
  can: DepartmentCan;
  code: string;
  courses: number;
  faculty: number;
  id: DepartmentId;
  name: string;
  students: number;
  /** Raised by every edit; an edit names the version it was made from. */
  version: number;
}

export type DepartmentId = Brand<"DepartmentId">;

/** A department in a list, with how many courses and faculty members it has. */
export interface DepartmentSummary {
  code: string;
  courses: number;
  faculty: number;
  id: DepartmentId;
  name: string;
  /** Raised by every edit; an edit names the version it was made from. */
  version: number;
}

/** One page of a list, and where the next one starts. */
export interface DepartmentSummaryPage {
  items: DepartmentSummary[];
  /** Pass it as `cursor`; null on the last page. */
  next: string | null;
}

export interface EditDepartment {
  name: string;
  /** The version the edit was made from. */
  version: number;
}

/** One field that was refused. */
export interface FieldError {
  /** Stable word for what is wrong: `required`, `too-long`, `wrong-type`, ... */
  code: string;
  /** The same for people. */
  detail: string;
  /** JSON pointer into the request: `/name` for a body, `/query/limit` for the query string. */
  pointer: string;
}

export interface ImportReport {
  /** Sections of the term that the file does not name; they stay as they are. */
  absentSections: number;
  /** The first changes. */
  changes: Change[];
  changesTotal: number;
  courses: Counts;
  departments: Counts;
  dryRun: boolean;
  /** Rows that repeat an earlier one exactly. */
  duplicateRows: number;
  instructors: Counts;
  rooms: Counts;
  /** Data rows of the file. */
  rows: number;
  sections: Counts;
  termCode: string;
  /** The first oddities of the file, and what was made of them. */
  warnings: Issue[];
  warningsTotal: number;
}

/**
 * One finding. `row` counts as a spreadsheet does: the header is row 1. `field` is the column's title,
 * empty when the finding is about the whole file or row.
 */
export interface Issue {
  code: string;
  field: string;
  message: string;
  row: number;
}

/** A refusal: what handlers return as `Err` and what the client reads. */
export interface Problem {
  detail?: string;
  /** The fields that were refused. */
  errors?: FieldError[];
  /** The request's id, to quote when asking for help. */
  instance?: string;
  /** Seconds after which trying again makes sense. */
  retryAfterS?: number;
  status: number;
  title: string;
  type: ProblemType;
}

/** What kind of problem this is; a stable reference to branch on. */
export type ProblemType = "/problems/malformed-json" | "/problems/malformed-query" | "/problems/malformed-upload" | "/problems/invalid-cursor" | "/problems/idempotency-key-required" | "/problems/unauthenticated" | "/problems/token-expired" | "/problems/wrong-credentials" | "/problems/forbidden" | "/problems/cross-site" | "/problems/not-found" | "/problems/method-not-allowed" | "/problems/request-timeout" | "/problems/version-conflict" | "/problems/idempotency-in-progress" | "/problems/department-code-taken" | "/problems/course-number-taken" | "/problems/email-taken" | "/problems/link-expired" | "/problems/body-too-large" | "/problems/unsupported-media-type" | "/problems/invalid-request" | "/problems/idempotency-mismatch" | "/problems/import-refused" | "/problems/too-many-requests" | "/problems/internal" | "/problems/busy" | "/problems/timeout";
