/** What every page is held to, and how a measured figure is read. */
const lcp = (page) => (page.lcpIsData ? 2500 : 2000);

/** `most`/`least` may depend on the page. Milliseconds unless the unit says otherwise. */
export const BUDGETS = {
  mobile: {
    performance: { least: 95 },
    accessibility: { least: 100 },
    "best practices": { least: 95 },
    FCP: { most: 1000, unit: "ms" },
    LCP: { most: lcp, unit: "ms" },
    TBT: { most: 150, unit: "ms" },
    CLS: { most: 0.02, digits: 3 },
    "first JS": { most: 180, unit: "KiB", digits: 1 },
    "data-ready": { most: 2500, unit: "ms" },
  },
  desktop: {
    performance: { least: 99 },
    accessibility: { least: 100 },
    "best practices": { least: 95 },
    FCP: { most: 400, unit: "ms" },
    LCP: { most: 800, unit: "ms" },
    TTI: { most: 800, unit: "ms" },
    CLS: { most: 0.02, digits: 3 },
    "data-ready": { most: 800, unit: "ms" },
  },
};

export function median(values) {
  const sorted = values.filter((value) => Number.isFinite(value)).sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length === 0) return NaN;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** One row: the medians of a page on a preset beside its budgets. */
export function judge(preset, page, samples) {
  return Object.entries(BUDGETS[preset]).map(([name, budget]) => {
    const limitOf = (limit) => (typeof limit === "function" ? limit(page) : limit);
    const values = samples.map((sample) => sample[name]);
    const value = median(values);
    const limit = limitOf(budget.most ?? budget.least);
    const met = budget.most === undefined ? value >= limit : value <= limit;
    const digits = budget.digits ?? 0;
    return {
      name,
      value,
      met,
      limit: `${budget.most === undefined ? "≥" : "≤"}${limit}`,
      text: format(value, digits),
      spread: spread(values, digits),
    };
  });
}

const format = (value, digits) => (Number.isFinite(value) ? value.toFixed(digits) : "none");

function spread(values, digits) {
  const sorted = values.filter((value) => Number.isFinite(value)).sort((a, b) => a - b);
  return sorted.length === 0 ? "none" : `${format(sorted[0], digits)}–${format(sorted.at(-1), digits)}`;
}
