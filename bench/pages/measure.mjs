/** One load of one page: by Lighthouse, or for its `data-ready` mark alone. */
import { setTimeout as sleep } from "node:timers/promises";
import lighthouse, { desktopConfig } from "lighthouse";
import { screenEmulationMetrics, throttling } from "lighthouse/core/config/constants.js";
import { withBrowser } from "./browser.mjs";

const READY_MS = 20_000;
const POLL_MS = 250;
const ATTEMPTS = 3;

/**
 * Applied by the browser, not simulated. Lighthouse applies no network throttling of its own to a desktop, so the same factors that it uses
 * for phones are used on its desktop figures.
 */
export const APPLIED = {
  mobile: throttling.mobileSlow4G,
  desktop: {
    requestLatencyMs: throttling.desktopDense4G.rttMs * throttling.DEVTOOLS_RTT_ADJUSTMENT_FACTOR,
    downloadThroughputKbps: throttling.desktopDense4G.throughputKbps * throttling.DEVTOOLS_THROUGHPUT_ADJUSTMENT_FACTOR,
    uploadThroughputKbps: throttling.desktopDense4G.throughputKbps * throttling.DEVTOOLS_THROUGHPUT_ADJUSTMENT_FACTOR,
    cpuSlowdownMultiplier: 1,
  },
};

/** Lighthouse sometimes loses its own trace; such a run measured nothing and is repeated. */
export async function runLighthouse(setup, url, preset) {
  for (let attempt = 1; ; attempt++) {
    const { lhr } = await once(setup, url, preset);
    if (!lhr.runtimeError) {
      if (lhr.finalDisplayedUrl !== url) throw new Error(`${url} led to ${lhr.finalDisplayedUrl}`);
      return { lhr, sample: sampleOf(lhr) };
    }
    if (attempt === ATTEMPTS) throw new Error(`${url}: ${lhr.runtimeError.message}`);
  }
}

function once(setup, url, preset) {
  return withBrowser(setup, ({ port }) => {
    const flags = {
      port,
      logLevel: "error",
      disableStorageReset: true,
      onlyCategories: ["performance", "accessibility", "best-practices"],
    };
    return lighthouse(url, flags, preset === "desktop" ? desktopConfig : undefined);
  });
}

function sampleOf({ categories, audits, environment }) {
  const value = (id) => audits[id].numericValue;
  const score = (id) => Math.round(categories[id].score * 100);
  return {
    performance: score("performance"),
    accessibility: score("accessibility"),
    "best practices": score("best-practices"),
    FCP: value("first-contentful-paint"),
    LCP: value("largest-contentful-paint"),
    TBT: value("total-blocking-time"),
    TTI: value("interactive"),
    CLS: value("cumulative-layout-shift"),
    benchmarkIndex: environment.benchmarkIndex,
  };
}

/** Milliseconds from the start of the navigation to the page's `data-ready` mark. */
export function runDataReady(setup, url, preset) {
  return withBrowser(setup, async ({ send }) => {
    const { targetId } = await send("Target.createTarget", { url: "about:blank" });
    const { sessionId } = await send("Target.attachToTarget", { targetId, flatten: true });
    const tell = (method, params) => send(method, params, sessionId);
    const { requestLatencyMs, downloadThroughputKbps, uploadThroughputKbps, cpuSlowdownMultiplier } = APPLIED[preset];
    const { width, height, deviceScaleFactor, mobile } = screenEmulationMetrics[preset];
    await tell("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor, mobile });
    await tell("Network.enable");
    await tell("Network.emulateNetworkConditions", {
      offline: false,
      latency: requestLatencyMs,
      downloadThroughput: (downloadThroughputKbps * 1024) / 8,
      uploadThroughput: (uploadThroughputKbps * 1024) / 8,
    });
    await tell("Emulation.setCPUThrottlingRate", { rate: cpuSlowdownMultiplier });
    await tell("Page.navigate", { url });
    const expression = 'performance.getEntriesByName("data-ready")[0]?.startTime ?? 0';
    for (let waited = 0; waited < READY_MS; waited += POLL_MS) {
      await sleep(POLL_MS);
      const { result } = await tell("Runtime.evaluate", { expression });
      if (result.value > 0) return result.value;
    }
    throw new Error(`${url} sets no data-ready mark`);
  });
}
