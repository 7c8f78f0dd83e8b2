import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

/**
 * Contrast is computed, never trusted: reads the tokens out of the style sheet and checks each pair that carries text or marks a control,
 * for every accent hue an institution may choose. WCAG 2.2 AA: 4.5 for text, 3 for the edges of controls.
 */
type Rgb = readonly [number, number, number];

const css = readFileSync(new URL("../app/globals.css", import.meta.url), "utf8");

function tokensOf(theme: string): Map<string, string> {
  const block = new RegExp(`\\[data-theme="${theme}"\\] \\{([^}]*)\\}`).exec(css)?.[1] ?? "";
  return new Map([...block.matchAll(/--([\w-]+): (oklch\([^;]*\));/g)].map((match) => [match[1] ?? "", match[2] ?? ""]));
}

/** Linear light of an OKLCH color, clipped to sRGB as browsers clip it. */
function linear(color: string, hue: number): Rgb {
  const [l = 0, c = 0, h = 0] =
    color
      .replace("var(--accent-hue)", String(hue))
      .match(/[\d.]+/g)
      ?.map(Number) ?? [];
  const a = c * Math.cos((h * Math.PI) / 180);
  const b = c * Math.sin((h * Math.PI) / 180);
  const [x, y, z] = [
    l + 0.3963377774 * a + 0.2158037573 * b,
    l - 0.1055613458 * a - 0.0638541728 * b,
    l - 0.0894841775 * a - 1.291485548 * b,
  ].map((v) => v ** 3) as [number, number, number];
  const clip = (v: number) => Math.min(1, Math.max(0, v));
  return [
    clip(4.0767416621 * x - 3.3077115913 * y + 0.2309699292 * z),
    clip(-1.2684380046 * x + 2.6097574011 * y - 0.3413193965 * z),
    clip(-0.0041960863 * x - 0.7034186147 * y + 1.707614701 * z),
  ];
}

const luminance = ([r, g, b]: Rgb): number => 0.2126 * r + 0.7152 * g + 0.0722 * b;

function contrast(one: Rgb, other: Rgb): number {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((p, q) => p - q);
  return (high + 0.05) / (low + 0.05);
}

const usesHue = (tokens: Map<string, string>, ...names: string[]): boolean =>
  names.some((name) => tokens.get(name)?.includes("--accent-hue"));

const GROUNDS = ["bg", "surface", "raised", "sunken"];
const TEXT: [string, string][] = [
  ...["text", "muted", "faint", "accent"].flatMap((ink) => GROUNDS.map((ground): [string, string] => [ink, ground])),
  ...["warn", "danger", "ok", "info"].flatMap((ink) => ["bg", "surface", `${ink}-wash`].map((ground): [string, string] => [ink, ground])),
  ...["accent-wash", "warn-wash", "danger-wash", "ok-wash", "info-wash"].map((ground): [string, string] => ["text", ground]),
  ["accent", "accent-wash"],
  ["muted", "accent-wash"],
  ["accent-ink", "accent"],
  ["bg", "text"],
  ["muted", "danger-wash"],
];
const EDGES: [string, string][] = [
  ["field", "surface"],
  ["field", "bg"],
  ["accent", "bg"],
  ["accent", "surface"],
];

for (const theme of ["dark", "light"]) {
  const tokens = tokensOf(theme);
  for (const [pairs, least] of [
    [TEXT, 4.5],
    [EDGES, 3],
  ] as const) {
    test(`${theme}: ${String(pairs.length)} pairs reach ${String(least)} at every accent hue`, () => {
      for (const [ink, ground] of pairs)
        for (let hue = 0; hue < (usesHue(tokens, ink, ground) ? 360 : 1); hue++) {
          const [over, under] = [tokens.get(ink), tokens.get(ground)];
          assert.ok(over && under, `no token ${ink} or ${ground}`);
          const ratio = contrast(linear(over, hue), linear(under, hue));
          assert.ok(ratio >= least, `${ink} on ${ground} at hue ${String(hue)}: ${ratio.toFixed(2)}`);
        }
    });
  }
}
