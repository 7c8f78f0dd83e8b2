import type { ReactNode } from "react";
import localFont from "next/font/local";
import { BOOT_SCRIPT } from "./theme";
import "@/app/globals.css";

const sans = localFont({
  src: "../../app/fonts/geist-sans-latin.woff2",
  variable: "--geist",
  weight: "400 600",
  adjustFontFallback: "Arial",
});
const code = localFont({
  src: "../../app/fonts/geist-mono-latin.woff2",
  variable: "--geist-mono",
  weight: "400 600",
  preload: false,
  adjustFontFallback: false,
});
// Letters beyond Latin Extended-A: a browser loads this face only when a name needs it.
const full = localFont({
  src: "../../node_modules/geist/dist/fonts/geist-sans/Geist-Variable.woff2",
  variable: "--geist-full",
  weight: "100 900",
  preload: false,
  adjustFontFallback: false,
});

export function Document({ locale, children }: { locale: string; children: ReactNode }) {
  return (
    <html lang={locale} className={`${sans.variable} ${code.variable} ${full.variable}`} suppressHydrationWarning>
      {/* eslint-disable-next-line @next/next/no-head-element -- the App Router's own way */}
      <head>
        <script dangerouslySetInnerHTML={{ __html: BOOT_SCRIPT }} />
        {/* eslint-disable-next-line @next/next/no-css-tags -- the institution's own colors, served per host by the edge */}
        <link rel="stylesheet" href="/brand.css" />
      </head>
      <body>{children}</body>
    </html>
  );
}
