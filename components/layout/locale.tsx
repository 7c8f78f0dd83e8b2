"use client";
import { createContext, useContext, useMemo, type ReactNode } from "react";
import { translator, type Translate } from "@/lib/messages";
import { routesOf, type Routes } from "@/lib/routes";

const Pages = createContext("en");
const Formats = createContext("en");

export function LocaleProvider({ locale, children }: { locale: string; children: ReactNode }) {
  return (
    <Pages value={locale}>
      <FormatLocale locale={locale}>{children}</FormatLocale>
    </Pages>
  );
}

/** Below it dates, times and numbers are written as `locale` writes them: the institution's, once it is known. */
export function FormatLocale({ locale, children }: { locale: string; children: ReactNode }) {
  return <Formats value={locale}>{children}</Formats>;
}

/** How dates, times and numbers are written here. */
export const useLocale = (): string => useContext(Formats);

/** The language of the pages: a segment of their paths. */
export const usePathLocale = (): string => useContext(Pages);

export const useT = (): Translate => translator(usePathLocale());

export function useRoutes(): Routes {
  const locale = usePathLocale();
  return useMemo(() => routesOf(locale), [locale]);
}
