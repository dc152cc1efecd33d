// At every width, no word of a heading, a label or a table is broken, and nothing is cut off.

import type { Page } from "@playwright/test";
import { expect, test } from "./desk.ts";
import { ASSIGNED, comeBack, finish, handOver, fetchRequest, lookAtAmp, openPage, openTreasury, prepare, readCoins, step } from "./steps.ts";

/** Widths in pixels, and how much is zoomed: at 200 % a page of 1280 pixels has 640 to lay itself out in. */
const VIEWS = [
  { name: "360", width: 360, zoom: 1 },
  { name: "768", width: 768, zoom: 1 },
  { name: "1280", width: 1280, zoom: 1 },
  { name: "1280 at 200 %", width: 1280, zoom: 2 },
  { name: "768 at 200 %", width: 768, zoom: 2 },
] as const;

/** Words that stand on two lines, with what they stand in. */
function broken(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const parent = node.parentElement;
      // Ids, addresses, hashes and commands have no blanks to break at.
      if (parent === null || parent.closest("code, pre, .id, .groups, svg, option, textarea, script, style, .unseen")) continue;
      for (const { 0: word, index } of (node.textContent ?? "").matchAll(/\S+/g)) {
        // Longer than any word: an id, an address or a URL in a sentence.
        if (word.length > 20) continue;
        const range = document.createRange();
        range.setStart(node, index);
        range.setEnd(node, index + word.length);
        const lines = new Set([...range.getClientRects()].filter(({ width }) => width > 0).map(({ top }) => Math.round(top)));
        // A hyphen is a place to break at.
        if (lines.size > 1 && !/[-–/@:.]/.test(word)) found.push(`${parent.tagName.toLowerCase()}: ${word}`);
      }
    }
    return found;
  });
}

test("every step at every width", async ({ browser, desk }) => {
  test.setTimeout(300_000);
  const context = await browser.newContext({ reducedMotion: "reduce" });
  const page = await context.newPage();
  let headers = 0;
  const whole = async (when: string) => {
    // What is folded has words too.
    await page.evaluate(() => document.querySelectorAll("details").forEach((details) => details.setAttribute("open", "")));
    for (const { name, width, zoom } of VIEWS) {
      await page.setViewportSize({ width: Math.round(width / zoom), height: 900 });
      // The picture is drawn again for the width.
      await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
      expect(await broken(page), `${when} at ${name}`).toEqual([]);
      const wider = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      expect(wider, `${when} at ${name}: nothing but a table scrolls sideways`).toBe(0);
      headers = Math.max(headers, await page.locator("th").count());
      await page.screenshot({ path: `results/words-${when}-${width}-${zoom}.png`, fullPage: true });
    }
    await page.setViewportSize({ width: 1280, height: 900 });
  };
  await openPage(page, desk);
  await whole("1 treasury");
  await openTreasury(page, desk.descriptor);
  await whole("2 request");
  await lookAtAmp(page, "distribute", desk.assets[0]!, ASSIGNED);
  await expect(step(page, "Request").getByLabel("Type the total in base units")).toBeVisible();
  await whole("2 request confirm");
  await page.reload();
  await openTreasury(page, desk.descriptor);
  await fetchRequest(page, "distribute", desk.assets[0]!, ASSIGNED);
  await readCoins(page);
  await whole("3 coins");
  await prepare(page);
  await whole("4 review");
  await handOver(page, desk, "page.pset");
  await comeBack(page, desk.sign("page.pset", "signed.json").path);
  await expect(step(page, "Coming back").getByRole("button", { name: "Ask these hosts and broadcast" })).toBeVisible();
  await whole("6 back");
  await finish(page);
  await whole("7 done");
  expect(headers, "there were tables to look at").toBeGreaterThan(10);
  await context.close();
});
