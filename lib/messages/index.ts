import { formatMessage, parseMessage, type MessageArgs, type Part } from "./icu";
import { accent } from "./pseudo";
import en from "./en.json";

export type MessageKey = keyof typeof en;
export type Translate = (key: MessageKey, args?: MessageArgs) => string;

const parsed = new Map<string, readonly Part[]>();
const translators = new Map<string, Translate>();

function messageFor(locale: string, key: MessageKey): readonly Part[] {
  const cacheKey = `${locale} ${key}`;
  let message = parsed.get(cacheKey);
  if (!message) {
    message = parseMessage(en[key]);
    if (process.env.PSEUDO_LOCALE === "1" && locale === "en-XA") message = accent(message);
    parsed.set(cacheKey, message);
  }
  return message;
}

/** The translator of a locale; the same function each time, so that it can stand in dependency lists. */
export function translator(locale: string): Translate {
  let translate = translators.get(locale);
  if (!translate) {
    translate = (key, args = {}) => formatMessage(messageFor(locale, key), locale, args);
    translators.set(locale, translate);
  }
  return translate;
}
