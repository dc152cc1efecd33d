// axe finds no fault at any step, light and dark, on a wide screen and on a phone. A keyboard is enough.

import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, test } from "./desk.ts";
import { ASSIGNED, comeBack, fetchRequest, finish, handOver, openPage, openTreasury, prepare, readCoins, step } from "./steps.ts";

async function clean(page: Page, when: string): Promise<void> {
  const found = await new AxeBuilder({ page }).analyze();
  const told = found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`);
  expect(told, when).toEqual([]);
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(wider, `${when}: nothing scrolls sideways`).toBe(0);
}

for (const [scheme, width] of [["light", 1280], ["dark", 360]] as const) {
  test(`every step in ${scheme} at ${width} pixels`, async ({ browser, desk }) => {
    const context = await browser.newContext({ colorScheme: scheme, viewport: { width, height: 800 }, reducedMotion: "reduce" });
    const page = await context.newPage();
    const shot = async (name: string) => {
      await page.screenshot({ path: `results/${name}-${scheme}.png`, fullPage: true });
      await clean(page, name);
    };
    await openPage(page, desk);
    await shot("1-treasury");
    await step(page, "Treasury").getByLabel("CT descriptor").fill("nonsense");
    await step(page, "Treasury").getByRole("button", { name: "Open the treasury" }).click();
    await expect(step(page, "Treasury").getByRole("alert")).toBeVisible();
    await shot("1-treasury-refused");
    await openTreasury(page, desk.descriptor);
    await shot("2-request");
    await fetchRequest(page, "distribute", desk.assets[0]!, ASSIGNED);
    await readCoins(page);
    await shot("3-coins");
    await prepare(page);
    await shot("4-review");
    await handOver(page, desk, "page.pset");
    await step(page, "Hand over").getByRole("button", { name: "Show as animated QR" }).click();
    await expect(step(page, "Hand over").getByRole("img", { name: /^QR code, frame 1 of/ })).toBeVisible();
    await shot("5-handover");
    const { path } = desk.sign("page.pset", "signed.json");
    await comeBack(page, path);
    await shot("6-back");
    await finish(page);
    await shot("7-done");
    await context.close();
  });
}

test("the treasury is opened without a mouse", async ({ page, desk }) => {
  await openPage(page, desk);
  const field = step(page, "Treasury").getByLabel("CT descriptor");
  for (let presses = 0; presses < 20 && !(await field.evaluate((found) => found === document.activeElement)); presses += 1) {
    await page.keyboard.press("Tab");
  }
  await page.keyboard.insertText(desk.descriptor);
  const open = step(page, "Treasury").getByRole("button", { name: "Open the treasury" });
  for (let presses = 0; presses < 20 && !(await open.evaluate((found) => found === document.activeElement)); presses += 1) {
    await page.keyboard.press("Tab");
  }
  await page.keyboard.press("Enter");
  await expect(step(page, "Treasury").getByRole("button", { name: "Take another treasury" })).toBeVisible();
});
