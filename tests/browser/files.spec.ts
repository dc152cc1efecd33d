// While a file is being read, nothing that uses it can start. A file that is read too late is dropped. Files are named.

import { readFileSync } from "node:fs";
import type { Locator, Page } from "@playwright/test";
import { expect, test } from "./desk.ts";
import { ASSIGNED, fetchRequest, handOver, openPage, openTreasury, prepare, readCoins, step } from "./steps.ts";

/** Makes the reading of files of some names wait until a test lets it go on. */
async function holdFiles(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const held = new Map<string, Promise<void>>();
    const read = Blob.prototype.arrayBuffer;
    Object.assign(globalThis, {
      hold(name: string) {
        let go = () => {};
        held.set(name, new Promise((resolve) => (go = resolve)));
        Object.assign(globalThis, { [`go on with ${name}`]: go });
      },
    });
    File.prototype.arrayBuffer = async function (this: File) {
      await held.get(this.name);
      return read.call(this);
    };
  });
}

const hold = (page: Page, name: string) =>
  page.evaluate((name) => (globalThis as unknown as { hold: (name: string) => void }).hold(name), name);
const goOn = (page: Page, name: string) =>
  page.evaluate((name) => (globalThis as unknown as Record<string, () => void>)[`go on with ${name}`]!(), name);

/** Chooses a file whose reading waits, and sees that it is named and the button is not to be pressed. */
async function choosing(page: Page, field: Locator, path: string, name: string, button: Locator | null): Promise<void> {
  await hold(page, name);
  await field.setInputFiles(path);
  await expect(page.getByText(`Reading ${name} (`)).toBeVisible();
  if (button !== null) await expect(button).toBeDisabled();
}

test("Compare takes the PSET that was chosen last, and names it", async ({ page, desk }) => {
  await holdFiles(page);
  await openPage(page, desk);
  await openTreasury(page, desk.descriptor);
  const download = await fetchRequest(page, "distribute", desk.assets[0]!, ASSIGNED);
  await readCoins(page);
  const approval = await prepare(page);
  await handOver(page, desk, "right.pset");
  const signed = desk.sign("right.pset", "signed.json");
  desk.write("request.json", readFileSync(await download.path()));
  desk.online("prepare", "request.json", "--descriptor", "treasury.descriptor", "--network", "regtest", "--esplora", desk.esplora, "--fee-rate", "150", "-o", "other.pset");

  // Another day: the PSETs come from files.
  await page.reload();
  await openTreasury(page, desk.descriptor);
  const back = step(page, "Coming back");
  await back.getByLabel("Signed file", { exact: true }).setInputFiles(signed.path);
  await expect(back).toContainText(/signed\.json \([\d\u202f]+ bytes\)/);
  const field = back.getByLabel("PSET that was handed over", { exact: true });
  const compare = back.getByRole("button", { name: /^(Compare with|Reading the PSET)/ });
  await expect(compare).toBeDisabled();

  // The wrong one is there, the right one is on its way: nothing can be compared, and the wrong one is not.
  await field.setInputFiles(desk.path("other.pset"));
  await expect(back.locator(".against")).toContainText("other.pset");
  await choosing(page, field, desk.path("right.pset"), "right.pset", compare);
  await expect(back.locator(".against")).toBeHidden();
  await goOn(page, "right.pset");
  await expect(back.locator(".against")).toContainText(/right\.pset \([\d\u202f]+ bytes\)/);
  await expect(back.locator(".against")).toContainText(`approval code ${approval}`);

  // The wrong one, chosen before and read late, takes the place of nothing.
  await choosing(page, field, desk.path("other.pset"), "other.pset", compare);
  await hold(page, "right.pset");
  await field.setInputFiles(desk.path("right.pset"));
  await goOn(page, "right.pset");
  await expect(back.locator(".against")).toContainText("right.pset");
  await goOn(page, "other.pset");
  await compare.click();
  await expect(back.getByText("byte for byte, and its signatures verify")).toContainText(/Compared with right\.pset .*approval code/);
  await expect(back.getByRole("alert")).toHaveCount(0);
});

test("no other step goes on with a file that is half read", async ({ page, desk }) => {
  await holdFiles(page);
  await openPage(page, desk);
  const treasury = step(page, "Treasury");
  const open = treasury.getByRole("button", { name: "Open the treasury" });
  await choosing(page, treasury.getByLabel("Descriptor file"), desk.path("treasury.descriptor"), "treasury.descriptor", open);
  await goOn(page, "treasury.descriptor");
  await expect(treasury.getByText(/Read: treasury\.descriptor \([\d\u202f]+ bytes\)/)).toBeVisible();
  await open.click();

  // A request that arrives after its treasury was left is not taken, nor is it for the treasury that is opened then.
  desk.online("request", "burn", "--asset", desk.assets[0]!.uuid, "--amount", "1000", "--descriptor", "treasury.descriptor", "--network", "regtest", "--esplora", desk.esplora, "--amp", desk.amp, "--amp-credentials", desk.login(), "-o", "burn.json");
  const request = step(page, "Request");
  await choosing(page, request.getByLabel("Request file"), desk.path("burn.json"), "burn.json", null);
  await treasury.getByRole("button", { name: "Take another treasury" }).click();
  await openTreasury(page, desk.descriptor);
  await goOn(page, "burn.json");
  await expect(request.getByLabel("Request file")).toBeVisible();
  await expect(request.getByRole("button", { name: "Take another request" })).toBeHidden();
  await request.getByLabel("Request file").setInputFiles(desk.path("burn.json"));
  await expect(request.getByRole("button", { name: "Take another request" })).toBeVisible();

  const coins = step(page, "Coins");
  await coins.getByRole("radio", { name: "From a file" }).check();
  const read = coins.getByRole("button", { name: "Read the coins" });
  desk.write("transactions.json", "[]");
  await choosing(page, coins.getByLabel("Transactions file"), desk.path("transactions.json"), "transactions.json", read);
  await goOn(page, "transactions.json");
  await expect(read).toBeEnabled();
  await coins.getByRole("radio", { name: "Over the network" }).check();
  await readCoins(page);

  const review = step(page, "Review");
  await review.getByText("Settings: fee, contract, openings, replacement").click();
  const button = review.getByRole("button", { name: /^(Prepare the PSET|Reading a file…)$/ });
  for (const label of ["Contract file", "Openings file", "Signed file to replace"]) {
    await choosing(page, review.getByLabel(label), desk.path("burn.json"), "burn.json", button);
    await goOn(page, "burn.json");
    await expect(button).toBeEnabled();
  }
  // No signed file, and told beside its field before anything is prepared with it.
  await expect(review.getByRole("alert").first()).toContainText("burn.json");
});
