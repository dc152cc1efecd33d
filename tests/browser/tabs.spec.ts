// Two tabs with one treasury: only one at a time works with its log. And every wait can be cancelled by itself.

import type { Page } from "@playwright/test";
import { expect, test } from "./desk.ts";
import { ASSIGNED, comeBack, fetchRequest, handOver, type Job, lookAtAmp, openPage, openTreasury, prepare, readCoins, step } from "./steps.ts";

test("while one tab holds a treasury's lock, another neither sends nor posts, and goes on afterwards", async ({ page, desk }) => {
  await openPage(page, desk);
  await openTreasury(page, desk.descriptor);
  await fetchRequest(page, "distribute", desk.assets[0]!, ASSIGNED);
  await readCoins(page);
  await prepare(page);
  await handOver(page, desk, "page.pset");
  await comeBack(page, desk.sign("page.pset", "signed.json").path);
  // The other tab is in the middle of its work.
  const other = await page.context().newPage();
  await openPage(other, desk);
  await openTreasury(other, desk.descriptor);
  const lock = await page.evaluate(async () => {
    const { held } = await navigator.locks.query();
    return held?.map(({ name }) => name) ?? [];
  });
  expect(lock).toEqual([]);
  const treasury = step(other, "Treasury");
  const first = (await treasury.getByRole("group", { name: "First address" }).innerText()).replace(/\s/g, "");
  await other.evaluate((name) => {
    const held = new Promise<void>((release) => Object.assign(globalThis, { release }));
    void navigator.locks.request(name, () => held);
  }, `coldamp.treasury.${first}`);
  const back = step(page, "Coming back");
  await back.getByLabel("AMP user").fill("issuer");
  await back.getByLabel("AMP password").fill("sandbox");
  await back.getByRole("button", { name: "Ask these hosts and broadcast" }).click();
  await expect(back.getByRole("alert").locator(".code")).toHaveText("LOG_BUSY");
  await other.evaluate(() => (globalThis as unknown as { release: () => void }).release());
  await back.getByRole("button", { name: "Ask these hosts and broadcast" }).click();
  await back.getByRole("button", { name: "Wait for two confirmations" }).click();
  await back.getByRole("button", { name: "Report to AMP" }).click({ timeout: 60_000 });
  await expect(back.getByText("The job is done.")).toBeVisible();
});

test("the tick of one tab shows in the other, and goes there too", async ({ page, desk }) => {
  await openPage(page, desk);
  const other = await page.context().newPage();
  await openPage(other, desk);
  const tick = (tab: Page) => step(tab, "Treasury").getByRole("checkbox", { name: "Remember on this computer" });
  await tick(page).check();
  await expect(tick(other)).toBeChecked();
  await tick(other).uncheck();
  await expect(tick(page)).not.toBeChecked();
  await expect.poll(() => page.evaluate(() => localStorage.length)).toBe(0);
});

test("a tab that reserved coins by itself does not write over what another tab keeps", async ({ page, desk }) => {
  const record = (tab: Page) =>
    tab.evaluate(() => Object.entries({ ...localStorage }).find(([name]) => name.startsWith("coldamp.record."))?.[1] ?? null);
  const tick = (tab: Page) => step(tab, "Treasury").getByRole("checkbox", { name: "Remember on this computer" });
  const ready = async (tab: Page, job: Job, number: number) => {
    await openPage(tab, desk);
    await openTreasury(tab, desk.descriptor);
    await fetchRequest(tab, job, desk.assets[number]!, ASSIGNED);
    await readCoins(tab);
  };
  await ready(page, "distribute", 0);
  await prepare(page);
  const other = await page.context().newPage();
  await ready(other, "burn", 1);
  await tick(other).check();
  await prepare(other);
  const kept = await record(other);
  expect(kept).toContain("burn");
  // The first tab heard of the tick before anything was kept, and gave what it knew.
  expect(kept).toContain("distribute");
  await expect(tick(page)).toBeChecked();

  // Unticked again, each tab keeps its own record. The first one releases its job, so that the records differ.
  await tick(other).uncheck();
  await expect(tick(page)).not.toBeChecked();
  await step(page, "Review").getByRole("button", { name: "Prepare it otherwise" }).click();
  await step(page, "Review").getByText("Reserved coins").click();
  await step(page, "Review").getByRole("button", { name: "Release this request…" }).click();
  await step(page, "Review").getByRole("button", { name: "Release its coins" }).click();
  await expect(step(page, "Review").getByRole("button", { name: "Release this request…" })).toBeHidden();
  // The release holds its lock for a moment longer than its button is seen, and no tick counts meanwhile.
  await expect.poll(() => other.evaluate(async () => (await navigator.locks.query()).held?.length)).toBe(0);
  await tick(other).check();
  const treasury = step(page, "Treasury");
  await expect(treasury.getByRole("alert").locator(".code")).toHaveText("KEPT_OTHERWISE");
  await expect(tick(page)).not.toBeChecked();
  await tick(page).click();
  await expect(treasury.getByRole("alert").locator(".code")).toHaveText("KEPT_OTHERWISE");
  await expect(tick(page)).not.toBeChecked();
  expect(await record(page)).toBe(kept);
});

test("after a broadcast or a report that was cancelled on its way, the page says that it may have arrived", async ({ page, desk }) => {
  await openPage(page, desk);
  await openTreasury(page, desk.descriptor);
  await fetchRequest(page, "distribute", desk.assets[0]!, ASSIGNED);
  await readCoins(page);
  await prepare(page);
  await handOver(page, desk, "page.pset");
  await comeBack(page, desk.sign("page.pset", "signed.json").path);
  const back = step(page, "Coming back");
  const warning = back.getByRole("list", { name: "Warnings" });
  await back.getByLabel("AMP user").fill("issuer");
  await back.getByLabel("AMP password").fill("sandbox");
  /** Lets a request arrive and keeps its answer back. */
  const keepBack = async (path: RegExp) => {
    let arrive!: () => void;
    const arrived = new Promise<void>((resolve) => (arrive = resolve));
    await page.route(path, async (route) => {
      if (route.request().method() !== "POST") return route.continue();
      await route.fetch();
      arrive();
    });
    return { arrived };
  };
  const sending = await keepBack(/\/esplora\/tx$/);
  await back.getByRole("button", { name: "Ask these hosts and broadcast" }).click();
  await sending.arrived;
  await back.getByRole("button", { name: "Cancel" }).click();
  await expect(warning).toContainText("MAY_BE_SENT");
  await expect(warning).toContainText("the page looks for the transaction first");
  await page.unroute(/\/esplora\/tx$/);
  await back.getByRole("button", { name: "Ask these hosts and broadcast" }).click();
  await expect(back.getByText("It was sent before.")).toBeVisible();
  await expect(warning).toBeHidden();

  await back.getByRole("button", { name: "Wait for two confirmations" }).click();
  const posting = await keepBack(/\/api\/.*\/confirm$/);
  await back.getByRole("button", { name: "Report to AMP" }).click({ timeout: 60_000 });
  await posting.arrived;
  await back.getByRole("button", { name: "Cancel" }).click();
  await expect(warning).toContainText("MAY_BE_REPORTED");
  await page.unroute(/\/api\/.*\/confirm$/);
  await back.getByRole("button", { name: "Report to AMP" }).click();
  await expect(back.getByText("The job is done.")).toBeVisible();
  await expect(warning).toBeHidden();
});

test("what was cancelled is not asked again", async ({ page, desk }) => {
  await openPage(page, desk);
  await openTreasury(page, desk.descriptor);
  let asked = 0;
  let hangs!: () => void;
  const hanging = new Promise<void>((resolve) => (hangs = resolve));
  // No answer, ever.
  await page.route(/\/esplora\/scripthash\//, () => {
    asked += 1;
    hangs();
  });
  await lookAtAmp(page, "burn", desk.assets[0]!, "1000");
  const request = step(page, "Request");
  await hanging;
  await request.getByRole("button", { name: "Cancel" }).click();
  await expect(request.getByRole("button", { name: /^(Try again|Ask this host and read the coins)$/ })).toBeEnabled();
  // Those that were under way at once; each would be tried four times more.
  expect(asked).toBeLessThanOrEqual(8);
  const refused = page.getByRole("region", { name: "Requests" }).getByText(/(\d+) requests were not sent/);
  const told = (await refused.count()) === 0 ? "0" : await refused.innerText();
  expect(Number.parseInt(told, 10)).toBeLessThanOrEqual(8);
});

test("waiting for a server that hangs can be cancelled, and tried again", async ({ page, desk }) => {
  await openPage(page, desk);
  await openTreasury(page, desk.descriptor);
  // AMP hangs; the chain answers.
  let answerAmp!: () => void;
  const hanging = new Promise<void>((resolve) => (answerAmp = resolve));
  await page.route(/\/api\//, async (route) => {
    await hanging;
    await route.continue().catch(() => undefined);
  });
  const request = step(page, "Request");
  await request.getByRole("radio", { name: "Ask AMP for it" }).check();
  await request.getByRole("radio", { name: "Burn", exact: true }).check();
  await request.getByLabel("Asset at AMP").fill(desk.assets[0]!.uuid);
  await request.getByLabel("Amount in base units").fill("1000");
  await request.getByLabel("AMP user").fill("issuer");
  await request.getByLabel("AMP password").fill("sandbox");
  await request.getByRole("button", { name: "Ask this host what there is" }).click();
  await expect(request.getByRole("button", { name: "Looking…" })).toBeVisible();
  await request.getByRole("button", { name: "Cancel" }).click();
  await expect(request.getByRole("alert").locator(".code")).toHaveText("CANCELLED");
  await expect(request.getByRole("button", { name: "Ask this host what there is" })).toBeVisible();
  answerAmp();
  await page.unroute(/\/api\//);
  await request.getByLabel("AMP password").fill("sandbox");
  await request.getByRole("button", { name: "Ask this host what there is" }).click();
  await expect(request.getByRole("button", { name: "Ask this host and read the coins" })).toBeVisible();
});
