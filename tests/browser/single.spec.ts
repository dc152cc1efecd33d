// The single file, opened from disk without a server: its PSET, made from a transactions file, equals the command line's.

import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test, watch } from "./desk.ts";
import { handOver, openTreasury, prepare, step } from "./steps.ts";

const ROOT = resolve(import.meta.dirname, "..", "..");
const SCENARIO = join(ROOT, "tests", "scenarios", "wpkh");

for (const job of ["distribute", "reissue", "burn"]) {
  test(`${job} of the recorded treasury, from the single file`, async ({ page, desk }) => {
    const watched = watch(page);
    const file = pathToFileURL(join(ROOT, "web", "dist", "coldamp.html")).href;
    await page.goto(file);
    await step(page, "Treasury").getByLabel("Network", { exact: true }).selectOption("regtest");
    await openTreasury(page, desk.descriptor);
    const request = join(SCENARIO, "requests", `${job}.json`);
    const transactions = join(SCENARIO, "chain", "transactions.json");
    await step(page, "Request").getByLabel("Request file").setInputFiles(request);
    const coins = step(page, "Coins");
    await coins.getByRole("radio", { name: "From a file" }).check();
    await coins.getByLabel("Transactions file").setInputFiles(transactions);
    await coins.getByRole("button", { name: "Read the coins" }).click();
    await expect(coins.getByRole("button", { name: "Read the coins again" })).toBeVisible();
    await prepare(page);
    await handOver(page, desk, "page.pset");
    desk.online("prepare", request, "--descriptor", "treasury.descriptor", "--network", "regtest", "--transactions", transactions, "-o", "cli.pset");
    expect(desk.read("page.pset")).toBe(desk.read("cli.pset"));
    expect(watched.requests.filter((url) => !/^(file|blob|data):/.test(url))).toEqual([]);
    expect(watched.complaints).toEqual([]);
  });
}
