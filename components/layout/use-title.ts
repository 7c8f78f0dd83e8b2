"use client";
import { useLayoutEffect } from "react";

/**
 * A record's page is prerendered without knowing its record; its title follows when the record is there. The router sets the prerendered title
 * once more when a navigation settles, which may be later than the record: as long as this page is shown, the record's title stays.
 */
export function useTitle(title: string | undefined): void {
  // A layout effect, because it must have stopped watching when the next page's title is set.
  useLayoutEffect(() => {
    if (!title) return;
    const [wanted, here] = [`${title} · PEC`, location.pathname];
    const apply = () => {
      if (location.pathname === here && document.title !== wanted) document.title = wanted;
    };
    apply();
    const observer = new MutationObserver(apply);
    observer.observe(document.head, { childList: true, subtree: true, characterData: true });
    return () => {
      observer.disconnect();
    };
  }, [title]);
}
