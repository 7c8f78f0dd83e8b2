/** Where a list is to be had as a file: the same filters and order as on the screen, all rows. */
import { withSearch, type CourseFilters, type PlainFilters, type UserFilters } from "./routes";
import type { SectionId } from "@/shared";

export type ExportFormat = "csv" | "xlsx";

export const exports = {
  courses: (filters: CourseFilters, format: ExportFormat) => withSearch("/api/v1/courses/export", { ...filters, format }),
  users: (filters: UserFilters, format: ExportFormat) => withSearch("/api/v1/users/export", { ...filters, format }),
  departments: (filters: PlainFilters, format: ExportFormat) => withSearch("/api/v1/departments/export", { ...filters, format }),
  roster: (id: SectionId, filters: PlainFilters, format: ExportFormat) =>
    withSearch(`/api/v1/sections/${id}/roster/export`, { ...filters, format }),
  results: (sort: string | undefined, format: ExportFormat) => withSearch("/api/v1/me/results/export", { sort, format }),
} as const;
