"use client";
import { useSyncExternalStore } from "react";

const never = () => () => undefined;

/** False in the prerendered page and until React has taken it over, then true: what only scripts can do waits for it. */
export const useHydrated = (): boolean =>
  useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
