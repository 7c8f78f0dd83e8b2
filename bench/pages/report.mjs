/** The table on the screen and the record in bench/results. */
import { cpus, loadavg, release, totalmem, type } from "node:os";

const loads = () =>
  loadavg()
    .map((value) => value.toFixed(2))
    .join(" ");

export function machine() {
  return {
    processor: cpus()[0]?.model.replace(/\s+/g, " ").trim() ?? "unknown",
    cores: cpus().length,
    memoryGib: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release().split("-")[0]}`,
    load: loads(),
  };
}

export function row(preset, page, verdicts) {
  const cells = verdicts.map(({ name, text, met, limit }) => [name, met ? text : `${text} ✗ ${limit}`]);
  return { preset, page: page.name, ...Object.fromEntries(cells) };
}

function table(rows, spreads) {
  const columns = Object.keys(rows[0]).filter((column) => column !== "preset");
  const line = (cells) => `| ${cells.join(" | ")} |`;
  const limits = rows[0].limits;
  return [
    line(columns),
    line(columns.map(() => "---")),
    ...(limits ? [line(limits)] : []),
    ...rows.map((one, at) =>
      line(columns.map((column) => (spreads[at][column] ? `${one[column]} (${spreads[at][column]})` : one[column]))),
    ),
  ].join("\n");
}

/** `results`: one per preset and page, with `verdicts` and every sample. */
export function markdown({ date, before, after, note, runs, versions, results }) {
  const missed = results.flatMap(({ preset, page, verdicts }) =>
    verdicts.filter(({ met }) => !met).map(({ name, text, limit }) => `- ${page.name}, ${preset}: ${name} ${text}, budget ${limit}`),
  );
  const parts = [
    `# Pages, ${date}`,
    `Median of ${runs}, smallest and largest in parentheses; ✗ marks a missed budget. Milliseconds; scripts in KiB of gzip.`,
    [
      `- ${before.processor}, ${before.cores} cores, ${before.memoryGib} GiB, ${before.system}; server, database and browser on the same machine`,
      `- load average ${before.load} before, ${after.load} after`,
      `- ${versions}`,
      ...(note ? [`- ${note}`] : []),
    ].join("\n"),
  ];
  for (const preset of [...new Set(results.map((one) => one.preset))]) {
    const own = results.filter((one) => one.preset === preset);
    const rows = own.map(({ page, verdicts }) => row(preset, page, verdicts));
    const spreads = own.map(({ verdicts }) => Object.fromEntries(verdicts.map(({ name, spread }) => [name, spread])));
    const index = own.flatMap(({ samples }) => samples.map((sample) => sample.benchmarkIndex)).sort((a, b) => a - b);
    parts.push(`## ${preset === "mobile" ? "Mobile" : "Desktop"}`, table(rows, spreads));
    parts.push(`Lighthouse's index of this processor during the runs: ${Math.round(index[0])} to ${Math.round(index.at(-1))}.`);
  }
  parts.push("## Missed", missed.length > 0 ? missed.join("\n") : "Nothing.");
  return `${parts.join("\n\n")}\n`;
}
