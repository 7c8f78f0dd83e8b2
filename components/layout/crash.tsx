"use client";
import { useEffect, useRef } from "react";
import { Button } from "@/components/ui/button";
import { useT } from "./locale";
import { PageHead } from "./page-head";

/** A screen that broke: the frame around it stays, and everything else can still be reached. */
export function Crash({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  const t = useT();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    console.error(error);
    box.current?.querySelector<HTMLElement>("h1")?.focus();
  }, [error]);
  return (
    <div ref={box} role="alert">
      <PageHead title={t("crash.title")} below={t("crash.text")} />
      <Button kind="primary" onClick={reset}>
        {t("problem.retry")}
      </Button>
    </div>
  );
}
