import assert from "node:assert/strict";
import { test } from "node:test";
import { withoutBlanks, wrongTotal } from "../src/steps/request/total.ts";

const TOTAL = "18750000000";

test("the total may be typed with blanks, and half of it is not wrong yet", () => {
  for (const typed of ["", "1", "18 750", "18 750 000 000", "18\u202f750\u202f000\u202f000", TOTAL]) {
    assert.equal(wrongTotal(typed, TOTAL), null, typed);
  }
  assert.equal(withoutBlanks("18 750\u202f000 000"), TOTAL);
});

test("another number, AMP's number and a number with a comma are told apart", () => {
  for (const [typed, words] of [
    ["18750000001", /another number/],
    ["187500000000", /another number/],
    ["18,750,000,000", /without point or comma: AMP’s 187\.50000000/],
    ["187.5", /without point or comma/],
    ["1.875e10", /without point or comma/],
  ] as const) {
    const failure = wrongTotal(typed, TOTAL);
    assert.equal(failure?.code, "TOTAL_DIFFERS", typed);
    assert.match(failure.message, words, typed);
  }
  assert.match(wrongTotal("25", "2500000000")?.message ?? "no failure yet", /no failure yet/);
  assert.match(wrongTotal("187", "18000000000")?.message ?? "", /another number/);
});
