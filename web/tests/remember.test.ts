import assert from "node:assert/strict";
import { test } from "node:test";
import { Remembered, type Store } from "../src/remember.ts";

function store(): Store & { readonly kept: Map<string, string> } {
  const kept = new Map<string, string>();
  return {
    kept,
    get length() {
      return kept.size;
    },
    key: (index) => [...kept.keys()][index] ?? null,
    getItem: (name) => kept.get(name) ?? null,
    setItem: (name, text) => void kept.set(name, text),
    removeItem: (name) => void kept.delete(name),
  };
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
  const [here, there] = [new Remembered(browser), new Remembered(browser)];
  here.keepOnThisComputer(true);
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
  const [here, there] = [new Remembered(browser), new Remembered(browser)];
  here.keepOnThisComputer(true);
  const before = here.record("el1");
  there.keepRecord("el1", "theirs", there.record("el1"));
  assert.throws(() => here.keepRecord("el1", "ours", before), { code: "RECORD_CHANGED" });
  assert.equal(here.record("el1"), "theirs");
  here.keepRecord("el1", "both", here.record("el1"));
  assert.equal(there.record("el1"), "both");
});
