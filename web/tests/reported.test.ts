import assert from "node:assert/strict";
import { test } from "node:test";
import { isDone } from "../src/reported.ts";

test("a job is done when AMP has the report and its record says nothing else", () => {
  assert.ok(isDone({ posted: "now", differences: null }));
  assert.ok(isDone({ posted: "now", differences: [] }));
  assert.ok(isDone({ posted: "before", differences: [] }));
  assert.ok(!isDone({ posted: "now", differences: ["output 1: AMP misses its asset blinder"] }));
  assert.ok(!isDone({ posted: "before", differences: ["output 1: AMP does not list it"] }));
});

test("what only the log says is not done", () => {
  assert.ok(!isDone({ posted: "by_log_alone", differences: null }));
  assert.ok(!isDone({ posted: "by_log_alone", differences: [] }));
});
