import assert from "node:assert/strict";
import { test } from "node:test";
import { type Locks, alone } from "../src/locks.ts";

/** The locks of one origin, for two tabs. */
class Shared {
  readonly #held = new Set<string>();

  readonly locks = {
    request: async (name: string, _: LockOptions, work: (lock: Lock | null) => unknown) => {
      if (this.#held.has(name)) return work(null);
      this.#held.add(name);
      try {
        return await work({ name, mode: "exclusive" });
      } finally {
        this.#held.delete(name);
      }
    },
  } as unknown as Locks;
}

test("while one tab is at work with a treasury the other is refused, and may go on afterwards", async () => {
  const { locks } = new Shared();
  let finish!: (value: string) => void;
  const first = alone("ert1a", () => new Promise<string>((resolve) => (finish = resolve)), locks);
  let ran = false;
  const second = () =>
    alone("ert1a", () => {
      ran = true;
      return Promise.resolve("second");
    }, locks);
  await assert.rejects(second(), { code: "LOG_BUSY" });
  assert.equal(ran, false);
  assert.equal(await alone("ert1b", () => Promise.resolve("another treasury"), locks), "another treasury");
  finish("first");
  assert.equal(await first, "first");
  assert.equal(await second(), "second");
});

test("where the browser has no locks, or refuses one, nothing is run", async () => {
  const work = () => Promise.reject(new Error("it ran"));
  await assert.rejects(alone("ert1a", work, null), { code: "NO_LOCKS" });
  const refuses = { request: () => Promise.reject(new DOMException("opaque origin", "SecurityError")) };
  await assert.rejects(alone("ert1a", work, refuses as unknown as Locks), { code: "NO_LOCKS" });
});

test("what the work throws is passed on as it is", async () => {
  const { locks } = new Shared();
  await assert.rejects(alone("ert1a", () => Promise.reject(new Error("AMP refused")), locks), /AMP refused/);
});
