// Wrong input is refused beside its field, with a code and what to do.

import type { Locator } from "@playwright/test";
import { readFileSync } from "node:fs";
import { expect, test } from "./desk.ts";
import { ASSIGNED, comeBack, fetchRequest, handOver, lookAtAmp, openPage, openTreasury, prepare, readCoins, step } from "./steps.ts";

/** The refusal that a field is described by: its code, and that it says what to do. */
async function refused(field: Locator, code: string | RegExp): Promise<void> {
  const quick = { timeout: 500 };
  // All at once: an earlier refusal is removed before the next one appears.
  await expect(async () => {
    await expect(field).toHaveAttribute("aria-invalid", "true", quick);
    const described = (await field.getAttribute("aria-describedby")) ?? "";
    const ids = described.split(" ").map((id) => `[id="${id}"]`);
    const alert = field.page().locator(ids.join(",")).and(field.page().getByRole("alert"));
    await expect(alert.locator(".code")).toHaveText(code, quick);
    await expect(alert.locator(".hint")).not.toBeEmpty(quick);
  }).toPass({ timeout: 20_000 });
}

test("a descriptor that is none, or of another network", async ({ page, desk }) => {
  await openPage(page, desk);
  const treasury = step(page, "Treasury");
  const field = treasury.getByLabel("CT descriptor");
  const open = treasury.getByRole("button", { name: "Open the treasury" });
  const liquid = ["--keystore", "liquid.age", "--passphrase-file", "passphrase"];
  desk.coldamp("key", "restore", ...liquid, "--network", "liquid", "--mnemonic-file", "words", "--no-policy");
  for (const [text, code] of [
    ["ct(slip77(00),elwpkh(x))", "DESCRIPTOR"],
    [desk.descriptor.replace(/.$/, (last) => (last === "q" ? "p" : "q")), "DESCRIPTOR"],
    [desk.coldamp("key", "watch", ...liquid).trim(), "NETWORK"],
  ] as const) {
    await field.fill(text);
    await open.click();
    await refused(field, code);
  }
});

test("a request that was altered on its way", async ({ page, desk }) => {
  const asset = desk.assets[0]!;
  desk.online("request", "burn", "--asset", asset.uuid, "--amount", "1000", "--descriptor", "treasury.descriptor", "--network", "regtest", "--esplora", desk.esplora, "--amp", desk.amp, "--amp-credentials", desk.login(), "-o", "honest.json");
  const honest = desk.read("honest.json");
  await openPage(page, desk);
  await openTreasury(page, desk.descriptor);
  const field = step(page, "Request").getByLabel("Request file");
  for (const [what, text, code] of [
    ["cut", honest.slice(0, -9), "PARSE"],
    ["a key twice", honest.replace("{", '{"command": "reissue", '), /JSON_SHAPE|PARSE/],
    ["another host", honest.replace(/http:\/\/127.0.0.1/, "https://attacker.example"), "HOST"],
    ["a ninth decimal", honest.replace("1e-05", "0.000010001"), "AMOUNT_SYNTAX"],
  ] as const) {
    expect(text, what).not.toBe(honest);
    await field.setInputFiles(desk.write("altered.json", text));
    await refused(field, code);
  }
  await field.setInputFiles(desk.path("honest.json"));
  await expect(step(page, "Request").getByRole("button", { name: "Take another request" })).toBeVisible();
});

test("a wrong password and a wrong total, before anything is made at AMP", async ({ page, desk }) => {
  await openPage(page, desk);
  await openTreasury(page, desk.descriptor);
  const request = step(page, "Request");
  await request.getByRole("radio", { name: "Ask AMP for it" }).check();
  await request.getByLabel("Asset at AMP").fill(desk.assets[0]!.uuid);
  await request.getByLabel("AMP user").fill("issuer");
  await request.getByLabel("AMP password").fill("wrong");
  await request.getByRole("button", { name: "Ask this host what there is" }).click();
  await expect(request.getByRole("alert").locator(".code")).toHaveText("AMP_CREDENTIALS");

  await lookAtAmp(page, "distribute", desk.assets[0]!, ASSIGNED);
  const total = request.getByLabel("Type the total in base units");
  await total.fill("18750000001");
  const make = request.getByRole("button", { name: "Make the distribution at AMP" });
  await refused(total, "TOTAL_DIFFERS");
  await expect(make).toBeDisabled();
  await total.fill("18,750,000,000");
  await refused(total, "TOTAL_DIFFERS");
  await expect(request.getByRole("alert")).toContainText("without point or comma");
  await expect(make).toBeDisabled();
  await total.fill("18 750 000 000");
  await expect(make).toBeEnabled();
  // Nothing was made: every assignment still waits for a distribution.
  const waiting = desk.online("request", "distribute", "--asset", desk.assets[0]!.uuid, "--expect-total", ASSIGNED, "--descriptor", "treasury.descriptor", "--network", "regtest", "--esplora", desk.esplora, "--amp", desk.amp, "--amp-credentials", desk.login(), "-o", "cli.json");
  expect(waiting).not.toBe("");
});

test("a chain source that does not answer can be tried again", async ({ page, desk }) => {
  await openPage(page, desk);
  await openTreasury(page, desk.descriptor);
  await desk.steer("faults", { rules: [{ path: "/esplora/", fault: { kind: "status", status: 400, acted: false } }] });
  await lookAtAmp(page, "burn", desk.assets[0]!, "1000");
  const request = step(page, "Request");
  await expect(request.getByRole("alert").locator(".code")).toHaveText(/^ESPLORA/);
  await desk.steer("faults", { rules: [] });
  await request.getByRole("button", { name: "Try again" }).click();
  await expect(request.getByRole("button", { name: "Ask AMP for the request" })).toBeVisible();
});

test("a signed file that is not what the PSET becomes is not sent", async ({ page, desk }) => {
  await openPage(page, desk);
  await openTreasury(page, desk.descriptor);
  const download = await fetchRequest(page, "distribute", desk.assets[0]!, ASSIGNED);
  await readCoins(page);
  await prepare(page);
  await handOver(page, desk, "page.pset");
  const { path } = desk.sign("page.pset", "signed.json");
  const honest = desk.read("signed.json");
  const back = step(page, "Coming back");
  // Another amount blinder of a recipient: AMP could not open that output.
  const blinder = /"amountblinder": "([0-9a-f]{64})"/i.exec(honest) ?? /"amount_blinder": "([0-9a-f]{64})"/i.exec(honest);
  expect(blinder).not.toBeNull();
  const other = honest.replace(blinder![1]!, `${"0".repeat(63)}1`);
  await back.getByLabel("Signed file", { exact: true }).setInputFiles(desk.write("forged.json", Buffer.from(other)));
  await refused(back.getByLabel("Signed file", { exact: true }), "PAYLOAD");
  // A file of another job, which the page knows.
  desk.online("request", "burn", "--asset", desk.assets[1]!.uuid, "--amount", "1000", "--descriptor", "treasury.descriptor", "--network", "regtest", "--esplora", desk.esplora, "--amp", desk.amp, "--amp-credentials", desk.login(), "-o", "burn.json");
  desk.online("prepare", "burn.json", "--descriptor", "treasury.descriptor", "--network", "regtest", "--esplora", desk.esplora, "-o", "burn.pset");
  await comeBack(page, desk.sign("burn.pset", "burn.signed.json").path);
  const told = back.getByRole("alert");
  await expect(told.locator(".code")).toHaveText("SIGNED_DIFFERS");
  await expect(told).toContainText(/this is another job’s signed file: it is of a burn of asset \S+, the PSET is of distribution/);
  await back.getByRole("button", { name: "Take another signed file" }).click();
  // The same request prepared for another fee: a file that opens and verifies, and is not what this page handed over.
  desk.write("request.json", readFileSync(await download.path()));
  desk.online("prepare", "request.json", "--descriptor", "treasury.descriptor", "--network", "regtest", "--esplora", desk.esplora, "--fee-rate", "150", "-o", "dearer.pset");
  const send = back.getByRole("button", { name: "Ask these hosts and broadcast" });
  await comeBack(page, desk.sign("dearer.pset", "dearer.json").path);
  await expect(back.getByRole("alert").locator(".code")).toHaveText("SIGNED_DIFFERS");
  await expect(send).toBeHidden();
  await back.getByRole("button", { name: "Take another signed file" }).click();
  await comeBack(page, path);
  await expect(send).toBeVisible();
});
