"use client";
import { ROLE_LABELS } from "@/components/layout/roles";
import { useT } from "@/components/layout/locale";
import { Tag } from "@/components/ui/tag";
import type { MessageKey } from "@/lib/messages";
import type { Role, UserStatus } from "@/shared";

export function RoleTags({ roles }: { roles: readonly Role[] }) {
  const t = useT();
  return (
    <span className="flex flex-wrap gap-1">
      {roles.map((role) => (
        <Tag key={role}>{t(ROLE_LABELS[role])}</Tag>
      ))}
    </span>
  );
}

const STATUS: Readonly<Record<UserStatus, MessageKey>> = { active: "status.active", suspended: "status.suspended" };

/** Active is the rule and stays quiet; anything else is named and colored. */
export function StatusTag({ status }: { status: UserStatus }) {
  const t = useT();
  const words = t(STATUS[status]);
  return status === "active" ? <span className="text-muted">{words}</span> : <Tag tone="warn">{words}</Tag>;
}
