"use client";
import { usePathname } from "next/navigation";
import { useState, useSyncExternalStore } from "react";
import { usePathLocale, useT } from "@/components/layout/locale";
import { currentTheme, setSingleKeys, setTheme, singleKeys, THEMES, type Theme } from "@/components/layout/theme";
import { Select } from "@/components/ui/control";
import { LOCALES } from "@/lib/locales";

const LABELS = { system: "theme.system", light: "theme.light", dark: "theme.dark" } as const;
const never = () => () => undefined;

/** How the pages look on this device; nothing of it leaves the browser. Languages are offered once there is more than one. */
export function Looks() {
  const t = useT();
  const locale = usePathLocale();
  const pathname = usePathname();
  const kept = useSyncExternalStore(never, currentTheme, () => undefined);
  const [chosen, choose] = useState<Theme>();
  const theme = chosen ?? kept;
  const keptKeys = useSyncExternalStore(never, singleKeys, () => true);
  const [keys, chooseKeys] = useState<boolean>();
  return (
    <div className="grid grid-cols-1 gap-4">
      <fieldset>
        <legend className="font-strong mb-1">{t("profile.theme")}</legend>
        <div className="inline-grid grid-cols-3 rounded-md border border-line-strong overflow-clip">
          {THEMES.map((one) => (
            <label
              key={one}
              className="relative border-s border-line-strong first:border-s-0 has-checked:bg-raised has-checked:font-strong has-focus-visible:outline-2 has-focus-visible:outline-accent has-focus-visible:outline-offset-[-2px]"
            >
              <input
                type="radio"
                name="theme"
                value={one}
                checked={theme === one}
                onChange={() => {
                  setTheme(one);
                  choose(one);
                }}
                className="absolute inset-0 opacity-0 cursor-pointer"
              />
              <span className="grid place-items-center px-3 min-h-11 fine:min-h-8 text-center">{t(LABELS[one])}</span>
            </label>
          ))}
        </div>
      </fieldset>
      <label className="grid grid-cols-[auto_minmax(0,1fr)] items-baseline gap-x-2.5 min-h-11 fine:min-h-0">
        <input
          type="checkbox"
          className="size-4 translate-y-0.5 accent-(--accent)"
          checked={keys ?? keptKeys}
          onChange={(event) => {
            setSingleKeys(event.target.checked);
            chooseKeys(event.target.checked);
          }}
        />
        <span className="font-strong">{t("keys.single")}</span>
        <span className="col-start-2 text-meta text-muted">{t("keys.singleHint")}</span>
      </label>
      {LOCALES.length > 1 ? (
        <label className="grid gap-1">
          <span className="font-strong">{t("profile.language")}</span>
          <Select
            value={locale}
            onChange={(event) => {
              location.assign(pathname.replace(`/${locale}/`, `/${event.target.value}/`));
            }}
          >
            {LOCALES.map((one) => (
              <option key={one} value={one}>
                {new Intl.DisplayNames([one], { type: "language" }).of(one)}
              </option>
            ))}
          </Select>
        </label>
      ) : null}
    </div>
  );
}
