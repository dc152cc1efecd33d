// The page's steps, by the names that a screen reader reads.

import { expect, type Download, type Locator, type Page } from "@playwright/test";
import { readFileSync } from "node:fs";
import type { Asset, Desk } from "./desk.ts";

export type Job = "distribute" | "reissue" | "burn";

/** What the sandbox assigned to the holders of each asset, in base units. */
export const ASSIGNED = "18750000000";

const USER = "issuer";
const PASSWORD = "sandbox";

export const step = (page: Page, name: string): Locator => page.getByRole("region", { name, exact: true });

export async function openPage(page: Page, desk: Desk): Promise<void> {
  await page.goto(desk.page);
  await expect(page.getByLabel("Network", { exact: true })).toHaveText("regtest");
}

export async function openTreasury(page: Page, descriptor: string): Promise<void> {
  const treasury = step(page, "Treasury");
  await treasury.getByLabel("CT descriptor").fill(descriptor);
  await treasury.getByRole("button", { name: "Open the treasury" }).click();
  await expect(treasury.getByRole("button", { name: "Take another treasury" })).toBeVisible();
}

async function logIn(region: Locator): Promise<void> {
  await region.getByLabel("AMP user").fill(USER);
  await region.getByLabel("AMP password").fill(PASSWORD);
}

const JOBS: Record<Job, string> = { distribute: "Distribute what was assigned", reissue: "Reissue", burn: "Burn" };

/** Asks AMP what there is, and reads the coins that it would take. */
export async function lookAtAmp(page: Page, job: Job, asset: Asset, amount: string): Promise<void> {
  const request = step(page, "Request");
  await request.getByRole("radio", { name: "Ask AMP for it" }).check();
  await request.getByRole("radio", { name: JOBS[job], exact: true }).check();
  await request.getByLabel("Asset at AMP").fill(asset.uuid);
  if (job !== "distribute") await request.getByLabel("Amount in base units").fill(amount);
  await logIn(request);
  await request.getByRole("button", { name: "Ask this host what there is" }).click();
  const read = request.getByRole("button", { name: "Ask this host and read the coins" });
  const confirm = request.getByLabel("Type the total in base units");
  const ask = request.getByRole("button", { name: "Ask AMP for the request" });
  await expect(read.or(confirm).or(ask).first()).toBeVisible();
  if (await read.isVisible()) await read.click();
}

/** Gets a request from AMP as a file, and goes on with it. */
export async function fetchRequest(page: Page, job: Job, asset: Asset, amount: string): Promise<Download> {
  await lookAtAmp(page, job, asset, amount);
  const request = step(page, "Request");
  const saved = page.waitForEvent("download");
  if (job === "distribute") {
    await request.getByLabel("Type the total in base units").fill(amount);
    await request.getByRole("button", { name: "Make the distribution at AMP" }).click();
  } else {
    await request.getByRole("button", { name: "Ask AMP for the request" }).click();
  }
  const download = await saved;
  await request.getByRole("button", { name: "Go on with this request" }).click();
  await expect(request.getByRole("button", { name: "Take another request" })).toBeVisible();
  return download;
}

export async function readCoins(page: Page): Promise<void> {
  const coins = step(page, "Coins");
  const again = coins.getByRole("button", { name: "Read the coins again" });
  const read = coins.getByRole("button", { name: "Ask this host and read the coins" });
  await expect(again.or(read).first()).toBeVisible();
  if (await read.isVisible()) await read.click();
  await expect(again).toBeVisible();
}

/** Prepares, and gives the approval code that the page shows. */
export async function prepare(page: Page): Promise<string> {
  const review = step(page, "Review");
  await review.getByRole("button", { name: "Prepare the PSET" }).click();
  const code = review.getByRole("group", { name: "Approval code" });
  await expect(code).toBeVisible();
  return (await code.innerText()).replace(/\s/g, "");
}

/** Takes the PSET to the desk, under a name. */
export async function handOver(page: Page, desk: Desk, name: string): Promise<void> {
  const saved = page.waitForEvent("download");
  await step(page, "Hand over").getByRole("button", { name: /^Download / }).click();
  desk.write(name, readFileSync(await (await saved).path()));
}

/** Brings a signed file back and compares it. */
export async function comeBack(page: Page, path: string): Promise<void> {
  const back = step(page, "Coming back");
  await back.getByLabel("Signed file", { exact: true }).setInputFiles(path);
  await back.getByRole("button", { name: "Compare with the PSET that was handed over" }).click();
}

/** Sends, waits and reports. */
export async function finish(page: Page): Promise<void> {
  const back = step(page, "Coming back");
  await logIn(back);
  await back.getByRole("button", { name: "Ask these hosts and broadcast" }).click();
  await back.getByRole("button", { name: "Wait for two confirmations" }).click();
  await back.getByRole("button", { name: "Report to AMP" }).click({ timeout: 60_000 });
  await expect(back.getByText("The job is done.")).toBeVisible();
}
