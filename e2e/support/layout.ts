/** Whether everything that a page says can be read: nothing beside the screen, nothing cut off that does not say so. */
import type { Page } from "@playwright/test";
import { expect } from "./test.ts";

/**
 * What is cut, each with a way to find it. The width is the one that was asked for: a phone's browser widens its own to fit what overflows.
 * An ellipsis is a declared cut, and so is an area that scrolls.
 */
export async function whatIsCut(page: Page): Promise<string[]> {
  const width = page.viewportSize()?.width ?? 0;
  return page.evaluate((screen) => {
    const found: string[] = [];
    const name = (element: Element) =>
      `<${element.tagName.toLowerCase()} class="${element.className.slice(0, 60)}"> “${element.textContent.trim().slice(0, 40)}”`;
    if (document.documentElement.scrollWidth > screen) found.push(`the page is ${String(document.documentElement.scrollWidth)} wide`);
    const hiddenFromSight = (style: CSSStyleDeclaration, box: DOMRect) =>
      style.visibility === "hidden" || style.opacity === "0" || box.width <= 1 || box.height <= 1 || style.clipPath !== "none";
    const inside = (element: Element): boolean => {
      for (let one: Element | null = element; one; one = one.parentElement) {
        const style = getComputedStyle(one);
        if (hiddenFromSight(style, one.getBoundingClientRect()) || style.display === "none") return false;
      }
      return true;
    };
    const kept = (element: Element): boolean => {
      for (let one = element.parentElement; one && one !== document.body; one = one.parentElement) {
        const { overflowX, textOverflow } = getComputedStyle(one);
        if (/auto|scroll/.test(overflowX) || (textOverflow === "ellipsis" && overflowX !== "visible")) return true;
      }
      return false;
    };
    for (const element of document.querySelectorAll("body *")) {
      const ownText = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim());
      const style = getComputedStyle(element);
      const clips = /hidden|clip/.test(style.overflowX) || /hidden|clip/.test(style.overflowY);
      if ((!ownText && !clips) || element.closest("svg, select, script, dialog:not([open])") || !inside(element)) continue;
      const box = element.getBoundingClientRect();
      if (ownText && (box.right > screen + 1 || box.left < -1) && !kept(element)) found.push(`beside the screen: ${name(element)}`);
      if (!clips || !(element instanceof HTMLElement) || !element.textContent.trim()) continue;
      const declared = style.textOverflow === "ellipsis" || element.matches("input, textarea");
      if (element.scrollWidth > element.clientWidth + 1 && !declared) found.push(`cut at its side: ${name(element)}`);
      if (element.scrollHeight > element.clientHeight + 2 && !/auto|scroll/.test(style.overflowY))
        found.push(`cut at its foot: ${name(element)}`);
    }
    return found.slice(0, 8);
  }, width);
}

export async function expectNothingCut(page: Page, what: string): Promise<void> {
  expect.soft(await whatIsCut(page), what).toEqual([]);
}

/** Walks all stops of the page with Tab; returns those that something else lies over. */
export async function coveredStops(page: Page, most = 60): Promise<string[]> {
  const covered: string[] = [];
  for (let stop = 0; stop < most; stop++) {
    await page.keyboard.press("Tab");
    const at = await page.evaluate(async () => {
      // Rows that were not laid out before are now, and the page has come to rest.
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
      const element = document.activeElement;
      if (!(element instanceof HTMLElement) || element === document.body) return undefined;
      const box = element.getBoundingClientRect();
      const seen = (x: number, y: number) => {
        const top = document.elementFromPoint(x, y);
        return top !== null && (element.contains(top) || top.contains(element) || top.closest("label") !== null);
      };
      const [middle, center] = [box.top + box.height / 2, box.left + box.width / 2];
      // A link wrapped over lines may have its middle beside itself.
      const first = element.getClientRects()[0] ?? box;
      const shown = seen(center, middle) || seen(first.left + first.width / 2, first.top + first.height / 2);
      return { name: (element.ariaLabel ?? element.innerText).slice(0, 40) || element.tagName, shown };
    });
    if (!at) break;
    if (!at.shown) covered.push(at.name);
  }
  return covered;
}
