/**
 * What a build can still do for the first load of its pages, after `next build` and without changing what they do.
 *
 * Invariants: documents keep every byte of their inline scripts, whose hashes the content security policy names; a script gains a comment and
 * nothing else; doing it twice changes nothing more.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { documents, scriptsOf } from "./documents.mjs";

/** Understood by V8 since version 13.6; a comment to everybody else. */
const COMPILE_ALL = "//# allFunctionsCalledOnLoad\n";

/**
 * The head's inline script stands after the style sheets, as Next.js writes it. A browser runs no script before the sheets above it are there,
 * reads nothing below it until then, and so asks for the page's scripts one round trip late. Above the sheets it delays nothing.
 * @param {string} html
 * @returns {string}
 */
export function bootFirst(html) {
  const head = html.slice(0, html.indexOf("</head>"));
  const boot = /<script>[^<]*<\/script>/.exec(head);
  const sheet = head.search(/<link [^>]*rel="(?:preload|stylesheet)"/);
  if (!boot || sheet < 0 || boot.index < sheet) return html;
  return html.slice(0, sheet) + boot[0] + html.slice(sheet, boot.index) + html.slice(boot.index + boot[0].length);
}

/**
 * The scripts a document names run at once, nearly all of them. Told so, a browser compiles them in the background while they arrive, and not
 * function by function on the thread that should be drawing the page.
 * @param {string} script
 * @returns {string}
 */
export const compiledEarly = (script) => (script.startsWith(COMPILE_ALL) ? script : COMPILE_ALL + script);

function rewrite(file, before, after) {
  if (after !== before) writeFileSync(file, after);
}

export function speedUp() {
  const all = documents();
  for (const { file, html } of all) rewrite(file, html, bootFirst(html));
  for (const file of new Set(all.flatMap(({ html }) => scriptsOf(html)))) {
    const script = readFileSync(file, "utf8");
    rewrite(file, script, compiledEarly(script));
  }
}
