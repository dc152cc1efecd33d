// The commands that the page shows run as they are. Settings stay. The page asks what to keep before a request is prepared.
// One step at a time is the current one.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Locator, Page } from "@playwright/test";
import { BINARIES, expect, test } from "./desk.ts";
import { ASSIGNED, comeBack, fetchRequest, finish, openPage, openTreasury, prepare, readCoins, step } from "./steps.ts";

/** The one step that is current, by the rail and by the steps themselves. */
async function current(page: Page, name: string | null): Promise<void> {
  const steps = page.locator("main > section.step.now > header > h2");
  await expect(steps).toHaveText(name === null ? [] : [name]);
  const rail = page.getByRole("navigation", { name: "Steps" }).locator("[aria-current=step]");
  await expect(rail).toHaveCount(name === null ? 0 : 1);
  if (name !== null) await expect(rail).toContainText(name);
}

test("the commands run as they are shown, and one step is the current one throughout", async ({ page, desk }) => {
  await openPage(page, desk);
  await current(page, "Treasury");
  await openTreasury(page, desk.descriptor);
  await current(page, "Request");
  await fetchRequest(page, "distribute", desk.assets[0]!, ASSIGNED);
  await readCoins(page);
  await current(page, "Review");
  const approval = await prepare(page);
  await current(page, "Hand over");
  const hand = step(page, "Hand over");
  const saved = page.waitForEvent("download");
  await hand.getByRole("button", { name: /^Download / }).click();
  const download = await saved;
  // Under the name that it is downloaded by, as the commands have it.
  desk.write(download.suggestedFilename(), readFileSync(await download.path()));

  const run = (shown: string, more: readonly string[]) => {
    const [program, ...typed] = shown.trim().split(/\s+/);
    expect(program).toBe("coldamp");
    // It asks for the passphrase where nothing else says it; execFileSync throws unless it ends with 0.
    const args = [...typed, "--passphrase-file", "passphrase", ...more];
    return execFileSync(join(BINARIES, "coldamp"), args, { cwd: desk.folder, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  };
  const shown = (name: string) => hand.getByRole("region", { name }).innerText();
  const review = run(await shown("Command that reviews"), []);
  expect(review).toContain(approval);
  // In the place of the question, which has to be answered at a terminal.
  run(await shown("Command that signs"), ["--approve", approval]);
  const name = / -o (\S+)/.exec(await shown("Command that signs"))?.[1] ?? "";
  await expect(hand.getByText(`Bring ${name} back`)).toBeVisible();
  run((await shown("Command that makes a backup")).replace("NUMBER", "1"), []);

  await comeBack(page, desk.path(name));
  await current(page, "Coming back");
  await finish(page);
  await current(page, null);
  // Nothing invites to do the job once more.
  const filled = page.locator("button:not(.quiet):visible:enabled");
  expect(await filled.allTextContents()).toEqual([]);
  await expect(page.getByRole("region", { name: "AMP’s answer" })).toBeHidden();
  await step(page, "Coming back").getByRole("button", { name: "Broadcast or report again…" }).click();
  await expect(step(page, "Coming back").getByRole("button", { name: "Report to AMP" })).toBeVisible();
  expect(await filled.allTextContents()).toEqual([]);
});

test("another try keeps every setting, and says what it was made with", async ({ page, desk }) => {
  await openPage(page, desk);
  await openTreasury(page, desk.descriptor);
  await fetchRequest(page, "distribute", desk.assets[0]!, ASSIGNED);
  await readCoins(page);
  const review = step(page, "Review");
  await prepare(page);
  const usual = await review.getByRole("group", { name: "Approval code" }).innerText();
  await review.getByRole("button", { name: "Prepare it otherwise" }).click();
  await review.getByText("Settings: fee, contract, openings, replacement").click();
  await review.getByLabel("Fee rate").fill("150");
  await review.getByLabel("Fee is calculated on").selectOption("full");
  await review.getByRole("checkbox", { name: "Allow missing token outputs" }).check();
  await prepare(page);
  const dearer = await review.getByRole("group", { name: "Approval code" }).innerText();
  expect(dearer).not.toBe(usual);
  await expect(step(page, "Hand over").getByRole("region", { name: "Command that signs" })).toContainText("--allow-missing-token-utxos");
  await review.getByRole("button", { name: "Prepare it otherwise" }).click();
  const settings = async () => {
    await expect(review.getByLabel("Fee rate")).toHaveValue("150");
    await expect(review.getByLabel("Fee is calculated on")).toHaveValue("full");
    await expect(review.getByRole("checkbox", { name: "Allow missing token outputs" })).toBeChecked();
  };
  await settings();
  // Nor do coins that are read again take them away.
  await step(page, "Coins").getByRole("button", { name: "Read the coins again" }).click();
  await readCoins(page);
  await settings();
  await prepare(page);
  expect(await review.getByRole("group", { name: "Approval code" }).innerText()).toBe(dearer);
});

test("what is kept is asked before a request is prepared, and counts as at step 1", async ({ page, desk }) => {
  await openPage(page, desk);
  await openTreasury(page, desk.descriptor);
  await fetchRequest(page, "distribute", desk.assets[0]!, ASSIGNED);
  await readCoins(page);
  const [asked, first] = ["Review", "Treasury"].map((name) => step(page, name).getByRole("checkbox", { name: "Remember on this computer" })) as [Locator, Locator];
  await expect(asked).not.toBeChecked();
  await expect(step(page, "Review").getByText("do not know each other’s reservations")).toBeVisible();
  await asked.check();
  await expect(first).toBeChecked();
  await prepare(page);
  expect(await page.evaluate(() => Object.keys(localStorage).some((name) => name.startsWith("coldamp.record.")))).toBe(true);
  await first.uncheck();
  await expect.poll(() => page.evaluate(() => localStorage.length)).toBe(0);
});
