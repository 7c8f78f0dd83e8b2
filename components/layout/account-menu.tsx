"use client";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { Icon } from "@/components/ui/icon";
import { Menu, MenuGroup, MenuItem, useCloseMenu } from "@/components/ui/menu";
import { Skeleton } from "@/components/ui/skeleton";
import { initialsOf } from "@/lib/format";
import { mayLeave } from "@/lib/unsaved";
import type { Me } from "@/shared";
import type { Translate } from "@/lib/messages";
import { useRoutes, useT } from "./locale";
import { ROLE_LABELS } from "./roles";
import { currentTheme, setTheme, THEME_LOOKS, THEMES } from "./theme";
import { useAccount, type Account } from "./use-account";
import { useMe } from "./use-me";

/** What stands below a person's name: where they belong. */
function belonging(t: Translate, me: Me): string {
  if (me.role === "student" && me.student)
    return t("account.student", { department: me.student.department.code, semester: me.student.semester });
  if (me.role === "faculty" && me.faculty) return me.faculty.title ?? me.faculty.department.name;
  if (me.role === "admin" && me.admin) return me.admin.office;
  return t(ROLE_LABELS[me.role]);
}

export function AccountMenu({ place }: { place: "above" | "below-end" }) {
  const t = useT();
  const { data: me } = useMe();
  const avatar = (
    <span className="grid place-items-center size-7 flex-none rounded-full bg-raised text-muted text-meta font-strong">
      {me ? initialsOf(me.name) : ""}
    </span>
  );
  const face =
    place === "below-end" ? (
      <>
        {avatar}
        <span className="sr-only">{me ? t("account.of", { name: me.name }) : t("account.title")}</span>
      </>
    ) : (
      <>
        {avatar}
        <span className="rail-text min-w-0 text-start leading-tight">
          <span className="block truncate font-strong">{me ? me.name : <Skeleton ch={14} />}</span>
          <span className="block truncate text-meta text-muted">{me ? belonging(t, me) : <Skeleton ch={10} />}</span>
        </span>
      </>
    );
  return (
    <Menu
      label={t("account.title")}
      place={place}
      button={face}
      buttonClass={
        place === "above"
          ? "account flex w-full min-w-0 items-center gap-2.5 rounded-md p-1.5 hover:bg-raised"
          : "inline-grid size-11 place-items-center"
      }
    >
      <Items me={me} />
    </Menu>
  );
}

function Items({ me }: { me: Me | undefined }) {
  const account = useAccount();
  return (
    <>
      {me ? (
        <div className="px-2.5 py-1.5 border-b border-line">
          <div className="font-strong truncate">{me.name}</div>
          <div className="text-meta text-muted truncate">{me.email}</div>
        </div>
      ) : null}
      {me && me.roles.length > 1 ? <RoleItems me={me} account={account} /> : null}
      <ThemeItems />
      <OwnItems account={account} />
    </>
  );
}

function RoleItems({ me, account: { leaving, actAs } }: { me: Me; account: Account }) {
  const t = useT();
  const close = useCloseMenu();
  return (
    <MenuGroup label={t("account.role")}>
      {me.roles.map((role) => (
        <MenuItem
          key={role}
          checked={role === me.role}
          pending={leaving === role}
          onSelect={() => {
            if (role === me.role) close();
            else actAs(role);
          }}
        >
          <Icon name="switch" />
          {t(ROLE_LABELS[role])}
          {role === me.role ? <Icon name="check" className="ml-auto" /> : null}
        </MenuItem>
      ))}
    </MenuGroup>
  );
}

function ThemeItems() {
  const t = useT();
  const [theme, choose] = useState(currentTheme);
  return (
    <MenuGroup label={t("theme.title")}>
      {THEMES.map((one) => (
        <MenuItem
          key={one}
          checked={one === theme}
          onSelect={() => {
            setTheme(one);
            choose(one);
          }}
        >
          <Icon name={THEME_LOOKS[one].icon} />
          {t(THEME_LOOKS[one].label)}
          {one === theme ? <Icon name="check" className="ml-auto" /> : null}
        </MenuItem>
      ))}
    </MenuGroup>
  );
}

function OwnItems({ account: { leaving, end } }: { account: Account }) {
  const t = useT();
  const routes = useRoutes();
  const router = useRouter();
  const close = useCloseMenu();
  return (
    <MenuGroup label={t("account.title")}>
      <MenuItem
        onSelect={() => {
          close();
          if (mayLeave(t("unsaved.question"))) router.push(routes.profile());
        }}
      >
        <Icon name="person" />
        {t("nav.profile")}
      </MenuItem>
      <MenuItem
        pending={leaving === "out"}
        onSelect={() => {
          end(false);
        }}
      >
        <Icon name="sign-out" />
        {t("account.signOut")}
      </MenuItem>
      <MenuItem
        pending={leaving === "everywhere"}
        onSelect={() => {
          end(true);
        }}
      >
        <Icon name="sign-out" />
        {t("account.signOutEverywhere")}
      </MenuItem>
    </MenuGroup>
  );
}
