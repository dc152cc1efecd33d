// A thousand coins: the bar moves, the page answers meanwhile, and a sync that was cancelled can be tried again.

import { expect, test } from "./desk.ts";
import { lookAtAmp, openPage, openTreasury, step } from "./steps.ts";

test("a thousand coins are read under a bar that moves while the page goes on answering", async ({ page, desk }) => {
  test.setTimeout(300_000);
  await desk.steer("fund", { descriptor: desk.descriptor, from_index: 10, count: 1_000, sat: 1_000, blinded: true });
  await openPage(page, desk);
  await openTreasury(page, desk.descriptor);
  await page.evaluate(() => {
    // Longest time between two frames, and every position of every bar.
    const seen = { longest: 0, positions: new Set<string>() };
    (globalThis as unknown as { seen: typeof seen }).seen = seen;
    let last = performance.now();
    const look = (now: number) => {
      seen.longest = Math.max(seen.longest, now - last);
      last = now;
      for (const bar of document.querySelectorAll("progress, [role=progressbar]")) {
        const value = bar instanceof HTMLProgressElement ? bar.value : bar.getAttribute("aria-valuenow");
        seen.positions.add(`${bar.getAttribute("aria-label") ?? bar.id} ${value}`);
      }
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  await lookAtAmp(page, "burn", desk.assets[0]!, "1000");
  const request = step(page, "Request");
  await request.getByRole("button", { name: "Cancel" }).click();
  await request.getByRole("button", { name: /^(Try again|Ask this host and read the coins)$/ }).click();
  await expect(request.getByRole("button", { name: "Ask AMP for the request" })).toBeVisible({ timeout: 240_000 });
  const seen = await page.evaluate(() => {
    const { longest, positions } = (globalThis as unknown as { seen: { longest: number; positions: Set<string> } }).seen;
    return { longest, positions: positions.size };
  });
  expect(seen.positions).toBeGreaterThan(20);
  // Not a measurement of speed: work that belongs to the worker would stop the page for seconds.
  expect(seen.longest).toBeLessThan(2_000);
  await request.getByRole("button", { name: "Ask AMP for the request" }).click();
  await request.getByRole("button", { name: "Go on with this request" }).click();
  // Those that the treasury was founded with besides.
  await expect(step(page, "Coins")).toContainText(/Coins\s*10\d\d/);
});
