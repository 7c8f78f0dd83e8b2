import type { ReactNode } from "react";
import { Document } from "@/components/layout/document";
import { LocaleProvider } from "@/components/layout/locale";
import { localeParams } from "@/lib/locales";

export const dynamicParams = false;
export const generateStaticParams = localeParams;

export default async function PublicLayout({ children, params }: { children: ReactNode; params: Promise<{ locale: string }> }) {
  const { locale } = await params;
  return (
    <Document locale={locale}>
      <LocaleProvider locale={locale}>{children}</LocaleProvider>
    </Document>
  );
}
