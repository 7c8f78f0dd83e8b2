// Generated from shared/openapi.json by `npm run contracts`. Never edited by hand.
import type {
  CreateDepartment,
  DepartmentDetail,
  DepartmentId,
  DepartmentSummaryPage,
  EditDepartment,
  ImportReport,
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
 * Make a department
 * Refused as: body-too-large, department-code-taken, forbidden, idempotency-in-progress, idempotency-key-required, idempotency-mismatch, invalid-request, unsupported-media-type.
 */
export const createDepartment: Operation<never, never, CreateDepartment, DepartmentDetail> = { method: "POST", route: "/api/v1/departments" };

/**
 * Rename a department
 * Refused as: body-too-large, forbidden, idempotency-in-progress, idempotency-key-required, idempotency-mismatch, invalid-request, not-found, unsupported-media-type, version-conflict.
 */
export const editDepartment: Operation<{ id: DepartmentId }, never, EditDepartment, DepartmentDetail> = { method: "PATCH", route: "/api/v1/departments/{id}" };

/**
 * One department
 * Refused as: not-found.
 */
export const getDepartment: Operation<{ id: DepartmentId }, never, never, DepartmentDetail> = { method: "GET", route: "/api/v1/departments/{id}" };

/**
 * Import a section catalog (multipart: file, params as JSON, dryRun); all or nothing, and idempotent
 * Refused as: forbidden, import-refused, invalid-request, malformed-upload, version-conflict.
 */
export const importCatalog: Operation<never, never, never, ImportReport> = { method: "POST", route: "/api/v1/imports/catalog" };

/**
 * Departments, by code or by best match
 * Refused as: invalid-cursor, invalid-request.
 */
export const listDepartments: Operation<never, { cursor?: string; limit?: number; q?: string }, never, DepartmentSummaryPage> = { method: "GET", route: "/api/v1/departments" };
