/** The API's shapes, as its contract states them. Ids are branded by what they name, so that one kind can't pass for another. */
declare const kind: unique symbol;
export type Id<K extends string> = string & { readonly [kind]?: K };

export type Role = "student" | "faculty" | "admin";
export type Weekday = "mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun";
/** `YYYY-MM-DD` */
export type CivilDate = string;
/** `HH:MM`, in the institution's zone */
export type CivilTime = string;
/** RFC 3339, UTC */
export type Instant = string;

export interface Page<T> {
  items: T[];
  next: string | null;
}

export interface Institution {
  name: string;
  shortName: string;
  locale: string;
  timeZone: string;
  accentHue: number;
}
export interface Term {
  id: Id<"term">;
  code: string;
  name: string;
  startsOn: CivilDate;
  endsOn: CivilDate;
  current: boolean;
}
export interface DepartmentRef {
  id: Id<"department">;
  code: string;
  name: string;
}
export interface CourseRef {
  id: Id<"course">;
  code: string;
  title: string;
}
export interface TermRef {
  id: Id<"term">;
  code: string;
  name: string;
}
export interface PersonRef {
  id: Id<"user">;
  name: string;
}
export interface Credits {
  kind: "fixed" | "range" | "choice";
  min: number;
  max: number;
}

export interface SignedIn {
  role: Role;
  roles: Role[];
  home: string;
  accessExpiresAt: Instant;
}

export interface StudentProfile {
  studentNumber: string;
  department: DepartmentRef;
  program: string;
  semester: number;
  admittedOn: CivilDate;
}
export interface FacultyProfile {
  department: DepartmentRef;
  title: string | null;
}
export interface AdminProfile {
  office: string;
}
export interface Me {
  id: Id<"user">;
  name: string;
  email: string;
  role: Role;
  roles: Role[];
  accessExpiresAt: Instant;
  institution: Institution;
  term: Term | null;
  student?: StudentProfile | null;
  faculty?: FacultyProfile | null;
  admin?: AdminProfile | null;
  can: { manageDepartments: boolean; manageCourses: boolean; manageUsers: boolean; importCatalog: boolean };
}
export interface Contact {
  phone: string | null;
  personalEmail: string | null;
  version: number;
}

export interface Meeting {
  kind: string;
  days: Weekday[];
  startsAt: CivilTime | null;
  endsAt: CivilTime | null;
  room: { id: Id<"room">; building: string; number: string } | null;
  instructors: PersonRef[];
}
export interface SectionSummary {
  id: Id<"section">;
  crn: string;
  code: string;
  title: string;
  course: CourseRef;
  term: TermRef;
  /** Null: the whole term. */
  partOfTerm: { code: string; startsOn: CivilDate; endsOn: CivilDate } | null;
  status: "active" | "cancelled";
  credits: Credits;
  meetings: Meeting[];
  instructors: PersonRef[];
}
export interface Seats {
  cap: number | null;
  enrolled: number;
  left: number | null;
}
export interface Section extends SectionSummary {
  info: string;
  seats: Seats;
}
export interface Enrollment {
  id: Id<"enrollment">;
  enrolledAt: Instant;
  section: SectionSummary;
}
export interface Teaching {
  section: SectionSummary;
  seats: Seats;
}
export type Outcome = "passed" | "failed" | "withdrawn" | "incomplete";
export interface Result {
  id: string;
  course: CourseRef;
  term: TermRef;
  outcome: Outcome;
  credits: number;
  decidedAt: Instant;
}

export interface DepartmentRow {
  id: Id<"department">;
  code: string;
  name: string;
  courses: number;
  faculty: number;
  version: number;
}
export interface Department extends DepartmentRow {
  students: number;
  can: { edit: boolean };
}

export type UserStatus = string;
export interface UserRow {
  id: Id<"user">;
  name: string;
  email: string | null;
  roles: Role[];
  status: UserStatus;
  department: { id: Id<"department">; code: string } | null;
  studentNumber: string | null;
}
export interface User {
  id: Id<"user">;
  name: string;
  sortName: string;
  email: string | null;
  status: UserStatus;
  roles: Role[];
  student?: StudentProfile | null;
  faculty?: FacultyProfile | null;
  admin?: AdminProfile | null;
  hasPassword: boolean;
  createdAt: Instant;
  teaching?: SectionSummary[];
  enrollmentCount: number;
}

export interface CourseRow {
  id: Id<"course">;
  code: string;
  title: string;
  credits: Credits;
  department: DepartmentRef;
}
export interface Course extends CourseRow {
  number: string;
  description: string;
  attributes: string;
  version: number;
  can: { edit: boolean };
}
export interface CourseSections {
  term: Term | null;
  terms: Term[];
  items: Section[];
}
export interface RosterRow {
  studentId: Id<"user">;
  name: string;
  studentNumber: string;
  program: string;
  semester: number;
  enrolledAt: Instant;
}

export type QueueKind =
  "sections-without-instructor" | "sections-without-room" | "sections-full" | "sections-closed" | "faculty-without-sign-in";
export interface QueueItem {
  id: string;
  label: string;
  detail: string | null;
  touches: number;
  since: Instant | null;
  owner: string | null;
  href: string;
}
export interface Overview {
  counts: { users: number; students: number; faculty: number; courses: number; sections: number; enrollments: number };
  term: Term | null;
  queues: { kind: QueueKind; count: number; examples: QueueItem[] }[];
  recentActions: { id: string; at: Instant; action: string; actor: string | null; target: string | null }[];
}

export interface ImportTally {
  created: number;
  updated: number;
  unchanged: number;
}
export interface ImportReport {
  dryRun: boolean;
  /** Names what a check found; applying sends it along. */
  digest: string;
  termCode: string;
  rows: number;
  duplicateRows: number;
  absentSections: number;
  departments: ImportTally;
  courses: ImportTally;
  rooms: ImportTally;
  instructors: ImportTally;
  sections: ImportTally;
  changes: { kind: string; key: string; field: string | null; before: string | null; after: string | null }[];
  changesTotal: number;
  warnings: { row: number; field: string; code: string; message: string }[];
  warningsTotal: number;
}

export interface NewCourse {
  departmentId: Id<"department">;
  number: string;
  title: string;
  description: string;
  credits: Credits;
  attributes: string;
}
export interface CourseEdit {
  title: string;
  description: string;
  credits: Credits;
  attributes: string;
  version: number;
}
