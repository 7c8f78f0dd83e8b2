"use client";
import { useRouter } from "next/navigation";
import type { IconName } from "@/components/ui/icon";
import type { Me } from "@/shared";
import { useRoutes, useT } from "./locale";
import { ROLE_LABELS } from "./roles";
import { setTheme, THEMES, THEME_LOOKS } from "./theme";
import { useAccount } from "./use-account";
import { useMe } from "./use-me";

export interface PaletteAction {
  readonly key: string;
  readonly icon: IconName;
  readonly label: string;
  readonly run: () => void;
}

export type Opens = "course" | "department";

/** What can be done from anywhere, by the handlers that do it everywhere else; only what this person may. */
export function usePaletteActions(open: (form: Opens) => void): PaletteAction[] {
  const t = useT();
  const routes = useRoutes();
  const router = useRouter();
  const { data: me } = useMe();
  const { end, actAs } = useAccount();
  if (!me) return [];
  const item = (key: string, icon: IconName, label: string, run: () => void): PaletteAction => ({ key: `action-${key}`, icon, label, run });
  return [
    ...(me.can.manageCourses ? [item("course", "plus", t("courses.create"), () => open("course"))] : []),
    ...(me.can.manageDepartments ? [item("department", "plus", t("departments.create"), () => open("department"))] : []),
    ...(me.can.importCatalog ? [item("import", "upload", t("import.title"), () => router.push(routes.importCatalog()))] : []),
    ...otherRoles(me).map((role) => item(`role-${role}`, "switch", t("palette.actAs", { role: t(ROLE_LABELS[role]) }), () => actAs(role))),
    ...THEMES.map((theme) =>
      item(`theme-${theme}`, THEME_LOOKS[theme].icon, t("palette.theme", { theme: t(THEME_LOOKS[theme].label) }), () => setTheme(theme)),
    ),
    item("out", "sign-out", t("account.signOut"), () => end(false)),
  ];
}

const otherRoles = (me: Me) => me.roles.filter((role) => role !== me.role);
