// Parts of several signers are combined in the page, to the bytes that the command line makes, and go on to be sent.

import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test, watch } from "./desk.ts";
import { openPage, openTreasury, prepare, step } from "./steps.ts";

const ROOT = resolve(import.meta.dirname, "..", "..");
const SCENARIO = join(ROOT, "tests", "scenarios", "wsh-2of3");
/** The burn of the recorded treasury that two of three keys sign for, and two parts of it. */
const vector = (name: string) => join(ROOT, "tests", "vectors", "quorum", `wsh-2of3.burn.${name}`);
const DESCRIPTOR = (JSON.parse(readFileSync(join(SCENARIO, "wallet.json"), "utf8")) as { ct_descriptor: string }).ct_descriptor;

test("the parts of two signers become one signed file, which can be sent", async ({ page, desk }) => {
  const watched = watch(page);
  await openPage(page, desk);
  await openTreasury(page, DESCRIPTOR);
  await expect(step(page, "Treasury")).toContainText("2 of 3 keys must sign");
  const back = step(page, "Coming back");
  const combine = back.getByRole("button", { name: "Combine the parts" });
  await expect(combine).toBeDisabled();
  await back.getByLabel("PSET that was handed over", { exact: true }).setInputFiles(vector("pset"));
  await expect(back.locator(".against")).toContainText("wsh-2of3.burn.pset");
  await expect(combine).toBeDisabled();

  // One part is too few. The missing signers are named.
  const parts = back.getByLabel("Parts", { exact: true });
  await parts.setInputFiles(vector("part-1.json"));
  await combine.click();
  await expect(back.getByRole("alert")).toContainText("PARTS_MISSING");
  await expect(back.getByRole("alert")).toContainText("input 0 has 1 of 2 signatures");
  await back.getByRole("button", { name: "Leave it out" }).click();

  // Several files at once. One that is no part is named by its place, and can be left out.
  await parts.setInputFiles([vector("part-2.json"), join(SCENARIO, "requests", "burn.json"), vector("part-1.json")]);
  await expect(back.getByRole("button", { name: "Leave it out" })).toHaveCount(3);
  await combine.click();
  await expect(back.getByRole("alert")).toContainText("part 2: ");
  await back.getByRole("button", { name: "Leave it out" }).nth(1).click();
  await combine.click();

  await expect(back.getByText("byte for byte, and its signatures verify")).toContainText(/Compared with wsh-2of3\.burn\.pset .*approval code/);
  await expect(back).toContainText("Signer 73c5da0a");
  await expect(back).toContainText("Signer b8688df1");
  await expect(back.getByRole("button", { name: "Ask these hosts and broadcast" })).toBeVisible();
  const saved = page.waitForEvent("download");
  await back.getByRole("button", { name: "Download the signed file" }).click();
  const download = await saved;
  expect(download.suggestedFilename()).toBe("burn.signed.json");
  desk.write("descriptor", DESCRIPTOR);
  desk.online("combine", vector("pset"), vector("part-1.json"), vector("part-2.json"), "--descriptor", "descriptor", "-o", "online.json");
  expect(readFileSync(await download.path(), "utf8")).toBe(desk.read("online.json"));
  expect(watched.complaints).toEqual([]);
});

test("the hand-over says what each of several signers does", async ({ page, desk }) => {
  await openPage(page, desk);
  await openTreasury(page, DESCRIPTOR);
  await step(page, "Request").getByLabel("Request file").setInputFiles(join(SCENARIO, "requests", "burn.json"));
  const coins = step(page, "Coins");
  await coins.getByRole("radio", { name: "From a file" }).check();
  await coins.getByLabel("Transactions file").setInputFiles(join(SCENARIO, "chain", "transactions.json"));
  await coins.getByRole("button", { name: "Read the coins" }).click();
  await expect(coins.getByRole("button", { name: "Read the coins again" })).toBeVisible();
  await prepare(page);
  const hand = step(page, "Hand over");
  await expect(hand).toContainText("to 2 of the 3 signers, on a USB stick or as QR codes.");
  await expect(hand.getByRole("region", { name: "Command that signs" })).toContainText("-o burn.signatures-NAME.json");
  await expect(hand).toContainText("Under “Coming back”, the page combines them.");
});
