/** The GETs the screens start from, as the templates of `app/first-data.json`; a test holds the two together. */
import {
  getCourse,
  getDepartment,
  getInstitution,
  getMe,
  getMyContact,
  getOverview,
  getRoster,
  getSection,
  getUser,
  listCourses,
  listCourseSections,
  listDepartments,
  listMyEnrollments,
  listMyResults,
  listMyTeaching,
  listQueue,
  listTerms,
  listUsers,
  type CourseId,
  type DepartmentId,
  type Operation,
  type QueueKind,
  type SectionId,
  type UserId,
} from "@/shared";
import { resolveTemplate, type Filled } from "./first-data";
import type { CourseFilters, UserFilters } from "./routes";

declare const answer: unique symbol;
/** The address of a GET, and (for the compiler alone) what comes back from it. */
export type Get<Answer> = string & { readonly [answer]: Answer };

/** An operation's own route with a query: what it answers is what the contract says. */
const template = <Path, Query, Answer>(operation: Operation<Path, Query, never, Answer>, query = ""): Get<Answer> =>
  (operation.route + query) as Get<Answer>;

const resolved = <Answer>(from: Get<Answer>, values: Filled): Get<Answer> => resolveTemplate(from, values) as Get<Answer>;

export const TEMPLATES = {
  institution: template(getInstitution),
  me: template(getMe),
  contact: template(getMyContact),
  enrollments: template(listMyEnrollments),
  teaching: template(listMyTeaching),
  results: template(listMyResults, "?limit=200"),
  overview: template(getOverview),
  courses: template(listCourses, "?limit=50&{q,department,term,credits}"),
  departmentCourses: template(listCourses, "?limit=50&department={id}"),
  course: template(getCourse),
  courseSections: template(listCourseSections, "?{term}"),
  departments: template(listDepartments, "?limit=50&{q}"),
  department: template(getDepartment),
  users: template(listUsers, "?limit=50&{q,role,department,status}"),
  user: template(getUser),
  section: template(getSection),
  roster: template(getRoster, "?limit=200"),
} as const;

export const queries = {
  institution: () => TEMPLATES.institution,
  me: () => TEMPLATES.me,
  contact: () => TEMPLATES.contact,
  enrollments: () => TEMPLATES.enrollments,
  teaching: () => TEMPLATES.teaching,
  results: () => TEMPLATES.results,
  overview: () => TEMPLATES.overview,
  courses: (filters: CourseFilters) => resolved(TEMPLATES.courses, { ...filters }),
  departmentCourses: (id: DepartmentId) => resolved(TEMPLATES.departmentCourses, { id }),
  course: (id: CourseId) => resolved(TEMPLATES.course, { id }),
  courseSections: (id: CourseId, term?: string) => resolved(TEMPLATES.courseSections, { id, term }),
  departments: (q?: string) => resolved(TEMPLATES.departments, { q }),
  department: (id: DepartmentId) => resolved(TEMPLATES.department, { id }),
  users: (filters: UserFilters) => resolved(TEMPLATES.users, { ...filters }),
  user: (id: UserId) => resolved(TEMPLATES.user, { id }),
  section: (id: SectionId) => resolved(TEMPLATES.section, { id }),
  roster: (id: SectionId) => resolved(TEMPLATES.roster, { id }),
  queue: (kind: QueueKind) => resolved(template(listQueue, "?limit=50"), { kind }),
  /** Fetched after the page: what filters and forms offer. */
  allDepartments: () => template(listDepartments, "?limit=200"),
  terms: () => template(listTerms, "?limit=200"),
} as const;
