"use client";
import { useEffect, useRef } from "react";
import { Button } from "@/components/ui/button";
import { useT } from "./locale";
import { PageHead } from "./page-head";

export interface CrashProps {
  error: Error & { digest?: string };
  reset: () => void;
}

/** A screen that broke: the frame around it stays, and everything else can still be reached. Trying again asks for the data anew. */
export function Crash({ error, reset }: CrashProps) {
  const t = useT();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    console.error(error);
    box.current?.querySelector<HTMLElement>("h1")?.focus();
  }, [error]);
  return (
    <div ref={box} role="alert">
      <PageHead title={t("crash.title")} below={t("crash.text")} />
      <Button
        kind="primary"
        onClick={() => {
          // Fetched now: an error page that carries the whole store would make every page heavier.
          import("@/lib/data").then(
            ({ forgetAll }) => {
              forgetAll();
              reset();
            },
            () => {
              location.reload();
            },
          );
        }}
      >
        {t("problem.retry")}
      </Button>
    </div>
  );
}
