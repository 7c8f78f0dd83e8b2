"use client";
import { Crash, type CrashProps } from "./crash";
import { LocaleProvider } from "./locale";
import { DEFAULT_LOCALE } from "@/lib/locales";

/** What stands in the document when the frame itself broke: in the default language, since nobody is left who knew the page's. */
export default function Broken(props: CrashProps) {
  return (
    <LocaleProvider locale={DEFAULT_LOCALE}>
      <main className="mx-auto grid min-h-dvh max-w-md content-center p-6">
        <Crash {...props} />
      </main>
    </LocaleProvider>
  );
}
