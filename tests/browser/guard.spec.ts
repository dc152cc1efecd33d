// The guard of the worker: every way by which a script in the worker could load or send something is removed or guarded.
// Each is tried as an injected script would try it. The page's own policy would let these requests pass, since
// they go to the page's own origin: what stops them here is the guard alone.

import { expect, test, watch } from "./desk.ts";
import { openPage, openTreasury } from "./steps.ts";
import { OTHER_WAYS_OUT, OTHER_WAYS_OUT_OF_NAVIGATOR } from "../../web/src/network.ts";

/** What each way out would be used with, as text that is run in the worker; `URL` is where it would send something. */
const ATTEMPTS: Record<string, string> = {
  XMLHttpRequest: "const r = new XMLHttpRequest(); r.open('GET', URL); r.send()",
  WebSocket: "new WebSocket(URL.replace('http', 'ws'))",
  WebSocketStream: "new WebSocketStream(URL.replace('http', 'ws'))",
  WebTransport: "new WebTransport(URL.replace('http', 'https'))",
  EventSource: "new EventSource(URL)",
  BroadcastChannel: "new BroadcastChannel('out').postMessage('secret')",
  RTCPeerConnection: "new RTCPeerConnection()",
  fetchLater: "fetchLater(URL)",
  importScripts: "importScripts(URL)",
  Worker: "new Worker(URL)",
  SharedWorker: "new SharedWorker(URL)",
  caches: "await (await caches.open('out')).add(URL)",
  CacheStorage: "CacheStorage.prototype.open",
  Cache: "Cache.prototype.add",
  FontFace: "await new FontFace('out', `url(${URL})`).load()",
  fonts: "fonts.size",
  Notification: "new Notification('out', { icon: URL })",
  sendBeacon: "navigator.sendBeacon(URL, 'secret')",
  serviceWorker: "await navigator.serviceWorker.register(URL)",
  // Not closed but guarded, wherever it is taken from.
  fetch: "await fetch(URL)",
  "self.fetch": "await self.fetch(URL)",
  "WorkerGlobalScope.prototype.fetch": "await WorkerGlobalScope.prototype.fetch.call(self, URL)",
  "DedicatedWorkerGlobalScope.prototype": "await Object.getPrototypeOf(self).fetch.call(self, URL)",
  "fetch put back": "self.fetch = WorkerGlobalScope.prototype.fetch; await self.fetch(URL)",
  "fetch defined anew":
    "delete self.fetch; Object.defineProperty(self, 'fetch', { value: WorkerGlobalScope.prototype.fetch }); await self.fetch(URL)",
};

test("every way out that the page knows of has an attempt here", () => {
  const known = [...OTHER_WAYS_OUT, ...OTHER_WAYS_OUT_OF_NAVIGATOR];
  expect(known.filter((name) => !(name in ATTEMPTS))).toEqual([]);
});

test("nothing in the worker can send or load past the guard", async ({ page, desk }) => {
  const watched = watch(page);
  await openPage(page, desk);
  await openTreasury(page, desk.descriptor);
  const worker = page.workers()[0]!;
  const address = (name: string) => `${desk.page}esplora/out?${encodeURIComponent(name)}`;
  // That this test sees a request at all: the page itself is not guarded, and asks for one.
  await page.evaluate((url) => fetch(url), address("control"));
  expect(watched.requests).toContain(address("control"));
  for (const [name, text] of Object.entries(ATTEMPTS)) {
    const run = `(async () => { const URL = ${JSON.stringify(address(name))}; ${text}; return "it ran"; })()`;
    const ended = await worker.evaluate(`${run}.catch((thrown) => String(thrown))`);
    expect(ended, name).toMatch(/is not (defined|a constructor|a function)|was not confirmed|undefined|read.only|Cannot/);
  }
  expect(watched.requests.filter((url) => url.includes("/esplora/out?"))).toEqual([address("control")]);
});

test("what the worker imports, and what another page opens, is not passed on to Esplora or AMP", async ({ page, desk }) => {
  await openPage(page, desk);
  await openTreasury(page, desk.descriptor);
  const worker = page.workers()[0]!;
  for (const path of ["esplora/blocks/tip/height", "api/assets", "serve.json"]) {
    const status = page.context().waitForEvent("response", (response) => response.url() === desk.page + path);
    const ended = worker.evaluate(`import(${JSON.stringify(desk.page + path)}).catch((thrown) => String(thrown))`);
    expect((await status).status(), path).toBe(403);
    expect(await ended).toMatch(/TypeError/);
  }
  // A page of another origin that navigates there without a click.
  for (const [path, status] of [["esplora/blocks/tip/height", 403], ["api/assets", 403], ["serve.json", 403], ["", 200]] as const) {
    const other = await page.context().newPage();
    await other.route("http://other.example/", (route) => route.fulfill({ contentType: "text/html", body: "<p>other</p>" }));
    await other.goto("http://other.example/");
    const answered = other.waitForResponse((response) => response.url() === desk.page + path);
    await other.evaluate((url) => void (location.href = url), desk.page + path);
    expect((await answered).status(), path).toBe(status);
    await other.close();
  }
});
