import assert from "node:assert/strict";
import { test } from "node:test";
import { Reader, type Reading, type Uses } from "../src/parts/reader.ts";

/** A reader whose engine answers when a test says so. */
function reader(more: Partial<Uses<string>> = {}) {
  const states: Reading<string>[] = [];
  const freed: string[] = [];
  const answers = new Map<string, (value: string) => void>();
  const failures = new Map<string, (reason: unknown) => void>();
  const read = ({ name }: { readonly name: string }) =>
    new Promise<string>((resolve, reject) => {
      answers.set(name, resolve);
      failures.set(name, reject);
    });
  const uses = (): Uses<string> => ({ read, letGo: (value) => freed.push(value), ...more });
  const made = new Reader<string>(uses, (state) => states.push(state));
  const take = (name: string) => made.take({ name, size: 3 }, Promise.resolve(new Uint8Array(3)));
  return { made, states, freed, answers, failures, take, last: () => states.at(-1) };
}

const turn = () => new Promise((resume) => setImmediate(resume));

test("from the moment a file is chosen nothing of the one before it is to be had", async () => {
  const { take, answers, last, freed } = reader();
  const first = take("a.pset");
  await turn();
  answers.get("a.pset")?.("A");
  await first;
  assert.deepEqual(last(), { at: "read", of: { name: "a.pset", size: 3 }, value: "A" });
  void take("b.pset");
  assert.deepEqual(last(), { at: "reading", of: { name: "b.pset", size: 3 } });
  assert.deepEqual(freed, ["A"]);
});

test("a read that comes after a later file's is let go of", async () => {
  const heard: string[] = [];
  const { take, answers, last, freed } = reader({ onRead: (value) => heard.push(value) });
  const [slow, quick] = [take("slow"), take("quick")];
  await turn();
  answers.get("quick")?.("Q");
  await quick;
  answers.get("slow")?.("S");
  await slow;
  assert.deepEqual(last(), { at: "read", of: { name: "quick", size: 3 }, value: "Q" });
  assert.deepEqual([heard, freed], [["Q"], ["S"]]);
});

test("a failure that comes late is not told of the file that is there", async () => {
  const { take, answers, failures, last } = reader();
  const [slow, quick] = [take("slow"), take("quick")];
  await turn();
  answers.get("quick")?.("Q");
  await quick;
  failures.get("slow")?.(new Error("cut off"));
  await slow;
  assert.equal(last()?.at, "read");
});

test("of a form that was left nothing comes any more", async () => {
  const heard: string[] = [];
  const { made, take, answers, last, freed } = reader({ onRead: (value) => heard.push(value) });
  const reading = take("a");
  await turn();
  made.clear();
  answers.get("a")?.("A");
  await reading;
  assert.deepEqual([last(), heard, freed], [{ at: "nothing" }, [], ["A"]]);
});

test("what somebody else has by now is not freed", async () => {
  const { made, take, answers, freed } = reader({ onRead: () => undefined });
  const reading = take("a");
  await turn();
  answers.get("a")?.("A");
  await reading;
  made.clear();
  assert.deepEqual(freed, []);
});

test("bytes that cannot be had fail as the file does", async () => {
  const { made, last } = reader();
  const lost = Promise.reject({ code: "UNREADABLE", message: "it cannot be read", hint: "copy it" });
  await made.take({ name: "gone", size: 0 }, lost);
  const state = last();
  assert.equal(state?.at === "failed" && state.failure.code, "UNREADABLE");
});

test("it says whether a file was read, so that the next of several can be", async () => {
  const { take, answers, failures } = reader();
  const [good, bad] = [take("a.json"), "b.json"];
  await turn();
  answers.get("a.json")?.("A");
  assert.equal(await good, true);
  const failed = take(bad);
  await turn();
  failures.get(bad)?.(new Error("no part"));
  assert.equal(await failed, false);
});
