import type { Metadata, Viewport } from "next";
import type { ReactNode } from "react";

export const metadata: Metadata = {
  title: { default: "PEC", template: "%s · PEC" },
  robots: { index: false },
  // The institution's own, from the edge: one build serves all of them.
  icons: { icon: { url: "/brand/logo", type: "image/svg+xml", sizes: "any" } },
};
export const viewport: Viewport = { width: "device-width", initialScale: 1, colorScheme: "dark light" };

/** The locale is a path segment, so <html lang> is written one level down. */
export default function RootLayout({ children }: { children: ReactNode }) {
  return children;
}
