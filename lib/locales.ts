/** The locales a build contains. `en-XA` (accented, lengthened English) is built only for tests, with PSEUDO_LOCALE=1. */
export const LOCALES: readonly string[] = process.env.PSEUDO_LOCALE === "1" ? ["en", "en-XA"] : ["en"];

export const DEFAULT_LOCALE = "en";

/** Stands for every record's id in a prerendered page; the edge puts the real id in its place, so it may only be printed verbatim. */
export const SENTINEL_ID = "5e471e1d-0000-7000-8000-000000000001";

export const localeParams = (): { locale: string }[] => LOCALES.map((locale) => ({ locale }));
export const recordParams = (): { locale: string; id: string }[] => LOCALES.map((locale) => ({ locale, id: SENTINEL_ID }));
