// Generated from shared/openapi.json by `npm run contracts`. Never edited by hand.

declare const brand: unique symbol;

/** A string that names one kind of thing. No plain text passes for one, and one kind never for another. */
export type Brand<Name extends string> = string & { readonly [brand]: Name };

export interface AdminProfile {
  office: string;
}

export type AuditId = Brand<"AuditId">;

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

/** The caller's own way to be reached outside the platform. */
export interface Contact {
  personalEmail: string | null;
  phone: string | null;
  /** 0 until something has been stored; raised by every edit. */
  version: number;
}

export interface CourseCan {
  edit: boolean;
}

/** Everything the catalog says of a course. */
export interface CourseDetail {
  /** General-education and degree attributes, in the catalog's own words. */
  attributes: string;
  can: CourseCan;
  code: string;
  credits: Credits;
  department: DepartmentRef;
  description: string;
  id: CourseId;
  /** The part of the code after the department's. */
  number: string;
  title: string;
  /** Raised by every edit; an edit names the version it was made from. */
  version: number;
}

export type CourseId = Brand<"CourseId">;

/** A course as other records name it. */
export interface CourseRef {
  code: string;
  id: CourseId;
  title: string;
}

/** What came of a student's course. */
export interface CourseResult {
  course: CourseRef;
  /** Credit hours earned: 0 unless passed. */
  credits: number;
  decidedAt: string;
  id: CourseResultId;
  outcome: Outcome;
  term: TermRef;
}

export type CourseResultId = Brand<"CourseResultId">;

/** One page of a list, and where the next one starts. */
export interface CourseResultPage {
  items: CourseResult[];
  /** Pass it as `cursor`; null on the last page. */
  next: string | null;
}

/** The sections of a course in one term, and the other terms there are. */
export interface CourseSections {
  /** At most 500, by registrar's number. */
  items: Section[];
  /** The term shown; null when the course has no sections in it, or none at all. */
  term: Term | null;
  /** The terms that have sections of the course, latest first. */
  terms: Term[];
}

/** The order somebody chose, by column; `-` turns it around. */
export type CourseSort = "code" | "-code" | "title" | "-title" | "credits" | "-credits" | "department" | "-department";

/** A course in a list. */
export interface CourseSummary {
  /** Department code and number, "CS 301". */
  code: string;
  credits: Credits;
  department: DepartmentRef;
  id: CourseId;
  title: string;
}

/** One page of a list, and where the next one starts. */
export interface CourseSummaryPage {
  items: CourseSummary[];
  /** Pass it as `cursor`; null on the last page. */
  next: string | null;
}

export interface CreateCourse {
  attributes: string;
  credits: Credits;
  departmentId: DepartmentId;
  description: string;
  /** 1 to 10 digits, capital letters, dots or hyphens. It can't be changed later. */
  number: string;
  title: string;
}

export interface CreateDepartment {
  /** 1 to 8 capital letters, digits or "&", starting with a letter. It can't be changed later. */
  code: string;
  name: string;
}

/** Credit hours a course earns. */
export interface Credits {
  kind: CreditsKind;
  max: number;
  /** A multiple of 0.25. */
  min: number;
}

/** How the two values of [`Credits`] are meant. */
export type CreditsKind = "fixed" | "range" | "choice";

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

/** A department as other records name it. */
export interface DepartmentRef {
  /** The prefix of its course codes, "CS". */
  code: string;
  id: DepartmentId;
  name: string;
}

/** The order somebody chose, by column; `-` turns it around. */
export type DepartmentSort = "code" | "-code" | "name" | "-name" | "courses" | "-courses" | "faculty" | "-faculty";

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

export interface EditCourse {
  attributes: string;
  credits: Credits;
  description: string;
  title: string;
  /** The version the edit was made from. */
  version: number;
}

export interface EditDepartment {
  name: string;
  /** The version the edit was made from. */
  version: number;
}

/** A student's place in a section. */
export interface Enrollment {
  enrolledAt: string;
  id: EnrollmentId;
  section: SectionSummary;
}

export type EnrollmentId = Brand<"EnrollmentId">;

/** One page of a list, and where the next one starts. */
export interface EnrollmentPage {
  items: Enrollment[];
  /** Pass it as `cursor`; null on the last page. */
  next: string | null;
}

export type ExportFormat = "csv" | "xlsx";

export interface FacultyProfile {
  department: DepartmentRef;
  title: string | null;
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

export interface ImportCounts {
  created: number;
  unchanged: number;
  updated: number;
}

/** Name and dates of the term the file is about. An existing term of the same code takes them over. */
export interface ImportParams {
  endsOn: string;
  /** Parts of term with dates of their own. A part the file names, but nobody gave dates, is the whole term. */
  parts?: PartDates[];
  startsOn: string;
  termName: string;
}

export interface ImportReport {
  /** Sections of the term that the file does not name; they stay as they are. */
  absentSections: number;
  /** The first changes. */
  changes: Change[];
  changesTotal: number;
  courses: ImportCounts;
  departments: ImportCounts;
  /** Names this comparison of this file: whoever applies what was shown sends it along. */
  digest: string;
  dryRun: boolean;
  /** Rows that repeat an earlier one exactly. */
  duplicateRows: number;
  instructors: ImportCounts;
  rooms: ImportCounts;
  /** Data rows of the file. */
  rows: number;
  sections: ImportCounts;
  termCode: string;
  /** The first oddities of the file, and what was made of them. */
  warnings: Issue[];
  warningsTotal: number;
}

/** What anybody may know. */
export interface Institution {
  /** Hue of the accent in OKLCH, 0 to 359 degrees. */
  accentHue: number;
  locale: string;
  name: string;
  shortName: string;
  /** IANA name; recurring classes are civil times in it. */
  timeZone: string;
}

/** Who teaches a meeting. */
export interface Instructor {
  id: UserId;
  name: string;
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

/** One profile for each role the person holds. */
export interface Me {
  /** When the access token in use stops working; renew it before. */
  accessExpiresAt: string;
  admin?: AdminProfile;
  can: MeCan;
  email: string | null;
  faculty?: FacultyProfile;
  id: UserId;
  institution: Institution;
  name: string;
  /** The active role. */
  role: Role;
  roles: Role[];
  student?: StudentProfile;
  /** The term in progress, if there is one. */
  term: Term | null;
}

/** What the caller may do here, for pages to show or leave out. The operations decide again by themselves. */
export interface MeCan {
  importCatalog: boolean;
  manageCourses: boolean;
  manageDepartments: boolean;
  manageUsers: boolean;
}

/** One weekly pattern of a section. */
export interface Meeting {
  /** Empty when the meeting is arranged. */
  days: ("mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun")[];
  endsAt: string | null;
  instructors: Instructor[];
  /** "Lecture", "Laboratory-Discussion", in the catalog's own words. */
  kind: string;
  room: Room | null;
  /** Civil time in the institution's zone; null when the meeting is arranged. */
  startsAt: string | null;
}

export type Outcome = "passed" | "failed" | "withdrawn" | "incomplete";

export interface Overview {
  counts: OverviewCounts;
  /** One for each kind, empty ones too. */
  queues: Queue[];
  /** Newest first. Without what people did to their own account. */
  recentActions: RecentAction[];
  /** The term that sections, enrollments and queues are of: the one in progress, or else the latest with sections. */
  term: Term | null;
}

export interface OverviewCounts {
  courses: number;
  enrollments: number;
  faculty: number;
  sections: number;
  students: number;
  users: number;
}

/** One part of term, inside the term's dates. */
export interface PartDates {
  code: string;
  endsOn: string;
  startsOn: string;
}

/** A half-term or other shorter span inside a term. */
export interface PartOfTerm {
  code: string;
  endsOn: string;
  startsOn: string;
}

/** A refusal: what handlers return as `Err` and what the client reads. */
export interface Problem {
  detail?: string;
  /** The fields that were refused. */
  errors?: FieldError[];
  /** How many there are, when `errors` lists only the first of them. */
  errorsTotal?: number;
  /** The request's id, to quote when asking for help. */
  instance?: string;
  /** Seconds after which trying again makes sense. */
  retryAfterS?: number;
  status: number;
  title: string;
  type: ProblemType;
}

/** What kind of problem this is; a stable reference to branch on. */
export type ProblemType = "/problems/bad-request" | "/problems/malformed-json" | "/problems/malformed-query" | "/problems/malformed-upload" | "/problems/invalid-cursor" | "/problems/idempotency-key-required" | "/problems/unauthenticated" | "/problems/token-expired" | "/problems/wrong-credentials" | "/problems/forbidden" | "/problems/cross-site" | "/problems/not-found" | "/problems/method-not-allowed" | "/problems/request-timeout" | "/problems/version-conflict" | "/problems/import-outdated" | "/problems/idempotency-in-progress" | "/problems/department-code-taken" | "/problems/course-number-taken" | "/problems/email-taken" | "/problems/link-expired" | "/problems/body-too-large" | "/problems/unsupported-media-type" | "/problems/invalid-request" | "/problems/idempotency-mismatch" | "/problems/import-refused" | "/problems/too-many-requests" | "/problems/internal" | "/problems/busy" | "/problems/timeout";

export interface PutContact {
  /** An address that outlives the one the institution gives. */
  personalEmail: string | null;
  /** With the country code if it is to work from abroad. */
  phone: string | null;
  /** The version the edit was made from; 0 when nothing was stored. */
  version: number;
}

export interface Queue {
  count: number;
  /** The first few; the queue's own list has them all. */
  examples: QueueItem[];
  kind: QueueKind;
}

/** One thing that waits. */
export interface QueueItem {
  /** The course's title, or a department's code. */
  detail: string | null;
  /** The page that shows it, without the locale. */
  href: string;
  /** Of the section or the person. */
  id: string;
  /** "CS 301 A", or a name. */
  label: string;
  /** The department that answers for it. */
  owner: string | null;
  /** When it began to wait: the last seat went, the account was made, or the section entered the schedule. */
  since: string | null;
  /** How many are touched: students enrolled in a section, sections of a faculty member. The list starts with the most. */
  touches: number;
}

/** One page of a list, and where the next one starts. */
export interface QueueItemPage {
  items: QueueItem[];
  /** Pass it as `cursor`; null on the last page. */
  next: string | null;
}

/** What waits for somebody's decision. In order: what breaks first comes first. */
export type QueueKind = "sections-without-instructor" | "sections-without-room" | "sections-full" | "sections-closed" | "faculty-without-sign-in";

/** One row of the audit trail as everyone who may oversee the institution may read it. */
export interface RecentAction {
  /** Its stable name, `course.edit`. */
  action: string;
  /** Who did it; null when it was the system. */
  actor: string | null;
  /** The role acted in, or `system:` and the task. */
  actorRole: string;
  at: string;
  id: AuditId;
  /** What it was done to, if that still has a name. */
  target: string | null;
  targetId: string | null;
  /** `course`, `department`, `user`, ... */
  targetKind: string;
}

/** Left out by browsers, whose cookie carries the token. */
export interface RefreshRequest {
  refreshToken: string;
}

/** The order of results somebody chose, by column; `-` turns it around. */
export type ResultSort = "term" | "-term" | "course" | "-course" | "outcome" | "-outcome" | "credits" | "-credits" | "decided" | "-decided";

/** The three roles. Everything finer is a scoped duty on one of them. */
export type Role = "student" | "faculty" | "admin";

export interface Room {
  building: string;
  id: RoomId;
  number: string;
}

export type RoomId = Brand<"RoomId">;

/** One line of a roster. */
export interface RosterEntry {
  enrolledAt: string;
  name: string;
  program: string;
  semester: number;
  studentId: UserId;
  studentNumber: string;
}

/** One page of a list, and where the next one starts. */
export interface RosterEntryPage {
  items: RosterEntry[];
  /** Pass it as `cursor`; null on the last page. */
  next: string | null;
}

/** The order of a roster somebody chose, by column; `-` turns it around. */
export type RosterSort = "name" | "-name" | "number" | "-number" | "program" | "-program" | "semester" | "-semester" | "enrolled" | "-enrolled";

/** How full a section is, over all its seat pools. */
export interface Seats {
  /** Null: the capacity is not known, and the section is closed for enrollment. */
  cap: number | null;
  enrolled: number;
  /** Seats neither taken nor held for somebody; null with an unknown capacity. */
  left: number | null;
}

/** One offering of a course in a term, as schedules show it. */
export interface Section {
  /** "A", "BL1"; empty if the catalog gives none. */
  code: string;
  course: CourseRef;
  credits: Credits;
  /** The registrar's number of the section, unique in its term. */
  crn: string;
  id: SectionId;
  /** The catalog's remarks. */
  info: string;
  /** Everyone who teaches in one of the meetings. */
  instructors: Instructor[];
  meetings: Meeting[];
  /** Null when the section runs through the whole term. */
  partOfTerm: PartOfTerm | null;
  seats: Seats;
  /** A cancelled section keeps its students until they are moved, and meets no more. */
  status: SectionStatus;
  term: TermRef;
  /** A title of its own, as special topics have; empty otherwise. */
  title: string;
}

export type SectionId = Brand<"SectionId">;

export type SectionStatus = "active" | "cancelled";

/** One offering of a course in a term, as schedules show it. */
export interface SectionSummary {
  /** "A", "BL1"; empty if the catalog gives none. */
  code: string;
  course: CourseRef;
  credits: Credits;
  /** The registrar's number of the section, unique in its term. */
  crn: string;
  id: SectionId;
  /** Everyone who teaches in one of the meetings. */
  instructors: Instructor[];
  meetings: Meeting[];
  /** Null when the section runs through the whole term. */
  partOfTerm: PartOfTerm | null;
  /** A cancelled section keeps its students until they are moved, and meets no more. */
  status: SectionStatus;
  term: TermRef;
  /** A title of its own, as special topics have; empty otherwise. */
  title: string;
}

export interface SetPasswordRequest {
  password: string;
  /** The secret from the link. */
  token: string;
}

export interface SignInRequest {
  /** In any case: addresses are compared in lower case. */
  email: string;
  password: string;
}

/** A session as its client sees it. The tokens are in the body only for clients that don't use cookies. */
export interface SignedIn {
  /** When the access token runs out; renew it before. */
  accessExpiresAt: string;
  accessToken?: string;
  refreshToken?: string;
  /** The active role. */
  role: Role;
  /** All roles the person can switch to, the active one included. */
  roles: Role[];
}

export interface StudentProfile {
  admittedOn: string;
  department: DepartmentRef;
  program: string;
  semester: number;
  studentNumber: string;
}

export interface SwitchRoleRequest {
  role: Role;
}

/** A section somebody teaches in. */
export interface Teaching {
  seats: Seats;
  section: SectionSummary;
}

/** One page of a list, and where the next one starts. */
export interface TeachingPage {
  items: Teaching[];
  /** Pass it as `cursor`; null on the last page. */
  next: string | null;
}

/** A term of teaching. */
export interface Term {
  /** "2026F". */
  code: string;
  /** Whether it is the one in progress; at most one is. */
  current: boolean;
  /** Its last day. */
  endsOn: string;
  id: TermId;
  name: string;
  startsOn: string;
}

export type TermId = Brand<"TermId">;

/** One page of a list, and where the next one starts. */
export interface TermPage {
  items: Term[];
  /** Pass it as `cursor`; null on the last page. */
  next: string | null;
}

/** A term as other records name it. */
export interface TermRef {
  code: string;
  id: TermId;
  name: string;
}

/** The department of a person in a list. */
export interface UserDepartment {
  code: string;
  id: DepartmentId;
}

/** One profile for each role the person holds. */
export interface UserDetail {
  admin?: AdminProfile;
  createdAt: string;
  email: string | null;
  /** Sections this person is enrolled in, of every term. */
  enrollmentCount: number;
  faculty?: FacultyProfile;
  /** False: this person has never been able to sign in. */
  hasPassword: boolean;
  id: UserId;
  name: string;
  roles: Role[];
  /** Family name first. */
  sortName: string;
  status: UserStatus;
  student?: StudentProfile;
  /** Sections of the term in progress, or else of the latest this person taught in. */
  teaching: SectionSummary[];
}

export type UserId = Brand<"UserId">;

/** The order somebody chose, by column; `-` turns it around. Who has no e-mail or number comes last. */
export type UserSort = "name" | "-name" | "email" | "-email" | "number" | "-number";

/** A suspended person keeps every record and can't sign in. */
export type UserStatus = "active" | "suspended";

/** A person in a list. */
export interface UserSummary {
  /** Of the student or else the faculty profile. */
  department: UserDepartment | null;
  /** Null for an instructor known only from an imported catalog. */
  email: string | null;
  id: UserId;
  name: string;
  roles: Role[];
  status: UserStatus;
  studentNumber: string | null;
}

/** One page of a list, and where the next one starts. */
export interface UserSummaryPage {
  items: UserSummary[];
  /** Pass it as `cursor`; null on the last page. */
  next: string | null;
}
