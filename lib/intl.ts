/** Formatters of the platform, made once each: making one costs as much as formatting hundreds of values. */
const made = new Map<string, unknown>();

function once<T>(key: string, make: () => T): T {
  let one = made.get(key) as T | undefined;
  if (one === undefined) made.set(key, (one = make()));
  return one;
}

const keyOf = (kind: string, locale: string, options?: object): string => `${kind} ${locale} ${options ? JSON.stringify(options) : ""}`;

export const numberFormat = (locale: string, options?: Intl.NumberFormatOptions): Intl.NumberFormat =>
  once(keyOf("number", locale, options), () => new Intl.NumberFormat(locale, options));

export const dateTimeFormat = (locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
  once(keyOf("date", locale, options), () => new Intl.DateTimeFormat(locale, options));

export const listFormat = (locale: string, options: Intl.ListFormatOptions): Intl.ListFormat =>
  once(keyOf("list", locale, options), () => new Intl.ListFormat(locale, options));

export const pluralRules = (locale: string): Intl.PluralRules => once(keyOf("plural", locale), () => new Intl.PluralRules(locale));

/**
 * The first formatter of a browser process costs it a search through all its locales. As an inline script this happens after the first paint,
 * while the page's own scripts are still on their way, and not between their arrival and the data.
 */
export const WARM_SCRIPT = `requestAnimationFrame(function(){setTimeout(function(){new Intl.DateTimeFormat("en",{timeZone:"UTC",day:"numeric"})})})`;
