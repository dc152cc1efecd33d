// The coins of one prepared request are released. All other reservations and all logs stay.

import { expect, test } from "./desk.ts";
import { openPage, openTreasury, prepare, readCoins, step } from "./steps.ts";

test("one request is released, and everything else that is kept stays", async ({ page, desk }) => {
  const ask = (amount: string, state: string, out: string) =>
    desk.online("request", "burn", "--asset", desk.assets[0]!.uuid, "--amount", amount, "--state", state, "--descriptor", "treasury.descriptor", "--network", "regtest", "--esplora", desk.esplora, "--amp", desk.amp, "--amp-credentials", desk.login(), "-o", out);
  // AMP lists whatever the treasury holds: both burns list the same coins.
  ask("1000", "one", "first.json");
  ask("7", "two", "second.json");
  await openPage(page, desk);
  const log = '{"step":"of","sha256":"00"}\n{"step":"posting","sha256":"00"}\n';
  await page.evaluate((log) => localStorage.setItem("coldamp.log.another", log), log);
  await step(page, "Treasury").getByRole("checkbox", { name: "Remember on this computer" }).check();
  await openTreasury(page, desk.descriptor);
  const request = step(page, "Request");
  await request.getByLabel("Request file").setInputFiles(desk.path("first.json"));
  await readCoins(page);
  await prepare(page);
  const kept = () => page.evaluate(() => ({ ...localStorage }) as Record<string, string>);
  const recordOf = (all: Record<string, string>) => JSON.parse(Object.entries(all).find(([name]) => name.startsWith("coldamp.record."))![1]) as { promises: Record<string, { coins: string[] }> };
  const [first] = Object.keys(recordOf(await kept()).promises);

  await request.getByRole("button", { name: "Take another request" }).click();
  await request.getByLabel("Request file").setInputFiles(desk.path("second.json"));
  await readCoins(page);
  const review = step(page, "Review");
  await review.getByRole("button", { name: "Prepare the PSET" }).click();
  const refusal = review.getByRole("alert");
  await expect(refusal.locator(".code")).toHaveText("COINS_RESERVED");
  await expect(refusal.locator(".hint")).toContainText("release it below");
  // The way out is in sight, and is one of two presses.
  await expect(review.getByText(/^burn 1 000 base units/)).toBeVisible();
  await review.getByRole("button", { name: "Release this other request…" }).click();
  await expect(review.getByText("A PSET or a signed file of that request stays usable")).toBeVisible();
  await review.getByRole("button", { name: "Release its coins" }).click();
  await expect(review.getByText("Reserved coins")).toBeHidden();
  await prepare(page);
  const after = await kept();
  const { promises } = recordOf(after);
  expect(Object.keys(promises)).toHaveLength(2);
  expect(promises[first!]!.coins).toEqual([]);
  expect(after["coldamp.log.another"]).toBe(log);
  expect(after["coldamp.on"]).toBe("yes");
});
