// Generated from shared/openapi.json by `npm run contracts`. Never edited by hand.
import type {
  Contact,
  CourseDetail,
  CourseId,
  CourseResultPage,
  CourseSections,
  CourseSort,
  CourseSummaryPage,
  CreateCourse,
  CreateDepartment,
  DepartmentDetail,
  DepartmentId,
  DepartmentSort,
  DepartmentSummaryPage,
  EditCourse,
  EditDepartment,
  EnrollmentPage,
  ExportFormat,
  ImportReport,
  Institution,
  Me,
  Overview,
  PutContact,
  QueueItemPage,
  QueueKind,
  RefreshRequest,
  ResultSort,
  Role,
  RosterEntryPage,
  RosterSort,
  Section,
  SectionId,
  SetPasswordRequest,
  SignInRequest,
  SignedIn,
  SwitchRoleRequest,
  TeachingPage,
  TermId,
  TermPage,
  UserDetail,
  UserId,
  UserSort,
  UserStatus,
  UserSummaryPage,
} from "./types";

/** An operation: where it is, and (for the compiler alone) what goes in and comes out. */
export interface Operation<Path, Query, Body, Answer> {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** The route, with `{name}` where a part of the path goes. */
  readonly route: string;
  readonly types?: { path: Path; query: Query; body: Body; answer: Answer };
}

export type Parts<Path, Query> = ([Path] extends [never] ? { path?: undefined } : { path: Path }) & { query?: Query };

/** The address of an operation. What is undefined, null or empty is left out of the query; the rest keeps the order given. */
export function urlOf<Path, Query, Body, Answer>(
  operation: Operation<Path, Query, Body, Answer>,
  { path, query }: Parts<Path, Query>,
): string {
  const parts = (path ?? {}) as Record<string, string>;
  const route = operation.route.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(parts[name] ?? ""));
  const given = Object.entries(query ?? {}).filter(([, value]) => value !== undefined && value !== null && value !== "");
  const search = given.map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`).join("&");
  return search ? `${route}?${search}` : route;
}

/**
 * Make a course
 * Refused as: body-too-large, course-number-taken, cross-site, forbidden, idempotency-in-progress, idempotency-key-required, idempotency-mismatch, invalid-request, unsupported-media-type.
 */
export const createCourse: Operation<never, never, CreateCourse, CourseDetail> = { method: "POST", route: "/api/v1/courses" };

/**
 * Make a department
 * Refused as: body-too-large, cross-site, department-code-taken, forbidden, idempotency-in-progress, idempotency-key-required, idempotency-mismatch, invalid-request, unsupported-media-type.
 */
export const createDepartment: Operation<never, never, CreateDepartment, DepartmentDetail> = { method: "POST", route: "/api/v1/departments" };

/**
 * Edit a course
 * Refused as: body-too-large, cross-site, forbidden, idempotency-in-progress, idempotency-key-required, idempotency-mismatch, invalid-request, not-found, unsupported-media-type, version-conflict.
 */
export const editCourse: Operation<{ id: CourseId }, never, EditCourse, CourseDetail> = { method: "PATCH", route: "/api/v1/courses/{id}" };

/**
 * Rename a department
 * Refused as: body-too-large, cross-site, forbidden, idempotency-in-progress, idempotency-key-required, idempotency-mismatch, invalid-request, not-found, unsupported-media-type, version-conflict.
 */
export const editDepartment: Operation<{ id: DepartmentId }, never, EditDepartment, DepartmentDetail> = { method: "PATCH", route: "/api/v1/departments/{id}" };

/**
 * A list of courses as a file
 * Refused as: invalid-cursor, invalid-request, too-many-requests.
 */
export const exportCourses: Operation<never, { credits?: number; department?: DepartmentId; format?: ExportFormat; q?: string; sort?: CourseSort; term?: TermId }, never, undefined> = { method: "GET", route: "/api/v1/courses/export" };

/**
 * A list of departments as a file
 * Refused as: invalid-cursor, invalid-request, too-many-requests.
 */
export const exportDepartments: Operation<never, { format?: ExportFormat; q?: string; sort?: DepartmentSort }, never, undefined> = { method: "GET", route: "/api/v1/departments/export" };

/**
 * What came of the caller's courses, as a file
 * Refused as: invalid-cursor, invalid-request, too-many-requests.
 */
export const exportMyResults: Operation<never, { format?: ExportFormat; sort?: ResultSort }, never, undefined> = { method: "GET", route: "/api/v1/me/results/export" };

/**
 * A roster as a file; leaves an audit row
 * Refused as: invalid-cursor, invalid-request, not-found, too-many-requests.
 */
export const exportRoster: Operation<{ id: SectionId }, { format?: ExportFormat; q?: string; sort?: RosterSort }, never, undefined> = { method: "GET", route: "/api/v1/sections/{id}/roster/export" };

/**
 * A list of people as a file; leaves an audit row
 * Refused as: forbidden, invalid-cursor, invalid-request, too-many-requests.
 */
export const exportUsers: Operation<never, { department?: DepartmentId; format?: ExportFormat; q?: string; role?: Role; sort?: UserSort; status?: UserStatus }, never, undefined> = { method: "GET", route: "/api/v1/users/export" };

/**
 * One course
 * Refused as: not-found.
 */
export const getCourse: Operation<{ id: CourseId }, never, never, CourseDetail> = { method: "GET", route: "/api/v1/courses/{id}" };

/**
 * One department
 * Refused as: not-found.
 */
export const getDepartment: Operation<{ id: DepartmentId }, never, never, DepartmentDetail> = { method: "GET", route: "/api/v1/departments/{id}" };

/** Name, zone and accent of the institution */
export const getInstitution: Operation<never, never, never, Institution> = { method: "GET", route: "/api/v1/institution" };

/** The caller: person, roles, institution, current term */
export const getMe: Operation<never, never, never, Me> = { method: "GET", route: "/api/v1/me" };

/** The caller's own contact details */
export const getMyContact: Operation<never, never, never, Contact> = { method: "GET", route: "/api/v1/me/contact" };

/**
 * The admin home: counts, what waits, what was done
 * Refused as: forbidden.
 */
export const getOverview: Operation<never, never, never, Overview> = { method: "GET", route: "/api/v1/overview" };

/**
 * Who is in a section; for those who teach it, and for admins
 * Refused as: invalid-cursor, invalid-request, not-found.
 */
export const getRoster: Operation<{ id: SectionId }, { cursor?: string; limit?: number; q?: string; sort?: RosterSort }, never, RosterEntryPage> = { method: "GET", route: "/api/v1/sections/{id}/roster" };

/**
 * One section
 * Refused as: not-found.
 */
export const getSection: Operation<{ id: SectionId }, never, never, Section> = { method: "GET", route: "/api/v1/sections/{id}" };

/**
 * One person, for admins
 * Refused as: not-found.
 */
export const getUser: Operation<{ id: UserId }, never, never, UserDetail> = { method: "GET", route: "/api/v1/users/{id}" };

/**
 * Import a section catalog: all or nothing, idempotent, and only as a check of the same file showed it
 * Refused as: body-too-large, cross-site, forbidden, import-outdated, import-refused, invalid-request, malformed-upload, unsupported-media-type, version-conflict.
 */
export const importCatalog: Operation<never, never, FormData, ImportReport> = { method: "POST", route: "/api/v1/imports/catalog" };

/**
 * The sections of a course in one term
 * Refused as: invalid-cursor, invalid-request, not-found.
 */
export const listCourseSections: Operation<{ id: CourseId }, { term?: TermId }, never, CourseSections> = { method: "GET", route: "/api/v1/courses/{id}/sections" };

/**
 * Courses, by code or by best match
 * Refused as: invalid-cursor, invalid-request.
 */
export const listCourses: Operation<never, { credits?: number; cursor?: string; department?: DepartmentId; limit?: number; q?: string; sort?: CourseSort; term?: TermId }, never, CourseSummaryPage> = { method: "GET", route: "/api/v1/courses" };

/**
 * Departments, by code or by best match
 * Refused as: invalid-cursor, invalid-request.
 */
export const listDepartments: Operation<never, { cursor?: string; limit?: number; q?: string; sort?: DepartmentSort }, never, DepartmentSummaryPage> = { method: "GET", route: "/api/v1/departments" };

/**
 * The sections the caller is enrolled in
 * Refused as: invalid-cursor, invalid-request.
 */
export const listMyEnrollments: Operation<never, { term?: TermId }, never, EnrollmentPage> = { method: "GET", route: "/api/v1/me/enrollments" };

/**
 * What came of the caller's courses
 * Refused as: invalid-cursor, invalid-request.
 */
export const listMyResults: Operation<never, { cursor?: string; limit?: number; sort?: ResultSort }, never, CourseResultPage> = { method: "GET", route: "/api/v1/me/results" };

/**
 * The sections the caller teaches
 * Refused as: forbidden, invalid-cursor, invalid-request.
 */
export const listMyTeaching: Operation<never, { term?: TermId }, never, TeachingPage> = { method: "GET", route: "/api/v1/me/teaching" };

/**
 * Everything that waits in one queue
 * Refused as: forbidden, invalid-cursor, invalid-request, not-found.
 */
export const listQueue: Operation<{ kind: QueueKind }, { cursor?: string; limit?: number }, never, QueueItemPage> = { method: "GET", route: "/api/v1/overview/queues/{kind}" };

/**
 * Terms, latest first
 * Refused as: invalid-cursor, invalid-request.
 */
export const listTerms: Operation<never, { cursor?: string; limit?: number }, never, TermPage> = { method: "GET", route: "/api/v1/terms" };

/**
 * People, by family name or by best match
 * Refused as: forbidden, invalid-cursor, invalid-request.
 */
export const listUsers: Operation<never, { cursor?: string; department?: DepartmentId; limit?: number; q?: string; role?: Role; sort?: UserSort; status?: UserStatus }, never, UserSummaryPage> = { method: "GET", route: "/api/v1/users" };

/**
 * Replace the caller's own contact details
 * Refused as: body-too-large, cross-site, invalid-request, unsupported-media-type, version-conflict.
 */
export const putMyContact: Operation<never, never, PutContact, Contact> = { method: "PUT", route: "/api/v1/me/contact" };

/**
 * Exchange the refresh token for new tokens
 * Refused as: body-too-large, cross-site, invalid-request, unsupported-media-type.
 */
export const refreshSession: Operation<never, never, RefreshRequest | undefined, SignedIn> = { method: "POST", route: "/api/v1/auth/refresh" };

/**
 * Set a password with a one-time link; every session of the account ends
 * Refused as: body-too-large, cross-site, invalid-request, link-expired, unsupported-media-type.
 */
export const setPassword: Operation<never, never, SetPasswordRequest, undefined> = { method: "POST", route: "/api/v1/auth/set-password" };

/**
 * Start a session. `Accept-Tokens: body` asks for the tokens in the answer instead of cookies
 * Refused as: body-too-large, cross-site, invalid-request, unsupported-media-type, wrong-credentials.
 */
export const signIn: Operation<never, never, SignInRequest, SignedIn> = { method: "POST", route: "/api/v1/auth/sign-in" };

/**
 * End this session
 * Refused as: cross-site.
 */
export const signOut: Operation<never, never, never, undefined> = { method: "POST", route: "/api/v1/auth/sign-out" };

/**
 * End all sessions of this account, on every device
 * Refused as: cross-site.
 */
export const signOutEverywhere: Operation<never, never, never, undefined> = { method: "POST", route: "/api/v1/auth/sign-out-everywhere" };

/**
 * Go on in another role the account holds
 * Refused as: body-too-large, cross-site, invalid-request, unsupported-media-type.
 */
export const switchRole: Operation<never, never, SwitchRoleRequest, SignedIn> = { method: "POST", route: "/api/v1/auth/switch-role" };
