"use client";
import { useEffect, useRef, useState } from "react";
import type { CrashProps } from "@/components/layout/crash";
import { DEFAULT_LOCALE } from "@/lib/locales";
import "@/app/globals.css";

/**
 * What stands in the document when the frame itself broke: in the default language, since nobody is left who knew the page's. It is made of what
 * every page carries already, and fetches nothing: what broke the frame may be that nothing can be fetched.
 */
export default function GlobalError({ error }: CrashProps) {
  // Of the document that this one takes the place of.
  const [theme] = useState(() => (typeof document === "undefined" ? undefined : document.documentElement.dataset.theme));
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    console.error(error);
    title.current?.focus();
  }, [error]);
  return (
    <html lang={DEFAULT_LOCALE} data-theme={theme ?? "light"}>
      <body>
        <title>{process.env.CRASH_TITLE}</title>
        <main className="mx-auto grid min-h-dvh max-w-md content-center justify-items-start gap-3 p-6" role="alert">
          <h1 ref={title} tabIndex={-1}>
            {process.env.CRASH_TITLE}
          </h1>
          <p className="text-muted">{process.env.CRASH_TEXT}</p>
          <button
            type="button"
            className="min-h-11 rounded-md bg-accent px-3.5 text-accent-ink font-strong"
            onClick={() => {
              location.reload();
            }}
          >
            {process.env.CRASH_RELOAD}
          </button>
        </main>
      </body>
    </html>
  );
}
