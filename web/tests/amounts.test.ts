import assert from "node:assert/strict";
import { test } from "node:test";
import { type Names, decimal, grouped, share, shown, sum, units } from "../src/amounts.ts";

const names: Names = { asset: "aa", ticker: "GOLD", precision: 2, token: "bb", policy_asset: "cc" };

test("base units become decimals without a floating number", () => {
  assert.equal(decimal("92562719514", 8), "925.62719514");
  assert.equal(decimal("1", 8), "0.00000001");
  assert.equal(decimal("0", 8), "0.00000000");
  assert.equal(decimal("18446744073709551615", 8), "184467440737.09551615");
  assert.equal(decimal("9007199254740993", 0), "9007199254740993");
});

test("only plain digits up to 2^64 - 1 are base units", () => {
  assert.equal(units("18446744073709551615"), 18446744073709551615n);
  for (const text of ["18446744073709551616", "", "-1", "+1", "1.0", "1e3", " 1", "0x10", "１"]) {
    assert.equal(units(text), null, text);
  }
});

test("grouped digits joined are the number", () => {
  assert.deepEqual(grouped("1234567.00012345"), ["1", "234", "567.00012345"]);
  assert.deepEqual(grouped("123"), ["123"]);
  assert.deepEqual(grouped("123456"), ["123", "456"]);
  for (const number of ["0.5", "1000", "184467440737.09551615"]) assert.equal(grouped(number).join(""), number);
});

test("sums above what a floating number holds are exact", () => {
  assert.equal(sum(["9007199254740993", "9007199254740993", "1"]), "18014398509481987");
});

test("a share is rounded down, and nothing of nothing is nothing", () => {
  assert.equal(share("1", "3", 100), 33);
  assert.equal(share("18446744073709551615", "18446744073709551615", 88), 88);
  assert.equal(share("0", "0", 88), 0);
});

test("ticker and precision stand only with the asset that the contract proves", () => {
  assert.deepEqual(shown("12345", "aa", names), { number: "123.45", unit: "GOLD", proven: true });
  assert.deepEqual(shown("12345", "bb", names), { number: "0.00012345", unit: "", proven: false });
  assert.deepEqual(shown("12345", "cc", names), { number: "12345", unit: "sat", proven: true });
  const noTicker = { ...names, ticker: null };
  assert.deepEqual(shown("12345", "aa", noTicker), { number: "123.45", unit: "units of the asset", proven: true });
  const unproven = { ...names, ticker: null, precision: null };
  assert.deepEqual(shown("12345", "aa", unproven), { number: "0.00012345", unit: "", proven: false });
});
