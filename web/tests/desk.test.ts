import assert from "node:assert/strict";
import { test } from "node:test";
import { type Desk, EMPTY, type Prepared, type TheCoins, type TheRequest, USUAL, reduce } from "../src/desk.ts";

const ASSET = "aa".repeat(32);
// The desk looks at handles and assets alone.
const treasury = (handle: number) => ({ handle, view: {} }) as unknown as NonNullable<Desk["treasury"]>;
const request = (handle: number, asset = ASSET) => ({ handle, view: { asset }, name: "" }) as unknown as TheRequest;
const coins = (handle: number, asset = ASSET) => ({ handle, asset }) as unknown as TheCoins;
const prepared = (handle: number) => ({ handle }) as unknown as Prepared;
const signed = (handle: number) => ({ handle, view: {} }) as unknown as NonNullable<Desk["signed"]>;

const opened = reduce(EMPTY, { did: "treasury", treasury: treasury(1) });
const asked = reduce(opened, { did: "request", request: request(2), from: [1] });
const read = reduce(asked, { did: "coins", coins: coins(3), from: [1] });

test("each thing comes onto the desk from what is there", () => {
  const made = reduce(read, { did: "prepared", prepared: prepared(4), from: [3, 2] });
  assert.deepEqual([made.request?.handle, made.coins?.handle, made.prepared?.handle], [2, 3, 4]);
});

test("coins and requests of a treasury that was changed meanwhile are not taken for the new one's", () => {
  const other = reduce(opened, { did: "treasury", treasury: treasury(9) });
  assert.equal(reduce(other, { did: "coins", coins: coins(3), from: [1] }), other);
  assert.equal(reduce(other, { did: "request", request: request(2), from: [1] }), other);
});

test("coins that were read for another asset than the request's are not taken", () => {
  const other = reduce(asked, { did: "request", request: request(5, "bb".repeat(32)), from: [1] });
  assert.equal(reduce(other, { did: "coins", coins: coins(3), from: [1] }), other);
});

test("a PSET of the request before, or of coins that were read again, is not taken", () => {
  const other = reduce(read, { did: "request", request: request(5), from: [1] });
  assert.equal(other.coins?.handle, 3);
  assert.equal(reduce(other, { did: "prepared", prepared: prepared(4), from: [3, 2] }), other);
  const again = reduce(read, { did: "coins", coins: coins(6), from: [1] });
  assert.equal(reduce(again, { did: "prepared", prepared: prepared(4), from: [3, 2] }), again);
});

test("the report of one signed file does not stand for another", () => {
  const first = reduce(opened, { did: "signed", signed: signed(7) });
  assert.equal(reduce(first, { did: "reported", from: [7] }).reported, true);
  const second = reduce(first, { did: "signed", signed: signed(8) });
  assert.equal(reduce(second, { did: "reported", from: [7] }).reported, false);
});

test("what was chosen stays while the request does, and goes with it", () => {
  const chosen = reduce(read, { did: "chosen", chosen: { rate: "150", basis: "full" } });
  const made = reduce(chosen, { did: "prepared", prepared: prepared(4), from: [3, 2] });
  const otherwise = reduce(made, { did: "prepared", prepared: null });
  const again = reduce(reduce(otherwise, { did: "coins", coins: null }), { did: "coins", coins: coins(6), from: [1] });
  assert.deepEqual([again.chosen.rate, again.chosen.basis], ["150", "full"]);
  const next = reduce(again, { did: "request", request: request(5), from: [1] });
  assert.deepEqual(next.chosen, USUAL);
});

test("keys that were exposed are told until somebody has read it, whatever else happens", () => {
  const failure = { code: "KEYS_EXPOSED", message: "m", hint: "h" };
  const exposed = reduce(read, { did: "exposed", failure });
  assert.equal(reduce(exposed, { did: "treasury", treasury: null }).exposed, failure);
  assert.equal(reduce(exposed, { did: "read exposed", failure }).exposed, null);
});
