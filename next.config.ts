import type { NextConfig } from "next";
import { CRASH_WORDS } from "./lib/messages/crash";

// Set when Next.js stands in front of `pec` instead of behind it: pages then still come from the edge,
// which alone decides access, fills in ids and splices first data. Only `/api` passes through `app/api`.
const pecUrl = process.env.PEC_URL?.replace(/\/$/, "");
const pagePaths = ["/", "/:locale(en|en-XA)", "/:locale(en|en-XA)/:path*", "/brand.css", "/brand/:path*", "/favicon.ico", "/csp-report"];

const config: NextConfig = {
  reactStrictMode: true,
  poweredByHeader: false,
  // The edge answers with its own validators and precompressed bytes.
  compress: false,
  images: { unoptimized: true },
  env: { PSEUDO_LOCALE: process.env.PSEUDO_LOCALE ?? "", ...CRASH_WORDS },
  rewrites: () =>
    Promise.resolve({
      beforeFiles: pecUrl ? pagePaths.map((source) => ({ source, destination: `${pecUrl}${source.replace("(en|en-XA)", "")}` })) : [],
      afterFiles: [],
      fallback: [],
    }),
};

export default config;
