// The requests of the page: none before the operator agrees, none to other hosts. And nothing is kept unless it is ticked.

import { expect, test, watch } from "./desk.ts";
import { ASSIGNED, fetchRequest, openPage, openTreasury, prepare, readCoins, step } from "./steps.ts";

test("before the first button that says so, nobody is asked but for the page's own files", async ({ page, desk }) => {
  const watched = watch(page);
  await openPage(page, desk);
  await openTreasury(page, desk.descriptor);
  const request = step(page, "Request");
  await request.getByRole("radio", { name: "Ask AMP for it" }).check();
  await expect(request.getByRole("list", { name: "Hosts that will be asked" })).toContainText(new URL(desk.amp).host);
  await expect(request.getByText("The requests go through coldamp-online serve")).toContainText(new URL(desk.page).host);
  const asked = watched.requests.map((url) => new URL(url)).filter((url) => url.protocol === "http:");
  expect(asked.length).toBeGreaterThan(2);
  for (const url of asked) {
    expect(url.origin).toBe(new URL(desk.page).origin);
    expect(url.pathname).not.toMatch(/^\/(esplora|api)\//);
  }
});

test("no cookie, nothing in the browser's stores, and no request to anywhere else", async ({ page, desk }) => {
  const watched = watch(page);
  await openPage(page, desk);
  await openTreasury(page, desk.descriptor);
  await fetchRequest(page, "distribute", desk.assets[0]!, ASSIGNED);
  await readCoins(page);
  await prepare(page);
  const origin = new URL(desk.page).origin;
  const own = (url: string) => url.startsWith(`${origin}/`) || url.startsWith(`blob:${origin}/`) || url.startsWith("data:");
  expect(watched.requests.filter((url) => !own(url))).toEqual([]);
  expect(await page.context().cookies()).toEqual([]);
  const kept = await page.evaluate(async () => {
    const databases = await indexedDB.databases();
    return { local: { ...localStorage }, session: { ...sessionStorage }, databases, caches: await caches.keys() };
  });
  expect(kept).toEqual({ local: {}, session: {}, databases: [], caches: [] });
  expect(watched.complaints).toEqual([]);
});

test("what is remembered when it is ticked holds no password and no descriptor, and goes when it is unticked", async ({ page, desk }) => {
  await openPage(page, desk);
  const treasury = step(page, "Treasury");
  await treasury.getByRole("checkbox", { name: "Remember on this computer" }).check();
  await openTreasury(page, desk.descriptor);
  await fetchRequest(page, "distribute", desk.assets[0]!, ASSIGNED);
  await readCoins(page);
  await prepare(page);
  const kept = await page.evaluate(() => JSON.stringify({ ...localStorage }));
  expect(kept.length).toBeGreaterThan(50);
  expect(kept).not.toContain("sandbox");
  expect(kept).not.toContain("slip77");
  await treasury.getByRole("button", { name: "Take another treasury" }).click();
  await treasury.getByRole("checkbox", { name: "Remember on this computer" }).uncheck();
  await expect.poll(() => page.evaluate(() => localStorage.length)).toBe(0);
});

test("the page is there, and says what it waits for, while its WASM is not", async ({ page, desk }) => {
  // It never arrives.
  await page.route(/\.wasm$/, () => {});
  await openPage(page, desk);
  const treasury = step(page, "Treasury");
  await treasury.getByLabel("CT descriptor").fill(desk.descriptor);
  await treasury.getByRole("button", { name: "Open the treasury" }).click();
  await expect(treasury.getByRole("button", { name: "The engine is loading…" })).toBeDisabled();
});

test("a WASM that cannot be loaded is told", async ({ page, desk }) => {
  await page.route(/\.wasm$/, (route) => route.fulfill({ status: 200, contentType: "application/wasm", body: "no wasm" }));
  await openPage(page, desk);
  await expect(page.getByRole("alert").first()).toContainText(/engine/i);
});
