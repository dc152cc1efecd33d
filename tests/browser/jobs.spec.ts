// The three jobs from AMP's request to AMP's receipt, in the page, with coldamp signing in between.

import { readFileSync } from "node:fs";
import { expect, test, watch } from "./desk.ts";
import { ASSIGNED, comeBack, fetchRequest, finish, handOver, type Job, openPage, openTreasury, prepare, readCoins, step } from "./steps.ts";

// With the ticker: the contract comes from Esplora and is proven.
const JOBS: readonly [Job, number, string][] = [
  ["distribute", 0, "DISTRIBUTE 187.50000000 PLAIN to 5 recipients"],
  ["reissue", 0, "REISSUE 187.50000000 PLAIN to the treasury"],
  ["reissue", 1, "REISSUE 187.50000000 VEILED to the treasury"],
  ["burn", 1, "BURN 187.50000000 VEILED (irreversible)"],
];

for (const [job, number, words] of JOBS) {
  test(`${job} of ${number === 0 ? "an openly" : "a blindly"} issued asset, start to end`, async ({ page, desk }) => {
    const watched = watch(page);
    const asset = desk.assets[number]!;
    await openPage(page, desk);
    await openTreasury(page, desk.descriptor);
    const download = await fetchRequest(page, job, asset, ASSIGNED);
    await readCoins(page);
    const code = await prepare(page);
    await expect(step(page, "Review").locator(".job")).toHaveText(words);
    await handOver(page, desk, "page.pset");

    // The same request, coins, contract and settings through the command line: the same bytes.
    desk.write("request.json", readFileSync(await download.path()));
    desk.write("contract.json", await desk.contract(asset));
    const settings = ["--descriptor", "treasury.descriptor", "--network", "regtest", "--contract", "contract.json"];
    desk.online("prepare", "request.json", ...settings, "--esplora", desk.esplora, "-o", "cli.pset");
    expect(desk.read("page.pset")).toBe(desk.read("cli.pset"));

    const signed = desk.sign("page.pset", "signed.json");
    expect(signed.approval).toBe(code);
    await comeBack(page, signed.path);
    await finish(page);

    // AMP has it: a second report from the command line finds that it was taken.
    const report = desk.online("report", "signed.json", "--esplora", desk.esplora, "--amp", desk.amp, "--amp-credentials", desk.login(), "--no-wait");
    expect(report).toBe("");
    const origin = new URL(desk.page).origin;
    const foreign = watched.requests.filter((url) => new URL(url).origin !== origin && !url.startsWith("blob:") && !url.startsWith("data:"));
    expect(foreign).toEqual([]);
    expect(watched.complaints).toEqual([]);
  });
}

test("another copy of a signed file, pasted, goes on with the log of the first one", async ({ page, desk }) => {
  const back = step(page, "Coming back");
  const savedLog = async (): Promise<string> => {
    const saved = page.waitForEvent("download");
    await back.getByRole("button", { name: "Save the log" }).click();
    return readFileSync(await (await saved).path(), "utf8");
  };
  await openPage(page, desk);
  await openTreasury(page, desk.descriptor);
  await fetchRequest(page, "burn", desk.assets[1]!, ASSIGNED);
  await readCoins(page);
  await prepare(page);
  await handOver(page, desk, "page.pset");
  await comeBack(page, desk.sign("page.pset", "signed.json").path);
  await finish(page);
  const first = await savedLog();
  expect(first).toContain('"accepted"');

  // The place in the journal is not proven by anything: a copy with another one has other bytes.
  const copy = desk.read("signed.json").replace(/"number": \d+/, '"number": 77');
  await back.getByRole("button", { name: "Take another signed file" }).click();
  await back.getByText("Paste it instead").click();
  await back.getByLabel("Pasted text").fill(copy.trim());
  await back.getByRole("button", { name: "Use the pasted text" }).click();
  await back.getByRole("button", { name: "Compare with the PSET that was handed over" }).click();
  await finish(page);
  expect(await savedLog()).toBe(first);
});
