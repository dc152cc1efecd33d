import assert from "node:assert/strict";
import { test } from "node:test";
import { explained } from "../src/steps/back/other-job.ts";

const job = (distribution_uuid: string | null, command: "distribute" | "burn" = "distribute") => ({
  command,
  asset_uuid: "a",
  distribution_uuid,
});
const differs = { code: "SIGNED_DIFFERS", message: "output 1 differs", hint: "Do not send." };

test("a signed file of another job is called that, with both jobs", () => {
  const { code, message, hint } = explained(differs, job("fd35"), job("39aa"));
  assert.equal(code, "SIGNED_DIFFERS");
  assert.equal(message, "this is another job’s signed file: it is of distribution fd35, the PSET is of distribution 39aa");
  assert.match(hint, /Nothing was sent/);
  assert.match(explained(differs, job(null, "burn"), job("39aa")).message, /of a burn of asset a, the PSET is of distribution 39aa/);
});

test("a changed file of the same job, and every other failure, stay what they are", () => {
  assert.equal(explained(differs, job("39aa"), job("39aa")), differs);
  const other = { ...differs, code: "PAYLOAD" };
  assert.equal(explained(other, job("fd35"), job("39aa")), other);
});
