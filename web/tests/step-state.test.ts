import assert from "node:assert/strict";
import { test } from "node:test";
import { type Desk, EMPTY } from "../src/desk.ts";
import { stepStates } from "../src/step-state.ts";

const thing = { handle: 1, view: {} };
const approved = { review: { approval: "CODE" } };
const refused = { review: { approval: null } };
const desk = (change: object) => ({ ...EMPTY, ...change }) as unknown as Desk;

/** What is on the desk, and the state of the six steps then. */
const CASES: readonly (readonly [string, object, string])[] = [
  ["nothing", {}, "now later later later later later"],
  ["a treasury", { treasury: thing }, "done now later later later open"],
  ["coins that were read before the request came", { treasury: thing, coins: thing }, "done now later later later open"],
  ["a request", { treasury: thing, request: thing }, "done done now later later open"],
  ["request and coins", { treasury: thing, request: thing, coins: thing }, "done done done now later open"],
  [
    "a PSET that may be signed",
    { treasury: thing, request: thing, coins: thing, prepared: approved },
    "done done done done now open",
  ],
  [
    "a PSET that may not",
    { treasury: thing, request: thing, coins: thing, prepared: refused },
    "done done done now later open",
  ],
  [
    "a signed file",
    { treasury: thing, request: thing, coins: thing, prepared: approved, signed: thing },
    "done done done done done now",
  ],
  ["a signed file on another day", { treasury: thing, signed: thing }, "done open later later later now"],
  [
    "a report",
    { treasury: thing, request: thing, coins: thing, prepared: approved, signed: thing, reported: true },
    "done done done done done done",
  ],
  ["a report on another day", { treasury: thing, signed: thing, reported: true }, "done now later later later done"],
];

test("exactly one step is the current one, until everything is done", () => {
  for (const [what, change, expected] of CASES) {
    const { treasury, request, coins, review, handover, back } = stepStates(desk(change));
    const found = [treasury, request, coins, review, handover, back];
    assert.equal(found.join(" "), expected, what);
    const current = found.filter((state) => state === "now").length;
    assert.equal(current, found.every((state) => state === "done") ? 0 : 1, what);
  }
});
