import assert from "node:assert/strict";
import { test } from "node:test";
import { unanswered } from "../src/last-step.ts";

test("a step whose answer is missing is found, and only where it is the last one", () => {
  const of = '{"step":"of","sha256":"00"}\n';
  for (const [log, expected] of [
    ["", null],
    [of, null],
    [`${of}{"step":"sending"}\n`, "sending"],
    [`${of}{"step":"sending"}\n{"step":"sent"}\n`, null],
    [`${of}{"step":"sent"}\n{"step":"posting"}\n`, "posting"],
    [`${of}{"step":"posting"}\n{"step":"accepted","by":"answer"}\n`, null],
    [`${of}{"step":"posting"}\n{"step":"refused","status":400}\n`, null],
    ["null\n", null],
    ["no JSON\n", null],
  ] as const) {
    assert.equal(unanswered(log), expected, log);
  }
});
