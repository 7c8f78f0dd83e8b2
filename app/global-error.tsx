"use client";
import { Crash, type CrashProps } from "@/components/layout/crash";
import { Document } from "@/components/layout/document";
import { LocaleProvider } from "@/components/layout/locale";
import { DEFAULT_LOCALE } from "@/lib/locales";

/** The frame itself broke: a whole document of our own, in the default language, since nobody is left who knew the page's. */
export default function GlobalError(props: CrashProps) {
  return (
    <Document locale={DEFAULT_LOCALE}>
      <LocaleProvider locale={DEFAULT_LOCALE}>
        <main className="mx-auto grid min-h-dvh max-w-md content-center p-6">
          <Crash {...props} />
        </main>
      </LocaleProvider>
    </Document>
  );
}
