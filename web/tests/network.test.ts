import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { Guard, type Traffic, close, limited, originOf } from "../src/network.ts";
import { readServed } from "../src/served.ts";

const nothing = () => Promise.resolve();

function guarded(stepsKept: () => Promise<void> = nothing) {
  const requests: Request[] = [];
  const told: Traffic[] = [];
  const send = (request: Request) => {
    requests.push(request);
    return Promise.resolve(new Response("ok"));
  };
  return { guard: new Guard(send, stepsKept, (traffic) => told.push(traffic)), requests, told };
}

test("a request to a host that was not confirmed does not leave", async () => {
  const { guard, requests, told } = guarded();
  guard.allow("https://a.example");
  for (const address of [
    "https://b.example/x",
    "https://a.example.org/x",
    "https://a.example:8443/x",
    "http://a.example/x",
  ]) {
    await assert.rejects(guard.fetch(address), { name: "AbortError" }, address);
  }
  // Such an address is no request at all, to any browser.
  await assert.rejects(guard.fetch("https://a.example@b.example/x"), TypeError);
  assert.equal(requests.length, 0);
  assert.deepEqual(told.at(-1), { asked: {}, refused: 4 });
});

test("a confirmed host is asked without cookies, referrer, cache or redirects, and counted", async () => {
  const { guard, requests, told } = guarded();
  guard.allow("https://a.example");
  await guard.fetch("https://a.example/one", { credentials: "include", redirect: "follow", cache: "force-cache" });
  const body = new Request("https://a.example/two", { method: "POST", body: "{}", headers: { authorization: "token x" } });
  await guard.fetch(body);
  const [first, second] = requests;
  assert.ok(first && second);
  for (const { credentials, redirect, cache, referrerPolicy } of [first, second]) {
    assert.deepEqual([credentials, redirect, cache, referrerPolicy], ["omit", "error", "no-store", "no-referrer"]);
  }
  assert.equal(await second.text(), "{}");
  assert.equal(second.headers.get("authorization"), "token x");
  assert.deepEqual(told.at(-1)?.asked, { "https://a.example": { answered: 2, unanswered: 0 } });
});

test("only https and this machine can be confirmed", () => {
  const { guard } = guarded();
  for (const origin of ["http://a.example", "https://a.example/path", "file://", "ftp://127.0.0.1", "null", ""]) {
    assert.throws(() => guard.allow(origin), TypeError, origin);
  }
  guard.allow("http://127.0.0.1:8480");
});

test("cut, the network refuses everything and ends what is under way, until it is mended", async () => {
  const { guard, requests } = guarded();
  guard.allow("https://a.example");
  await guard.fetch("https://a.example/one");
  guard.cut();
  assert.equal(requests[0]?.signal.aborted, true);
  await assert.rejects(guard.fetch("https://a.example/two"), { name: "AbortError" });
  assert.equal(requests.length, 1);
  guard.mend();
  await guard.fetch("https://a.example/three");
  assert.equal(requests.length, 2);
});

test("a call that waited for its turn when the network was cut sends nothing after it is mended", async () => {
  let current = 1;
  const requests: string[] = [];
  const send = (request: Request) => {
    requests.push(request.url);
    return Promise.resolve(new Response("ok"));
  };
  const guard = new Guard(send, nothing, () => undefined, () => current);
  guard.allow("https://a.example");
  guard.begin(1);
  await guard.fetch("https://a.example/look");
  // Another one that has asked for nothing yet.
  guard.begin(2);
  guard.cut();
  guard.mend();
  guard.begin(3);
  for (const waiting of [1, 2]) {
    current = waiting;
    await assert.rejects(guard.fetch("https://a.example/tx"), { name: "AbortError", message: /cut the network/ });
  }
  current = 3;
  await guard.fetch("https://a.example/new");
  assert.deepEqual(requests, ["https://a.example/look", "https://a.example/new"]);
});

test("one call is cancelled and the other goes on", async () => {
  let current = 1;
  const signals = new Map<string, AbortSignal>();
  const send = (request: Request) => {
    signals.set(request.url, request.signal);
    return new Promise<Response>((_, reject) => {
      request.signal.addEventListener("abort", () => reject(request.signal.reason));
    });
  };
  const told: Traffic[] = [];
  const guard = new Guard(send, nothing, (traffic) => told.push(traffic), () => current);
  guard.allow("https://a.example");
  guard.begin(1);
  guard.begin(2);
  const first = guard.fetch("https://a.example/first");
  current = 2;
  void guard.fetch("https://a.example/second");
  await new Promise((resume) => setImmediate(resume));
  guard.cancel(1);
  await assert.rejects(first, { name: "AbortError" });
  assert.equal(signals.get("https://a.example/second")?.aborted, false);
  // A further request of the cancelled call does not leave.
  current = 1;
  await assert.rejects(guard.fetch("https://a.example/third"), { name: "AbortError" });
  assert.deepEqual([...signals.keys()], ["https://a.example/first", "https://a.example/second"]);
  assert.deepEqual(told.at(-1), { asked: { "https://a.example": { answered: 0, unanswered: 1 } }, refused: 1 });
});

test("a request without an answer is not counted as answered", async () => {
  const told: Traffic[] = [];
  const blocked = () => Promise.reject(new TypeError("Failed to fetch"));
  const guard = new Guard(blocked, nothing, (traffic) => told.push(traffic));
  guard.allow("https://a.example");
  await assert.rejects(guard.fetch("https://a.example/one"), /Failed to fetch/);
  assert.deepEqual(told.at(-1), { asked: { "https://a.example": { answered: 0, unanswered: 1 } }, refused: 0 });
});

test("a way out is closed on an object and on its prototypes, and what cannot be closed is told", () => {
  const prototype = { open: () => "out" };
  const object: object = Object.create(prototype, { other: { value: 1, configurable: true } });
  close(object, "open");
  close(object, "other");
  close(object, "never there");
  assert.ok(!("open" in object) && !("open" in prototype) && !("other" in object));
  assert.throws(() => close(Object.freeze({ stays: 1 }), "stays"), /does not let the page close stays/);
});

test("nothing leaves before the step is kept, and nothing where it was not", async () => {
  let keep!: () => void;
  const kept = new Promise<void>((resolve) => {
    keep = resolve;
  });
  const waiting = guarded(() => kept);
  waiting.guard.allow("https://a.example");
  const answer = waiting.guard.fetch("https://a.example/create");
  await new Promise((resume) => setImmediate(resume));
  assert.equal(waiting.requests.length, 0);
  keep();
  await answer;
  assert.equal(waiting.requests.length, 1);

  const lost = guarded(() => Promise.reject(new Error("the disk is full")));
  lost.guard.allow("https://a.example");
  const refused = { name: "AbortError", message: "the disk is full" };
  await assert.rejects(lost.guard.fetch("https://a.example/create"), refused);
  assert.equal(lost.requests.length, 0);
});

test("an address with a user, or of another scheme, has no origin here", () => {
  assert.equal(originOf("https://a.example/api"), "https://a.example");
  assert.equal(originOf("http://127.0.0.1:8480/esplora"), "http://127.0.0.1:8480");
  for (const address of ["https://me:secret@a.example/", "http://localhost:1/", "http://127.0.0.1.a.example/", "x", ""]) {
    assert.equal(originOf(address), null, address);
  }
});

test("serve.json names paths of the page's own origin, or it is not believed", () => {
  const page = "http://127.0.0.1:8480/";
  const upstream = { esplora_upstream: "https://esplora.example/api", amp_upstream: "https://amp.example/api" };
  const paths = { esplora: "/esplora", amp: "/api" };
  const told = { network: "regtest", ...paths, ...upstream, proxied: true, version: "0.1.0" };
  assert.deepEqual(readServed(told, page), {
    network: "regtest",
    esplora: "http://127.0.0.1:8480/esplora",
    amp: "http://127.0.0.1:8480/api",
    ...upstream,
    version: "0.1.0",
  });
  for (const odd of [
    { ...told, amp: "https://amp.example/api" },
    { ...told, amp: "//amp.example/api" },
    { ...told, esplora: "" },
    { ...told, proxied: false },
    { ...told, network: 1 },
    { ...told, esplora_upstream: undefined },
    { ...told, amp_upstream: "" },
    { ...told, amp_upstream: "javascript:alert(1)" },
    null,
    "regtest",
  ]) {
    assert.equal(readServed(odd, page), null);
  }
});

test("no other file of the page sends anything", () => {
  // Compiled, this test is in .test/tests; the sources are two folders up.
  const source = new URL("../../src/", import.meta.url);
  const files = readdirSync(source, { recursive: true, encoding: "utf8" }).filter((name) => /\.tsx?$/.test(name));
  assert.ok(files.length > 30, `${files.length} files`);
  const sends =
    /\bfetch\b|XMLHttpRequest|WebSocket|WebTransport|EventSource|sendBeacon|importScripts|\bcaches\b|FontFace|RTCPeerConnection|\.cookie\b|https?:\/\/(?!127)[a-z]/;
  const found = files.filter((name) => sends.test(readFileSync(new URL(name, source), "utf8")));
  assert.deepEqual(found, ["network.ts"]);
});

test("an answer that grows too long ends there, and one of the right size comes whole under its own address", async () => {
  const answer = () => new Response(new Uint8Array([1, 2, 3]));
  const whole = limited(answer(), 3);
  assert.deepEqual([...new Uint8Array(await whole.arrayBuffer())], [1, 2, 3]);
  await assert.rejects(limited(answer(), 2).arrayBuffer(), /more than 2 bytes/);
  const empty = new Response(null, { status: 204 });
  assert.equal(limited(empty, 1), empty);
});
