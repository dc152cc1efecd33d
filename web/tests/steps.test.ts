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
  const recorded = steps.recorded();
  steps.answer(first, null);
  assert.equal(await settled(recorded), false);
  steps.answer(second, null);
  await recorded;
});

test("a step that is lost stops what is sent, until another call begins", async () => {
  const steps = new Steps();
  steps.answer(steps.announce(), "the disk is full");
  await assert.rejects(steps.recorded(), /the disk is full/);
  steps.forgetLost();
  await steps.recorded();
});

test("another call's beginning neither lets a step go that is on its way, nor forgets who waits for it", async () => {
  const steps = new Steps();
  const step = steps.announce();
  const recorded = steps.recorded();
  steps.forgetLost();
  assert.equal(await settled(steps.recorded()), false);
  steps.answer(step, null);
  assert.equal(await settled(recorded), true);
});
