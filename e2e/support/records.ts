/** Records of the demo institution that the journeys open, found the way the pages find them. */
import { read, signInByApi } from "./http.ts";
import type { Role } from "./run.ts";

interface List<T> {
  readonly items: readonly T[];
}
interface Named {
  readonly id: string;
  readonly code: string;
  readonly title: string;
}

export interface Records {
  readonly course: Named;
  readonly department: { readonly id: string; readonly code: string; readonly name: string };
  /** A section the demo lecturer teaches, and one somebody else does. */
  readonly ownSection: string;
  readonly otherSection: string;
  /** Somebody in the user list. */
  readonly user: string;
}

let known: Records | undefined;

export async function records(): Promise<Records> {
  if (known) return known;
  const [admin, faculty] = [await signInByApi("admin"), await signInByApi("faculty")];
  const taught = (await read<List<{ section: { id: string; course: Named } }>>("/api/v1/me/teaching", faculty)).items;
  const own = taught[0]?.section;
  const users = (await read<List<{ id: string }>>("/api/v1/users?role=student&limit=1", admin)).items;
  const departments = (await read<List<Records["department"]>>("/api/v1/departments?q=math", admin)).items;
  const course = (await read<List<Named>>("/api/v1/courses?q=calculus&limit=1", admin)).items[0];
  if (!own || !users[0] || !departments[0] || !course) throw new Error("the demo institution has no such records");
  const mine = new Set(taught.map(({ section }) => section.id));
  const sections = (await read<List<{ id: string }>>(`/api/v1/courses/${course.id}/sections`, admin)).items;
  const other = sections.find(({ id }) => !mine.has(id));
  if (!other) throw new Error("every section of the course is the demo lecturer's");
  return (known = { course, department: departments[0], ownSection: own.id, otherSection: other.id, user: users[0].id });
}

/** The pages a role can use, with records it may see. */
export async function pagesOf(role: Role): Promise<string[]> {
  const { course, department, ownSection, otherSection, user } = await records();
  const everybody = ["courses", `courses/${course.id}`, "departments", `departments/${department.id}`, "profile"];
  const own = {
    student: ["student", "record"],
    faculty: ["faculty", `sections/${ownSection}`],
    admin: ["admin", "users", `users/${user}`, "imports/catalog", `sections/${otherSection}`],
  }[role];
  return [...own, ...everybody].map((page) => `/en/${page}`);
}
