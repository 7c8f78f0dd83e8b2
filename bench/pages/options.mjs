/** What the bench is told: flags, or the same names in the environment. */
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";

export const USAGE = `npm run bench:pages -- --origin https://demo.localhost:8443 --ca data/tls/ca.pem --sign-ins data/demo-sign-ins.json

  --origin    address of a running server, institution included      PEC_BENCH_ORIGIN
  --ca        authority that vouches for it                          PEC_BENCH_CA
  --sign-ins  demo-sign-ins.json of its data folder                  PEC_BENCH_SIGN_INS
  --runs      loads of each page on each preset (default 5)          PEC_BENCH_RUNS
  --only      pages, by name and comma: sign-in,student,course       PEC_BENCH_ONLY
  --presets   mobile, desktop or both (default mobile,desktop)       PEC_BENCH_PRESETS
  --note      a sentence for the record, such as the server's build  PEC_BENCH_NOTE
  --keep      folder for every Lighthouse report, to look into       PEC_BENCH_KEEP
  --dry       print only; nothing in bench/results                   PEC_BENCH_DRY
  CHROMIUM    the browser (default /usr/bin/chromium)`;

const FLAGS = ["origin", "ca", "sign-ins", "runs", "only", "presets", "note", "keep", "dry"];

/** Throws an Error whose message is for the person who called. */
export function readOptions(argv, env) {
  const options = Object.fromEntries(FLAGS.map((flag) => [flag, { type: flag === "dry" ? "boolean" : "string" }]));
  const { values } = parseArgs({ args: argv, options });
  const option = (flag) => values[flag] ?? env[`PEC_BENCH_${flag.replace("-", "_").toUpperCase()}`];
  const needed = (flag) => {
    const value = option(flag);
    if (!value) throw new Error(`--${flag} is missing.`);
    return value;
  };
  const origin = new URL(needed("origin")).origin;
  const tenant = new URL(origin).hostname.split(".")[0];
  const signIns = JSON.parse(readFileSync(needed("sign-ins"), "utf8"))[tenant];
  if (!signIns) throw new Error(`--sign-ins knows nobody of ${tenant}.`);
  const runs = Number(option("runs") ?? 5);
  if (!Number.isInteger(runs) || runs < 1) throw new Error("--runs is a whole number, 1 or more.");
  return {
    origin,
    ca: needed("ca"),
    signIns,
    runs,
    only: option("only")?.split(","),
    presets: (option("presets") ?? "mobile,desktop").split(","),
    note: option("note"),
    keep: option("keep"),
    dry: Boolean(option("dry")),
    chromium: env.CHROMIUM ?? "/usr/bin/chromium",
  };
}
