"use client";
import { usePathname, useSearchParams } from "next/navigation";
import { useCallback, useMemo } from "react";
import { withSearch } from "@/lib/routes";

export type Filters<K extends string> = Readonly<Partial<Record<K, string>>>;

const MAX_VALUE_LENGTH = 200;

/**
 * Filters live in the URL: a view can be linked, and Back works. Typing replaces the entry in the history, choosing adds one.
 * Must stand below a Suspense boundary: a prerendered page has no query.
 */
export function useFilters<K extends string>(names: readonly K[]): [Filters<K>, (change: Filters<K>, how?: "push" | "replace") => void] {
  const params = useSearchParams();
  const pathname = usePathname();
  const filters = useMemo(() => {
    const found = names.flatMap((name) => {
      const value = params.get(name)?.slice(0, MAX_VALUE_LENGTH);
      return value ? [[name, value] as const] : [];
    });
    return Object.fromEntries(found) as Filters<K>;
  }, [names, params]);
  const change = useCallback(
    (changed: Filters<K>, how: "push" | "replace" = "push") => {
      const merged: Record<string, string | undefined> = { ...filters, ...changed };
      const url = withSearch(pathname, Object.fromEntries(names.map((name) => [name, merged[name]])));
      // Next.js follows the history, and asks the server for nothing: the page itself stays the same.
      if (how === "push") history.pushState(null, "", url);
      else history.replaceState(null, "", url);
    },
    [filters, names, pathname],
  );
  return [filters, change];
}
