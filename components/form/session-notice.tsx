"use client";
import { useSyncExternalStore } from "react";
import { useRoutes, useT } from "@/components/layout/locale";
import { Button, buttonClass } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { interruption, leaveSession, watchInterruption } from "@/lib/renewal";
import { forgetUnsaved } from "@/lib/unsaved";

/** Stands in a form that kept a session's end from taking away what was typed. */
export function SessionNotice() {
  const t = useT();
  const routes = useRoutes();
  const why = useSyncExternalStore(watchInterruption, interruption, () => undefined);
  if (why === undefined) return null;
  const ended = why === "ended";
  return (
    <Notice tone="warn" title={t(ended ? "ended.title" : "ended.otherTitle")} live>
      <p>{t(ended ? "ended.text" : "ended.otherText")}</p>
      <div className="mt-2 flex flex-wrap gap-2">
        {ended ? (
          <a href={routes.signIn()} target="_blank" rel="noreferrer" className={buttonClass({ size: "sm" })}>
            {t("ended.signIn")}
          </a>
        ) : null}
        <Button
          size="sm"
          onClick={() => {
            forgetUnsaved();
            if (ended) leaveSession();
            else location.reload();
          }}
        >
          {t(ended ? "ended.leave" : "ended.reload")}
        </Button>
      </div>
    </Notice>
  );
}
