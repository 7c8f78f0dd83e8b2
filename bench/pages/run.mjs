/** Loads the pages of the budgets in a real browser, some times each, and records the medians. See bench/README.md. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { judge } from "./budgets.mjs";
import { makeHome } from "./browser.mjs";
import { runDataReady, runLighthouse } from "./measure.mjs";
import { readOptions, USAGE } from "./options.mjs";
import { machine, markdown, row } from "./report.mjs";
import { Server } from "./server.mjs";

const RESULTS = new URL("../results/", import.meta.url);

/** The pages of the budgets. `lcpIsData`: the largest element is first data, which may take half a second longer. */
const PAGES = [
  { name: "sign-in", path: "/en/sign-in" },
  { name: "student", path: "/en/student", role: "student", lcpIsData: true },
  { name: "faculty", path: "/en/faculty", role: "faculty", lcpIsData: true },
  { name: "admin", path: "/en/admin", role: "admin", lcpIsData: true },
  { name: "courses", path: "/en/courses", role: "student", lcpIsData: true },
  { name: "course", path: "/en/courses/{course}", role: "student", lcpIsData: true },
];

async function main(options) {
  const server = new Server(options);
  const { home, remove } = makeHome(options.ca);
  const pages = PAGES.filter(({ name }) => !options.only || options.only.includes(name));
  const before = machine();
  const results = [];
  let versions = "";
  if (options.keep) mkdirSync(options.keep, { recursive: true });
  try {
    const course = await server.firstCourse("student");
    for (const page of pages) {
      const path = page.path.replace("{course}", course);
      const firstJs = await server.firstScriptsKib(path, page.role);
      const setup = async () => ({ ...options, home, cookies: page.role ? await server.session(page.role) : [] });
      for (const preset of options.presets) {
        const samples = [];
        for (let run = 0; run < options.runs; run++) {
          const { lhr, sample } = await runLighthouse(await setup(), options.origin + path, preset);
          const ready = await runDataReady(await setup(), options.origin + path, preset);
          samples.push({ ...sample, "first JS": firstJs, "data-ready": ready });
          versions = `Lighthouse ${lhr.lighthouseVersion}, Chromium ${/Chrome\/(\d+)/.exec(lhr.environment.hostUserAgent)?.[1]}, Node.js ${process.versions.node}`;
          if (options.keep) writeFileSync(join(options.keep, `${page.name}-${preset}-${run}.json`), JSON.stringify(lhr));
          process.stderr.write(".");
        }
        results.push({ preset, page, samples, verdicts: judge(preset, page, samples) });
      }
    }
  } finally {
    process.stderr.write("\n");
    server.close();
    remove();
  }
  for (const preset of options.presets) {
    console.table(results.filter((one) => one.preset === preset).map(({ page, verdicts }) => row(preset, page, verdicts)));
  }
  if (options.dry) return;
  const date = new Date().toISOString().slice(0, 10);
  mkdirSync(RESULTS, { recursive: true });
  const name = `${date}-pages.md`;
  writeFileSync(
    new URL(name, RESULTS),
    markdown({ date, before, after: machine(), note: options.note, runs: options.runs, versions, results }),
  );
  console.log(`Recorded in bench/results/${name}`);
}

if (process.argv.includes("--help")) {
  console.log(USAGE);
} else {
  let options;
  try {
    options = readOptions(process.argv.slice(2), process.env);
  } catch (error) {
    console.error(`${error.message}\n\n${USAGE}`);
    process.exitCode = 2;
  }
  if (options) await main(options);
}
