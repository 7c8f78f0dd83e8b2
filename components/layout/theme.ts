import type { IconName } from "@/components/ui/icon";
import type { MessageKey } from "@/lib/messages";

/** What this browser remembers about how the pages look. Kept on <html>, so that it holds before the first paint. */
export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

export const THEME_LOOKS: Readonly<Record<Theme, { icon: IconName; label: MessageKey }>> = {
  system: { icon: "screen", label: "theme.system" },
  light: { icon: "sun", label: "theme.light" },
  dark: { icon: "moon", label: "theme.dark" },
};

const THEME_KEY = "pec.theme";
const RAIL_KEY = "pec.rail";
const ROLE_KEY = "pec.role";
const KEYS_KEY = "pec.keys";

/**
 * Runs in <head> before anything is painted. Its bytes must be the same in every page: the edge allows inline scripts by their hash alone.
 * Storage may be forbidden; the page then follows the system.
 */
export const BOOT_SCRIPT = `(function(){var d=document.documentElement,s;try{s=localStorage}catch(e){}function g(k){return s?s.getItem(k):null}var m=matchMedia("(prefers-color-scheme: dark)");function a(){var t=g("${THEME_KEY}");d.dataset.theme=t==="light"||t==="dark"?t:m.matches?"dark":"light"}a();m.addEventListener("change",a);var r=g("${ROLE_KEY}");if(r)d.dataset.role=r;if(g("${KEYS_KEY}")==="off")d.dataset.keys="off";if(g("${RAIL_KEY}")==="tight")d.dataset.rail="tight"})()`;

function storage(): Storage | undefined {
  try {
    return localStorage;
  } catch {
    return undefined;
  }
}

export function currentTheme(): Theme {
  const kept = storage()?.getItem(THEME_KEY);
  return kept === "light" || kept === "dark" ? kept : "system";
}

export function setTheme(theme: Theme): void {
  if (theme === "system") storage()?.removeItem(THEME_KEY);
  else storage()?.setItem(THEME_KEY, theme);
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.dataset.theme = theme === "system" ? (dark ? "dark" : "light") : theme;
}

export function setRole(role: string): void {
  document.documentElement.dataset.role = role;
  storage()?.setItem(ROLE_KEY, role);
}

/** Whether single letters move in lists: somebody who speaks to the device can turn that off (WCAG 2.1.4). */
export const singleKeys = (): boolean => document.documentElement.dataset.keys !== "off";

export function setSingleKeys(on: boolean): void {
  if (on) delete document.documentElement.dataset.keys;
  else document.documentElement.dataset.keys = "off";
  storage()?.setItem(KEYS_KEY, on ? "on" : "off");
}

export function toggleRail(): boolean {
  const tight = document.documentElement.dataset.rail !== "tight";
  if (tight) document.documentElement.dataset.rail = "tight";
  else delete document.documentElement.dataset.rail;
  storage()?.setItem(RAIL_KEY, tight ? "tight" : "wide");
  return tight;
}
