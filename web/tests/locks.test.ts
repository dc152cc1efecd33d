import assert from "node:assert/strict";
import { test } from "node:test";
import { type Locks, alone, whileNobodyWorks } from "../src/locks.ts";

/** The locks of one origin, for two tabs. */
class Shared {
  readonly #held: Lock[] = [];

  readonly locks = {
    request: async (
      name: string,
      { mode = "exclusive", ifAvailable = false }: LockOptions,
      work: (lock: Lock | null) => unknown,
    ) => {
      const taken = () => this.#held.some((lock) => lock.name === name && (mode === "exclusive" || lock.mode === "exclusive"));
      if (ifAvailable && taken()) return work(null);
      while (taken()) await new Promise((resume) => setImmediate(resume));
      const lock: Lock = { name, mode };
      this.#held.push(lock);
      try {
        return await work(lock);
      } finally {
        this.#held.splice(this.#held.indexOf(lock), 1);
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
  await assert.rejects(whileNobodyWorks(work, { locks: null }), { code: "NO_LOCKS" });
});

test("what the work throws is passed on as it is", async () => {
  const { locks } = new Shared();
  await assert.rejects(alone("ert1a", () => Promise.reject(new Error("AMP refused")), locks), /AMP refused/);
});

test("what is kept on this computer changes while no tab is at work with any treasury, and not otherwise", async () => {
  const { locks } = new Shared();
  let changed = 0;
  const change = () => (changed += 1);
  let finish!: () => void;
  const first = alone("ert1a", () => new Promise<void>((resolve) => (finish = resolve)), locks);
  const second = alone("ert1b", () => Promise.resolve(), locks);
  await second;
  await assert.rejects(whileNobodyWorks(change, { locks }), { code: "LOG_BUSY" });
  const waits = whileNobodyWorks(change, { wait: true, locks });
  await new Promise((resume) => setImmediate(resume));
  assert.equal(changed, 0);
  finish();
  await first;
  await waits;
  assert.equal(changed, 1);
  await whileNobodyWorks(change, { locks });
  assert.equal(changed, 2);
});
