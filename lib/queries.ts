/** The GETs the screens start from, as the templates of `app/first-data.json`; a test holds the two together. */
import { resolveTemplate } from "./first-data";
import type { QueueKind } from "./api-types";
import type { CourseFilters, UserFilters } from "./routes";

export const TEMPLATES = {
  institution: "/api/v1/institution",
  me: "/api/v1/me",
  contact: "/api/v1/me/contact",
  enrollments: "/api/v1/me/enrollments",
  teaching: "/api/v1/me/teaching",
  results: "/api/v1/me/results?limit=200",
  overview: "/api/v1/overview",
  courses: "/api/v1/courses?limit=50&{q,department,term,credits}",
  departmentCourses: "/api/v1/courses?limit=50&department={id}",
  course: "/api/v1/courses/{id}",
  courseSections: "/api/v1/courses/{id}/sections?{term}",
  departments: "/api/v1/departments?limit=50&{q}",
  department: "/api/v1/departments/{id}",
  users: "/api/v1/users?limit=50&{q,role,department,status}",
  user: "/api/v1/users/{id}",
  section: "/api/v1/sections/{id}",
  roster: "/api/v1/sections/{id}/roster?limit=200",
} as const;

export const queries = {
  institution: () => TEMPLATES.institution,
  me: () => TEMPLATES.me,
  contact: () => TEMPLATES.contact,
  enrollments: () => TEMPLATES.enrollments,
  teaching: () => TEMPLATES.teaching,
  results: () => TEMPLATES.results,
  overview: () => TEMPLATES.overview,
  courses: (filters: CourseFilters) => resolveTemplate(TEMPLATES.courses, { ...filters }),
  departmentCourses: (id: string) => resolveTemplate(TEMPLATES.departmentCourses, { id }),
  course: (id: string) => resolveTemplate(TEMPLATES.course, { id }),
  courseSections: (id: string, term?: string) => resolveTemplate(TEMPLATES.courseSections, { id, term }),
  departments: (q?: string) => resolveTemplate(TEMPLATES.departments, { q }),
  department: (id: string) => resolveTemplate(TEMPLATES.department, { id }),
  users: (filters: UserFilters) => resolveTemplate(TEMPLATES.users, { ...filters }),
  user: (id: string) => resolveTemplate(TEMPLATES.user, { id }),
  section: (id: string) => resolveTemplate(TEMPLATES.section, { id }),
  roster: (id: string) => resolveTemplate(TEMPLATES.roster, { id }),
  queue: (kind: QueueKind) => `/api/v1/overview/queues/${kind}?limit=50`,
  /** Fetched after the page: what filters and forms offer. */
  allDepartments: () => "/api/v1/departments?limit=200",
  terms: () => "/api/v1/terms",
} as const;
