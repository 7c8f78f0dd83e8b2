"use client";
import { createContext, useContext, useMemo, type ReactNode } from "react";
import { translator, type Translate } from "@/lib/messages";
import { routesOf, type Routes } from "@/lib/routes";

const Context = createContext("en");

export function LocaleProvider({ locale, children }: { locale: string; children: ReactNode }) {
  return <Context value={locale}>{children}</Context>;
}

export const useLocale = (): string => useContext(Context);

export const useT = (): Translate => translator(useLocale());

export function useRoutes(): Routes {
  const locale = useLocale();
  return useMemo(() => routesOf(locale), [locale]);
}
