import type { Role } from "@/shared";
import type { IconName } from "@/components/ui/icon";
import type { MessageKey } from "@/lib/messages";
import type { Routes } from "@/lib/routes";

export interface Destination {
  readonly key: string;
  readonly label: MessageKey;
  readonly icon: IconName;
  readonly href: string;
  readonly roles: readonly Role[];
  readonly dock: readonly Role[];
}

const ALL: readonly Role[] = ["student", "faculty", "admin"];

/** The pages a role can go to, in the order of its rail. `dock` says for whom it is in a phone's bottom bar, which holds five. */
export function destinationsOf(routes: Routes): Destination[] {
  return [
    { key: "student", label: "nav.today", icon: "today", href: routes.home("student"), roles: ["student"], dock: ["student"] },
    { key: "faculty", label: "nav.today", icon: "today", href: routes.home("faculty"), roles: ["faculty"], dock: ["faculty"] },
    { key: "admin", label: "nav.home", icon: "home", href: routes.home("admin"), roles: ["admin"], dock: ["admin"] },
    { key: "users", label: "nav.users", icon: "users", href: routes.users(), roles: ["admin"], dock: ["admin"] },
    { key: "courses", label: "nav.courses", icon: "book", href: routes.courses(), roles: ALL, dock: ALL },
    { key: "departments", label: "nav.departments", icon: "department", href: routes.departments(), roles: ALL, dock: ALL },
    { key: "record", label: "nav.record", icon: "record", href: routes.record(), roles: ["student"], dock: ["student"] },
    { key: "imports", label: "nav.imports", icon: "upload", href: routes.importCatalog(), roles: ["admin"], dock: ["admin"] },
    { key: "profile", label: "nav.profile", icon: "person", href: routes.profile(), roles: ALL, dock: ["student", "faculty"] },
  ];
}

/** Shown by CSS to these roles: the prerendered page holds every destination, and the browser knows the role before React does. */
export const roleClass = (roles: readonly Role[]): string => ["for-role", ...roles.map((role) => `for-${role}`)].join(" ");
