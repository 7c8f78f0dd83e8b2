"use client";
import { useEffect } from "react";

/** A record's page is prerendered without knowing its record; its title follows when the record is there. */
export function useTitle(title: string | undefined): void {
  useEffect(() => {
    if (title) document.title = `${title} · PEC`;
  }, [title]);
}
