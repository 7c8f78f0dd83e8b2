/**
 * The subset of ICU MessageFormat the catalog uses: `{name}`, `{n, number}`, `{n, plural, one {# course} other {# courses}}` (with `=0`)
 * and `{kind, select, a {…} other {…}}`, nested at will. Literal braces are not supported. Knows nothing of React or of keys.
 */
import { numberFormat, pluralRules } from "../intl";

export type MessageArgs = Readonly<Record<string, string | number>>;

export type Part =
  | string
  | { readonly type: "value"; readonly name: string; readonly number: boolean }
  | {
      readonly type: "choice";
      readonly name: string;
      readonly plural: boolean;
      readonly options: Readonly<Record<string, readonly Part[]>>;
    };

export function parseMessage(source: string): readonly Part[] {
  let at = 0;
  const fail = (why: string): never => {
    throw new SyntaxError(`${why} at ${String(at)} in message "${source}"`);
  };
  const skipSpace = () => {
    while (/\s/.test(source.charAt(at))) at++;
  };
  const word = (): string => {
    skipSpace();
    const match = /^[=\w]+/.exec(source.slice(at));
    if (!match) return fail("a name is missing");
    at += match[0].length;
    skipSpace();
    return match[0];
  };
  const options = (): Record<string, readonly Part[]> => {
    const found: Record<string, readonly Part[]> = {};
    while (source.charAt(at) !== "}") {
      const key = word();
      if (source.charAt(at) !== "{") fail("'{' is missing");
      at++;
      found[key] = parts();
      at++;
      skipSpace();
    }
    if (!("other" in found)) fail("'other' is missing");
    return found;
  };
  const argument = (): Part => {
    const name = word();
    if (source.charAt(at) === "}") return { type: "value", name, number: false };
    at++;
    const kind = word();
    if (kind === "number") return { type: "value", name, number: true };
    if (kind !== "plural" && kind !== "select") return fail(`unknown kind ${kind}`);
    at++;
    skipSpace();
    return { type: "choice", name, plural: kind === "plural", options: options() };
  };
  function parts(): readonly Part[] {
    const found: Part[] = [];
    let text = "";
    while (at < source.length && source.charAt(at) !== "}") {
      if (source.charAt(at) !== "{") {
        text += source.charAt(at++);
        continue;
      }
      at++;
      if (text) found.push(text);
      text = "";
      found.push(argument());
      if (source.charAt(at) !== "}") fail("'}' is missing");
      at++;
    }
    if (text) found.push(text);
    return found;
  }
  const all = parts();
  if (at < source.length) fail("a stray '}'");
  return all;
}

/** Letters and marks that change the direction of what follows. */
const TURNS = /[\u0590-\u08ff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufefc]/;

/** A value that could turn the sentence around it is isolated: somebody's name never reorders ours. */
const isolated = (value: string): string => (TURNS.test(value) ? `\u2068${value}\u2069` : value);

export function formatMessage(message: readonly Part[], locale: string, args: MessageArgs, count?: number): string {
  return message
    .map((part) => {
      if (typeof part === "string") return count === undefined ? part : part.replaceAll("#", numberFormat(locale).format(count));
      const value = args[part.name];
      if (value === undefined) return `{${part.name}}`;
      if (part.type === "value") return part.number ? numberFormat(locale).format(Number(value)) : isolated(String(value));
      const exact = part.plural ? part.options[`=${String(value)}`] : part.options[String(value)];
      const chosen = exact ?? (part.plural ? part.options[pluralRules(locale).select(Number(value))] : undefined) ?? part.options.other;
      return formatMessage(chosen ?? [], locale, args, part.plural ? Number(value) : count);
    })
    .join("");
}
