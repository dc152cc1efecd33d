import assert from "node:assert/strict";
import { test } from "node:test";
import { type Heard, Remembered, type Store } from "../src/remember.ts";

/** What the tabs of one browser share; `changes` is what each tab but the one that made it hears. */
function store(): Store & { readonly kept: Map<string, string>; readonly changes: Heard[] } {
  const kept = new Map<string, string>();
  const changes: Heard[] = [];
  return {
    kept,
    changes,
    get length() {
      return kept.size;
    },
    key: (index) => [...kept.keys()][index] ?? null,
    getItem: (name) => kept.get(name) ?? null,
    setItem(name, text) {
      if (kept.get(name) !== text) changes.push({ key: name, newValue: text });
      kept.set(name, text);
    },
    removeItem(name) {
      if (kept.delete(name)) changes.push({ key: name, newValue: null });
    },
  };
}

/** Tells a tab what another one did; whether it is to follow. */
function hears(tab: Remembered, { changes }: { readonly changes: Heard[] }): boolean {
  return changes.splice(0).map((change) => tab.hear(change)).some((follow) => follow);
}

test("unless it was ticked, nothing is stored, and this sitting remembers all the same", () => {
  const browser = store();
  const memory = new Remembered(browser);
  memory.keepRecord("el1", "{}", null);
  memory.addToLog("txid", '{"step":"sending"}');
  assert.equal(browser.kept.size, 0);
  assert.equal(memory.record("el1"), "{}");
  assert.equal(memory.log("txid"), '{"step":"sending"}\n');
  assert.equal(new Remembered(browser).record("el1"), null);
});

test("ticked, it is there the next time; unticked, everything of the page's is removed and nothing else", () => {
  const browser = store();
  browser.setItem("another.page", "stays");
  const memory = new Remembered(browser);
  memory.keepRecord("el1", "{}", null);
  memory.keepOnThisComputer(true);
  memory.addToLog("txid", "one\n");
  memory.addToLog("txid", "two\n");
  const next = new Remembered(browser);
  assert.equal(next.record("el1"), "{}");
  assert.equal(next.log("txid"), "one\ntwo\n");
  memory.keepOnThisComputer(false);
  assert.deepEqual([...browser.kept], [["another.page", "stays"]]);
});

test("what another tab promised meanwhile is seen", () => {
  const browser = store();
  const here = new Remembered(browser);
  here.keepOnThisComputer(true);
  const there = new Remembered(browser);
  here.keepRecord("el1", "first", null);
  there.keepRecord("el1", "second", "first");
  assert.equal(here.record("el1"), "second");
});

test("the descriptor is kept only where it was ticked as well", () => {
  const browser = store();
  const memory = new Remembered(browser);
  memory.keepOnThisComputer(true);
  assert.equal(memory.descriptor, null);
  memory.keepDescriptor({ network: "regtest", text: "ct(…)" });
  assert.deepEqual(new Remembered(browser).descriptor, { network: "regtest", text: "ct(…)" });
  memory.keepDescriptor(null);
  assert.equal(new Remembered(browser).descriptor, null);
});

test("a step that cannot be kept on this computer is told, and not taken for kept", () => {
  const browser = store();
  const memory = new Remembered(browser);
  memory.keepOnThisComputer(true);
  browser.setItem = () => {
    throw new Error("the quota is used up");
  };
  assert.throws(() => memory.addToLog("txid", "one"), /quota/);
  assert.equal(memory.log("txid"), "");
});

test("a record that was made from an older one than another tab's does not take its place", () => {
  const browser = store();
  const here = new Remembered(browser);
  here.keepOnThisComputer(true);
  const there = new Remembered(browser);
  const before = here.record("el1");
  there.keepRecord("el1", "theirs", there.record("el1"));
  assert.throws(() => here.keepRecord("el1", "ours", before), { code: "RECORD_CHANGED" });
  assert.equal(here.record("el1"), "theirs");
  here.keepRecord("el1", "both", here.record("el1"));
  assert.equal(there.record("el1"), "both");
});

test("a tab that knows other records or logs than are kept is not ticked, and nothing is written over", () => {
  for (const of of ["record", "log"] as const) {
    const browser = store();
    const [here, there] = [new Remembered(browser), new Remembered(browser)];
    // Unticked, each tab has its own.
    if (of === "record") here.keepRecord("el1", "job 1", null);
    else here.addToLog("txid", "sent");
    there.keepOnThisComputer(true);
    if (of === "record") there.keepRecord("el1", "job 2", null);
    else there.addToLog("txid", "accepted");
    const kept = [...browser.kept];
    assert.equal(hears(here, browser), true);
    assert.throws(() => here.follow(), { code: "KEPT_OTHERWISE" });
    assert.throws(() => here.keepOnThisComputer(true), { code: "KEPT_OTHERWISE" });
    assert.deepEqual([...browser.kept], kept);
    assert.deepEqual([here.onThisComputer, here.isApart, there.onThisComputer], [false, true, true]);
    // It goes on with its own, and the other tab with what is kept.
    assert.equal(of === "record" ? here.record("el1") : here.log("txid"), of === "record" ? "job 1" : "sent\n");
    assert.equal(of === "record" ? there.record("el1") : there.log("txid"), of === "record" ? "job 2" : "accepted\n");
    here.keepRecord("el2", "another treasury", null);
    assert.deepEqual([...browser.kept], kept);
  }
});

test("the tick of one tab counts in the other, and what both know is kept", () => {
  const browser = store();
  const [here, there] = [new Remembered(browser), new Remembered(browser)];
  here.keepRecord("el1", "job 1", null);
  there.keepOnThisComputer(true);
  there.addToLog("txid", "sent");
  assert.equal(here.onThisComputer, false);
  assert.equal(hears(here, browser), true);
  here.follow();
  assert.equal(here.onThisComputer, true);
  assert.equal(here.log("txid"), "sent\n");
  assert.equal(there.record("el1"), "job 1");
});

test("a tick that was taken back before the other tab could follow is not made again", () => {
  const browser = store();
  const [here, there] = [new Remembered(browser), new Remembered(browser)];
  there.keepOnThisComputer(true);
  assert.equal(hears(here, browser), true);
  there.keepOnThisComputer(false);
  here.follow();
  assert.equal(browser.kept.size, 0);
  assert.equal(here.onThisComputer, false);
});

test("unticked in one tab, the other keeps nothing more on this computer and forgets nothing", () => {
  const browser = store();
  const here = new Remembered(browser);
  here.keepOnThisComputer(true);
  const there = new Remembered(browser);
  here.keepRecord("el1", "job 1", null);
  there.keepRecord("el1", "jobs 1 and 2", "job 1");
  assert.equal(hears(here, browser), false);
  there.keepOnThisComputer(false);
  assert.equal(hears(here, browser), false);
  assert.deepEqual([here.onThisComputer, here.isApart], [false, false]);
  assert.equal(here.record("el1"), "jobs 1 and 2");
  assert.equal(there.record("el1"), "jobs 1 and 2");
  here.addToLog("txid", "sent");
  assert.equal(browser.kept.size, 0);
});

test("a tab that does not know yet that another one unticked writes nothing", () => {
  const browser = store();
  const here = new Remembered(browser);
  here.keepOnThisComputer(true);
  const there = new Remembered(browser);
  there.keepOnThisComputer(false);
  here.keepRecord("el1", "job 1", null);
  assert.equal(browser.kept.size, 0);
  assert.equal(here.record("el1"), "job 1");
});

test("where not everything can be kept, nothing is", () => {
  const browser = store();
  const memory = new Remembered(browser);
  memory.keepRecord("el1", "job 1", null);
  memory.addToLog("txid", "sent");
  const write = browser.setItem;
  browser.setItem = (name, text) => {
    if (name === "coldamp.log.txid") throw new Error("the quota is used up");
    write(name, text);
  };
  assert.throws(() => memory.keepOnThisComputer(true), /quota/);
  assert.equal(browser.kept.size, 0);
  assert.equal(memory.onThisComputer, false);
});
