// Signing keys that are entered are removed from every field, and the page shows a warning.

import type { Page } from "@playwright/test";
import { expect, test, watch } from "./desk.ts";
import { lookAtAmp, openPage, openTreasury, step } from "./steps.ts";

const WORDS = "legal winner thank year wave sausage worth useful legal winner thank yellow";
const XPRV = "tprv8ZgxMBicQKsPe5YMU9gHen4Ez3ApihUfykaqUorj9t6FDqy3nP6eoXiAo2ssvpAjoLroQxHqr3R5nE3a5dU3DHTjTgJDd7zrbniJr6nrCzd";

/** Told, and nowhere left; the alarm is closed as one closes it. */
async function alarm(page: Page, where: string | RegExp): Promise<void> {
  const dialog = page.getByRole("alertdialog");
  await expect(dialog).toContainText("KEYS_EXPOSED");
  await expect(dialog).toContainText(where);
  await expect(dialog).toContainText("coldamp key new");
  const left = await page.evaluate(() => {
    const fields = [...document.querySelectorAll("input, textarea")] as (HTMLInputElement | HTMLTextAreaElement)[];
    return document.documentElement.outerHTML + fields.map(({ value }) => value).join(" ") + JSON.stringify({ ...localStorage, ...sessionStorage });
  });
  expect(left).not.toMatch(/sausage|tprv8Zgx/);
  await dialog.getByRole("button", { name: "I have read this" }).click();
  await expect(dialog).toBeHidden();
}

test("words and keys in any text field are taken out of it and told", async ({ page, desk }) => {
  const watched = watch(page);
  await openPage(page, desk);
  const treasury = step(page, "Treasury");
  const field = treasury.getByLabel("CT descriptor");
  // Pasted, it never gets into the field; nor does typing it word by word leave it there.
  await field.evaluate((field, text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    field.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }, WORDS);
  await alarm(page, "CT descriptor");
  await expect(field).toHaveValue("");
  // Somebody who types on must not press the button of the warning with the space bar.
  await field.pressSequentially(`${WORDS} and more `);
  await alarm(page, "CT descriptor");
  await field.press("ControlOrMeta+z");
  await expect(field).not.toHaveValue(/winner|thank/);
  await field.clear();
  await field.pressSequentially("nonsense");
  await expect(field).toHaveValue("nonsense");
  for (const secret of [WORDS, XPRV, `wpkh(${XPRV}/84h/1h/0h/<0;1>/*)`]) {
    await field.fill(secret);
    await alarm(page, "CT descriptor");
    await expect(field).toHaveValue("");
  }

  // Keys that come before the browser has told the page of the closed dialog have a warning of their own.
  await field.fill(XPRV);
  await expect(page.getByRole("alertdialog")).toContainText("extended private key");
  await field.evaluate((field: HTMLTextAreaElement, words) => {
    document.querySelector<HTMLButtonElement>("dialog.exposed button")!.click();
    field.value = words;
    field.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }, WORDS);
  await expect(page.getByRole("alertdialog")).toContainText("backup words");
  await alarm(page, "CT descriptor");

  // The other fields of the page, one of each kind.
  await openTreasury(page, desk.descriptor);
  const request = step(page, "Request");
  await request.getByText("Paste it instead").click();
  await request.getByLabel("Pasted text").fill(`{"mnemonic": "${WORDS}"}`);
  await alarm(page, "Pasted text");
  await request.getByRole("radio", { name: "Ask AMP for it" }).check();
  for (const label of ["AMP password", "AMP user", "Asset at AMP"]) {
    await request.getByLabel(label).fill(WORDS);
    await alarm(page, label);
    await expect(request.getByLabel(label)).toHaveValue("");
  }
  await lookAtAmp(page, "burn", desk.assets[0]!, "1000");
  const asked = watched.requests.filter((url) => /sausage|tprv/.test(url));
  expect(asked).toEqual([]);
});

test("a file with keys goes no further than its field, whichever field", async ({ page, desk }) => {
  await openPage(page, desk);
  const treasury = step(page, "Treasury");
  const words = desk.write("backup.txt", WORDS);
  await treasury.getByLabel("Descriptor file").setInputFiles(words);
  await alarm(page, "Descriptor file");
  await expect(treasury.getByLabel("CT descriptor")).toHaveValue("");
  await expect(treasury.getByRole("alert")).toContainText("KEYS_EXPOSED");
  await treasury.getByLabel("Descriptor file").setInputFiles(desk.path("treasury.age"));
  await alarm(page, "keystore");
  await openTreasury(page, desk.descriptor);
  for (const [region, label] of [["Request", "Request file"], ["Coming back", "Signed file"]] as const) {
    const field = step(page, region).getByLabel(label, { exact: true });
    await field.setInputFiles(words);
    await alarm(page, label);
  }
  // Dropped as text on the page, beside every field.
  await step(page, "Request").evaluate((region, text) => {
    const dataTransfer = new DataTransfer();
    dataTransfer.setData("text/plain", text);
    region.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
  }, XPRV);
  await alarm(page, "extended private key");
});
