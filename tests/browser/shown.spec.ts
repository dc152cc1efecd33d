// Before every step that cannot be undone, the page shows what it will do: recipients, addresses, amounts.

import { expect, test } from "./desk.ts";
import { ASSIGNED, fetchRequest, handOver, lookAtAmp, openPage, openTreasury, prepare, readCoins, step } from "./steps.ts";

/** What the sandbox assigned, as AMP's API tells it. */
interface Assignment {
  registered_user: number;
  GAID: string;
  amount: number;
}

test("a distribution shows its holders and amounts before it is made", async ({ page, desk }) => {
  const asset = desk.assets[0]!;
  const login = await fetch(`${desk.amp}/user/obtain_token`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ username: "issuer", password: "sandbox" }),
  });
  const { token } = (await login.json()) as { token: string };
  const listed = await fetch(`${desk.amp}/assets/${asset.uuid}/assignments`, { headers: { authorization: `token ${token}` } });
  const assignments = (await listed.json()) as Assignment[];
  expect(assignments.length).toBeGreaterThan(1);
  await openPage(page, desk);
  await openTreasury(page, desk.descriptor);
  await lookAtAmp(page, "distribute", asset, ASSIGNED);
  const request = step(page, "Request");
  await expect(request.getByLabel("Type the total in base units")).toBeVisible();
  const table = request.getByRole("region", { name: "Who would be paid" });
  await expect(table.locator("tbody tr")).toHaveCount(assignments.length);
  for (const [index, { registered_user, GAID, amount }] of assignments.entries()) {
    const row = table.locator("tbody tr").nth(index);
    await expect(row).toContainText(`user ${registered_user}, ${GAID}`);
    await expect(row).toContainText(`${amount} base units`);
    await expect(row).toContainText(/AMP chooses it|el1|Az/);
  }
  await expect(table.locator("tfoot")).toContainText(`${assignments.length} recipients`);
  await expect(table.locator("tfoot")).toContainText(`${ASSIGNED} base units`);
});

test("after a reload, Broadcast shows whom the signed file pays, and what was verified", async ({ page, desk }) => {
  await openPage(page, desk);
  await openTreasury(page, desk.descriptor);
  await fetchRequest(page, "distribute", desk.assets[0]!, ASSIGNED);
  const recipients = step(page, "Request").getByRole("region", { name: "Recipients of the request" });
  await step(page, "Request").getByText("recipients that AMP names").click();
  const paid = await recipients.locator("tbody tr .groups").allTextContents();
  expect(paid.length).toBe(5);
  await readCoins(page);
  await prepare(page);
  // The outputs of the PSET have another order; the recipients keep AMP's, and their numbers.
  const rows = step(page, "Review").getByRole("region", { name: "In numbers" }).locator("tbody tr").filter({ hasText: /recipient \d/ });
  expect(await rows.locator(".groups").allTextContents()).toEqual(paid);
  expect((await rows.allInnerTexts()).map((row) => /recipient (\d)/.exec(row)?.[1])).toEqual(["1", "2", "3", "4", "5"]);
  await handOver(page, desk, "page.pset");
  const signed = desk.sign("page.pset", "signed.json");
  await page.reload();
  await openTreasury(page, desk.descriptor);
  const back = step(page, "Coming back");
  await back.getByLabel("Signed file", { exact: true }).setInputFiles(signed.path);
  // Until the signed file is read, the field of the same name is that of the parts of several signers.
  await expect(back.getByRole("button", { name: "Compare with the PSET that was handed over" })).toBeVisible();
  await back.getByLabel("PSET that was handed over", { exact: true }).setInputFiles(desk.path("page.pset"));
  await back.getByRole("button", { name: "Compare with the PSET that was handed over" }).click();
  const sent = back.getByRole("region", { name: "What is sent" });
  await expect(sent).toContainText("DISTRIBUTE 187.50000000 PLAIN to 5 recipients");
  const table = sent.getByRole("region", { name: "Who is paid" });
  const shown = await table.locator("tbody tr .groups").allTextContents();
  expect(shown).toEqual(paid);
  await expect(table.locator("tfoot")).toContainText("5 recipients");
  await expect(table.locator("tfoot")).toContainText(`${ASSIGNED} base units`);
  await expect(sent).toContainText(/Fee\s*\d+ sat/);
  await expect(back).toContainText(`Compared with page.pset`);
  // It is above the button that sends.
  const [above, below] = await Promise.all([sent.boundingBox(), back.getByRole("button", { name: "Ask these hosts and broadcast" }).boundingBox()]);
  expect(above!.y + above!.height).toBeLessThanOrEqual(below!.y);
});
