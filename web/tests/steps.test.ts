import assert from "node:assert/strict";
import { test } from "node:test";
import { Steps } from "../src/engine/steps.ts";

/** Whether a promise is settled after everything that is ready has run. */
async function settled(promise: Promise<void>): Promise<boolean> {
  let done = false;
  promise.then(
    () => (done = true),
    () => (done = true),
  );
  await new Promise((resume) => setImmediate(resume));
  return done;
}

test("what is sent waits for every step to be kept", async () => {
  const steps = new Steps();
  const [first, second] = [steps.announce(), steps.announce()];
  const kept = steps.stepsKept();
  steps.answer(first, null);
  assert.equal(await settled(kept), false);
  steps.answer(second, null);
  await kept;
});

test("a step that is lost stops what is sent, until another call begins", async () => {
  const steps = new Steps();
  steps.answer(steps.announce(), "the disk is full");
  await assert.rejects(steps.stepsKept(), /the disk is full/);
  steps.forgetLost();
  await steps.stepsKept();
});

test("another call's beginning neither lets a step go that is on its way, nor forgets who waits for it", async () => {
  const steps = new Steps();
  const step = steps.announce();
  const kept = steps.stepsKept();
  steps.forgetLost();
  assert.equal(await settled(steps.stepsKept()), false);
  steps.answer(step, null);
  assert.equal(await settled(kept), true);
});
