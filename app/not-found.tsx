import { Document } from "@/components/layout/document";
import { Mark } from "@/components/ui/icon";
import { buttonClass } from "@/components/ui/button";
import { DEFAULT_LOCALE } from "@/lib/locales";
import { translator } from "@/lib/messages";

export default function NotFound() {
  const t = translator(DEFAULT_LOCALE);
  return (
    <Document locale={DEFAULT_LOCALE}>
      <title>{t("notFound.title")}</title>
      <main className="mx-auto grid min-h-dvh max-w-md content-center gap-3 p-6">
        <Mark />
        <h1>{t("notFound.title")}</h1>
        <p className="text-muted">{t("notFound.text")}</p>
        <p className="mt-2">
          {/* A whole new document: the edge knows whose home this is. */}
          {/* eslint-disable-next-line @next/next/no-html-link-for-pages -- see above */}
          <a href="/" className={buttonClass({ kind: "primary" })}>
            {t("notFound.home")}
          </a>
        </p>
      </main>
    </Document>
  );
}
