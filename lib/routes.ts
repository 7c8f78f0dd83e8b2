/** Every link of the product. Pages never write a path by hand. */
import type { CourseId, DepartmentId, Role, SectionId, UserId } from "@/shared";

type Search = Readonly<Record<string, string | undefined>>;

/** Percent-encodes everything but RFC 3986's unreserved characters, so that two writers of one query agree byte by byte. */
export const encodeStrictly = (value: string): string =>
  encodeURIComponent(value.toWellFormed()).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

export function withSearch(path: string, search: Search): string {
  const pairs = Object.entries(search).filter((pair): pair is [string, string] => Boolean(pair[1]));
  return pairs.length === 0 ? path : `${path}?${pairs.map(([name, value]) => `${name}=${encodeStrictly(value)}`).join("&")}`;
}

export interface CourseFilters {
  q?: string;
  department?: string;
  term?: string;
  credits?: string;
}
export interface UserFilters {
  q?: string;
  role?: string;
  department?: string;
  status?: string;
}

export function routesOf(locale: string) {
  const at = (path: string) => `/${locale}/${path}`;
  return {
    signIn: (next?: string) => withSearch(at("sign-in"), { next }),
    home: (role: Role) => at(role),
    overview: (search: { queue?: string | undefined } = {}) => withSearch(at("admin"), search),
    courses: (filters: CourseFilters = {}) => withSearch(at("courses"), { ...filters }),
    course: (id: CourseId, search: { term?: string } = {}) => withSearch(at(`courses/${id}`), search),
    departments: (search: { q?: string } = {}) => withSearch(at("departments"), search),
    department: (id: DepartmentId) => at(`departments/${id}`),
    users: (filters: UserFilters = {}) => withSearch(at("users"), { ...filters }),
    user: (id: UserId) => at(`users/${id}`),
    section: (id: SectionId) => at(`sections/${id}`),
    record: () => at("record"),
    profile: () => at("profile"),
    importCatalog: () => at("imports/catalog"),
  };
}
export type Routes = ReturnType<typeof routesOf>;
