"use client";
import { lazy, Suspense } from "react";
import type { CrashProps } from "@/components/layout/crash";
import { DEFAULT_LOCALE } from "@/lib/locales";
import "@/app/globals.css";

// Every page carries this file: what it shows is fetched when the frame has broken.
const Broken = lazy(() => import("@/components/layout/broken"));

export default function GlobalError(props: CrashProps) {
  return (
    <html lang={DEFAULT_LOCALE}>
      <body>
        <Suspense fallback={null}>
          <Broken {...props} />
        </Suspense>
      </body>
    </html>
  );
}
