import type { Role } from "@/shared";
import type { MessageKey } from "@/lib/messages";

export const ROLES: readonly Role[] = ["student", "faculty", "admin"];
export const ROLE_LABELS: Readonly<Record<Role, MessageKey>> = { student: "role.student", faculty: "role.faculty", admin: "role.admin" };
