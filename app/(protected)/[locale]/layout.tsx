import type { ReactNode } from "react";
import { Document } from "@/components/layout/document";
import { LocaleProvider } from "@/components/layout/locale";
import { Shell } from "@/components/layout/shell";
import { WARM_SCRIPT } from "@/lib/intl";
import { localeParams } from "@/lib/locales";

export const dynamicParams = false;
export const generateStaticParams = localeParams;

/** Draws the frame and nothing more: who may see a page is decided at the edge and by the API, never here. */
export default async function ProtectedLayout({ children, params }: { children: ReactNode; params: Promise<{ locale: string }> }) {
  const { locale } = await params;
  return (
    <Document locale={locale}>
      <script dangerouslySetInnerHTML={{ __html: WARM_SCRIPT }} />
      <LocaleProvider locale={locale}>
        <Shell>{children}</Shell>
      </LocaleProvider>
    </Document>
  );
}
