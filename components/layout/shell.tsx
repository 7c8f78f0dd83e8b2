"use client";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { useEffect, useRef, useState, type ReactNode } from "react";
import { Icon, Mark } from "@/components/ui/icon";
import { Kbd } from "@/components/ui/kbd";
import { Toaster } from "@/components/ui/toast";
import { watchFreshness } from "@/lib/data";
import { formatLocaleOf } from "@/lib/format";
import { watchSession } from "@/lib/renewal";
import { guardNavigation } from "@/lib/unsaved";
import { AccountMenu } from "./account-menu";
import { destinationsOf, roleClass } from "./destinations";
import { LinkPending } from "./link-pending";
import { FormatLocale, usePathLocale, useRoutes, useT } from "./locale";
import { PaletteHost, openPalette } from "./palette-host";
import { StaleNotice } from "./stale-notice";
import { TermNow } from "./term-now";
import { setRole, toggleRail } from "./theme";
import { useHydrated } from "./use-hydrated";
import { useMe } from "./use-me";

export function Shell({ children }: { children: ReactNode }) {
  const t = useT();
  const locale = usePathLocale();
  const { data: me } = useMe();
  useEffect(watchSession, []);
  useEffect(watchFreshness, []);
  useEffect(() => guardNavigation(t("unsaved.question")), [t]);
  useEffect(() => {
    if (me) setRole(me.role);
  }, [me]);
  useFocusOnRoute();
  return (
    <FormatLocale locale={formatLocaleOf(locale, me?.institution.locale)}>
      <a
        href="#main"
        className="sr-only focus:not-sr-only focus:fixed focus:z-50 focus:top-2 focus:left-2 focus:rounded-md focus:bg-text focus:text-bg focus:px-3 focus:py-2"
      >
        {t("shell.skip")}
      </a>
      <div className="app">
        <Rail />
        <div className="min-w-0">
          <TopBar />
          <main id="main" tabIndex={-1} className="page">
            <StaleNotice />
            {children}
          </main>
        </div>
      </div>
      <Dock />
      <PaletteHost />
      <Toaster />
    </FormatLocale>
  );
}

/** A client-side route change leaves the focus on a link that may be gone: the new page's heading takes it. Next announces the title. */
function useFocusOnRoute(): void {
  const pathname = usePathname();
  const before = useRef(pathname);
  useEffect(() => {
    if (before.current === pathname) return;
    before.current = pathname;
    const frame = requestAnimationFrame(() => document.querySelector<HTMLElement>("main h1")?.focus({ preventScroll: true }));
    return () => {
      cancelAnimationFrame(frame);
    };
  }, [pathname]);
}

/** A page below a destination (a course below Courses) counts as being there. */
const isAt = (pathname: string, href: string): "page" | "true" | undefined =>
  pathname === href ? "page" : pathname.startsWith(`${href}/`) ? "true" : undefined;

function Rail() {
  const t = useT();
  const routes = useRoutes();
  const pathname = usePathname();
  const { data: me } = useMe();
  return (
    <nav className="rail" aria-label={t("shell.main")}>
      <div className="rail-brand">
        <Mark />
        <span className="rail-text truncate" title={me?.institution.name}>
          {me?.institution.shortName ?? "\u00a0"}
        </span>
      </div>
      <div className="rail-links">
        {destinationsOf(routes).map(({ key, label, icon, href, roles }) => (
          <Link key={key} href={href} aria-current={isAt(pathname, href)} title={t(label)} className={`rail-link ${roleClass(roles)}`}>
            <Icon name={icon} />
            <span className="rail-text">{t(label)}</span>
            <LinkPending />
          </Link>
        ))}
      </div>
      <div className="rail-foot">
        <RailToggle />
        <AccountMenu place="above" />
      </div>
    </nav>
  );
}

function RailToggle() {
  const t = useT();
  const [tight, setTight] = useState<boolean>();
  return (
    <button
      type="button"
      className="rail-link rail-toggle"
      aria-pressed={tight}
      title={t("shell.collapse")}
      onClick={() => {
        setTight(toggleRail());
      }}
    >
      <Icon name="rail" />
      <span className="rail-text">{t("shell.collapse")}</span>
    </button>
  );
}

function TopBar() {
  const t = useT();
  const hydrated = useHydrated();
  const { data: me } = useMe();
  return (
    <header className="topbar">
      <div className="sm:hidden flex items-center gap-2.5 min-w-0 font-strong">
        <Mark size={20} />
        <span className="truncate">{me?.institution.shortName}</span>
      </div>
      <button
        type="button"
        onClick={openPalette}
        aria-keyshortcuts="Control+K Meta+K"
        className="max-sm:hidden flex items-center gap-2 flex-[0_1_26rem] min-w-0 min-h-11 fine:min-h-8 rounded-md border border-line bg-surface px-2.5 text-faint hover:border-line-strong"
      >
        <Icon name="search" size={15} />
        <span className="truncate">{t(me?.can.manageUsers ? "palette.hintAdmin" : "palette.hint")}</span>
        <span className="ml-auto max-lg:hidden">
          <Kbd>{t(hydrated && /Mac|iPhone|iPad/.test(navigator.userAgent) ? "palette.keysMac" : "palette.keys")}</Kbd>
        </span>
      </button>
      <div className="ml-auto flex items-center gap-1 sm:gap-4 text-muted">
        <span className="max-sm:hidden whitespace-nowrap">
          <TermNow />
        </span>
        <button
          type="button"
          onClick={openPalette}
          aria-label={t("palette.open")}
          className="sm:hidden inline-grid place-items-center size-11"
        >
          <Icon name="search" size={20} />
        </button>
        <span className="sm:hidden">
          <AccountMenu place="below-end" />
        </span>
      </div>
    </header>
  );
}

function Dock() {
  const t = useT();
  const routes = useRoutes();
  const pathname = usePathname();
  return (
    <nav className="dock" aria-label={t("shell.main")}>
      {destinationsOf(routes).map(({ key, label, icon, href, dock }) => (
        <Link key={key} href={href} aria-current={isAt(pathname, href)} className={`dock-link ${roleClass(dock)}`}>
          <Icon name={icon} size={21} />
          <span className="max-w-full truncate">{t(label)}</span>
          <LinkPending />
        </Link>
      ))}
    </nav>
  );
}
