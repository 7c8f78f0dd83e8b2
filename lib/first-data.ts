/**
 * Turns a template of `app/first-data.json` into the URL it stands for. The edge does the same when it splices first data into a page,
 * and the URL is the key under which a screen finds it: both sides must agree on every byte.
 *
 * `{id}` is filled in from the page's path. A list such as `{q,department}` in the query copies those parameters of the page's own URL, in
 * that order, leaving out the absent ones. No `?` or `&` is left at the end.
 */
import { encodeStrictly } from "./routes";

export type Filled = Readonly<Record<string, string | undefined>>;

export function resolveTemplate(template: string, values: Filled = {}): string {
  const [path = "", query] = template.split("?", 2);
  const fill = (part: string) => part.replace(/\{(\w+)\}/g, (_, name: string) => encodeStrictly(values[name] ?? ""));
  if (query === undefined) return fill(path);
  const pairs = query.split("&").flatMap((part) => {
    const list = /^\{([\w,]+)\}$/.exec(part)?.[1];
    if (!list) return [fill(part)];
    return list.split(",").flatMap((name) => {
      const value = values[name];
      return value ? [`${name}=${encodeStrictly(value)}`] : [];
    });
  });
  return pairs.length === 0 ? fill(path) : `${fill(path)}?${pairs.join("&")}`;
}
