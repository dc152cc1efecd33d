// A printed review is complete, in black on white, whatever the screen shows.

import { join, resolve } from "node:path";
import { expect, test } from "./desk.ts";
import { openPage, openTreasury, prepare, step } from "./steps.ts";

const SCENARIO = resolve(import.meta.dirname, "..", "scenarios", "wpkh-80-recipients");

for (const scheme of ["dark", "light"] as const) {
  test(`a review of eighty recipients from a ${scheme} screen`, async ({ browser, desk }) => {
    const context = await browser.newContext({ colorScheme: scheme, viewport: { width: 1280, height: 900 } });
    const page = await context.newPage();
    await openPage(page, desk);
    await openTreasury(page, desk.descriptor);
    await step(page, "Request").getByLabel("Request file").setInputFiles(join(SCENARIO, "requests", "distribute.json"));
    const coins = step(page, "Coins");
    await coins.getByRole("radio", { name: "From a file" }).check();
    await coins.getByLabel("Transactions file").setInputFiles(join(SCENARIO, "chain", "transactions.json"));
    await coins.getByRole("button", { name: "Read the coins" }).click();
    await prepare(page);

    const file = (await page.pdf({ format: "A4", path: `results/review-${scheme}.pdf` })).toString("latin1");
    const pages = file.match(/\/Type\s*\/Page\b(?!s)/g)?.length ?? 0;
    // The eighty rows of the request and of the review alone take more.
    expect(pages).toBeGreaterThan(4);

    await page.emulateMedia({ media: "print" });
    const rows = step(page, "Review").getByRole("region", { name: "In numbers" }).locator("tbody tr:not(.asset)");
    const told = await rows.evaluateAll((rows) =>
      rows.map((row) => {
        const { top, bottom, height } = row.getBoundingClientRect();
        let cut = height === 0;
        for (let box = row.parentElement; box !== null; box = box.parentElement) {
          const style = getComputedStyle(box);
          const inside = box.getBoundingClientRect();
          if (style.overflowY !== "visible" && box !== document.documentElement && (bottom > inside.bottom + 1 || top < inside.top - 1)) cut = true;
        }
        return cut;
      }),
    );
    expect(told.length).toBeGreaterThan(80);
    expect(told.filter((cut) => cut)).toEqual([]);
    // The recipients of the request are folded on the screen, and on paper they are not.
    const asked = step(page, "Request").getByRole("region", { name: "Recipients of the request" }).locator("tbody tr");
    expect(await asked.count()).toBe(80);
    await expect(asked.last()).toBeVisible();

    const colours = await page.evaluate(() => {
      const seen = new Set<string>();
      for (const element of document.querySelectorAll("main *")) {
        const { color, backgroundColor, display } = getComputedStyle(element);
        if (display === "none" || element.closest("svg") !== null || element.getClientRects().length === 0) continue;
        if ((element.textContent ?? "").trim() !== "") seen.add(`${color} on ${backgroundColor}`);
      }
      return { seen: [...seen], body: getComputedStyle(document.body).backgroundColor };
    });
    expect(colours.body).toBe("rgb(255, 255, 255)");
    for (const pair of colours.seen) expect(pair).toMatch(/^rgb\(0, 0, 0\) on (rgba\(0, 0, 0, 0\)|rgb\(255, 255, 255\))$/);
    // Nothing that is pressed or typed into is printed.
    await expect(page.locator("main button:visible, main input:visible, main textarea:visible, main select:visible")).toHaveCount(0);
    await context.close();
  });
}
