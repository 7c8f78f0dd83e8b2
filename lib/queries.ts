/** The GETs the screens start from, as the templates of `app/first-data.json`; a test holds the two together. */
import { resolveTemplate } from "./first-data";
import type { CourseFilters, PlainFilters, UserFilters } from "./routes";

export const TEMPLATES = {
  institution: "/api/v1/institution",
  me: "/api/v1/me",
  contact: "/api/v1/me/contact",
  enrollments: "/api/v1/me/enrollments",
  teaching: "/api/v1/me/teaching",
  results: "/api/v1/me/results?limit=200&{sort}",
  overview: "/api/v1/overview",
  courses: "/api/v1/courses?limit=50&{q,department,term,credits,sort}",
  departmentCourses: "/api/v1/courses?limit=50&department={id}&{sort}",
  course: "/api/v1/courses/{id}",
  courseSections: "/api/v1/courses/{id}/sections?{term}",
  departments: "/api/v1/departments?limit=50&{q,sort}",
  department: "/api/v1/departments/{id}",
  users: "/api/v1/users?limit=50&{q,role,department,status,sort}",
  user: "/api/v1/users/{id}",
  section: "/api/v1/sections/{id}",
  roster: "/api/v1/sections/{id}/roster?limit=200&{q,sort}",
} as const;

export const queries = {
  institution: () => TEMPLATES.institution,
  me: () => TEMPLATES.me,
  contact: () => TEMPLATES.contact,
  enrollments: () => TEMPLATES.enrollments,
  teaching: () => TEMPLATES.teaching,
  results: (sort?: string) => resolveTemplate(TEMPLATES.results, { sort }),
  overview: () => TEMPLATES.overview,
  courses: (filters: CourseFilters) => resolveTemplate(TEMPLATES.courses, { ...filters }),
  departmentCourses: (id: string, sort?: string) => resolveTemplate(TEMPLATES.departmentCourses, { id, sort }),
  course: (id: string) => resolveTemplate(TEMPLATES.course, { id }),
  courseSections: (id: string, term?: string) => resolveTemplate(TEMPLATES.courseSections, { id, term }),
  departments: (filters: PlainFilters = {}) => resolveTemplate(TEMPLATES.departments, { ...filters }),
  department: (id: string) => resolveTemplate(TEMPLATES.department, { id }),
  users: (filters: UserFilters) => resolveTemplate(TEMPLATES.users, { ...filters }),
  user: (id: string) => resolveTemplate(TEMPLATES.user, { id }),
  section: (id: string) => resolveTemplate(TEMPLATES.section, { id }),
  roster: (id: string, filters: PlainFilters = {}) => resolveTemplate(TEMPLATES.roster, { id, ...filters }),
  /** Fetched after the page: what filters and forms offer. */
  allDepartments: () => "/api/v1/departments?limit=200",
  terms: () => "/api/v1/terms",
} as const;
