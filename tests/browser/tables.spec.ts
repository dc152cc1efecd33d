// Every recipient, every change and the fee are visible: no table scrolls inside the page, and no address is cut.

import type { Page } from "@playwright/test";
import { expect, test } from "./desk.ts";
import { ASSIGNED, comeBack, fetchRequest, handOver, openPage, openTreasury, prepare, readCoins, step } from "./steps.ts";

const WIDTHS = [360, 640, 768, 1024, 1280] as const;

/** What of the tables is out of sight: boxes that scroll, and groups of an address or a number beyond their box. */
function hidden(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    for (const box of document.querySelectorAll<HTMLElement>(".scroll")) {
      const { scrollWidth, clientWidth, scrollHeight, clientHeight } = box;
      const name = box.getAttribute("aria-label") ?? "?";
      if (clientHeight === 0) found.push(`${name}: folded`);
      if (scrollHeight > clientHeight + 1) found.push(`${name}: ${clientHeight} of ${scrollHeight} pixels high`);
      if (scrollWidth > clientWidth + 1) found.push(`${name}: ${clientWidth} of ${scrollWidth} pixels wide`);
      const inside = box.getBoundingClientRect();
      for (const part of box.querySelectorAll("td .groups > span, td .digits")) {
        const { left, right, width } = part.getBoundingClientRect();
        if (width === 0 || left < inside.left || right > inside.right + 1) found.push(`${name}: ${part.textContent}`);
      }
    }
    return found;
  });
}

test("recipients, change and fee are in sight at every width", async ({ page, desk }) => {
  await openPage(page, desk);
  await openTreasury(page, desk.descriptor);
  await fetchRequest(page, "distribute", desk.assets[0]!, ASSIGNED);
  await readCoins(page);
  await prepare(page);
  await handOver(page, desk, "page.pset");
  await comeBack(page, desk.sign("page.pset", "signed.json").path);
  await expect(step(page, "Coming back").getByRole("region", { name: "Who is paid" })).toBeVisible();
  await page.evaluate(() => document.querySelectorAll("details").forEach((details) => details.setAttribute("open", "")));
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 });
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    expect(await page.locator(".scroll").count()).toBe(4);
    expect(await hidden(page), `at ${width}`).toEqual([]);
    await page.screenshot({ path: `results/tables-${width}.png`, fullPage: true });
  }
});
