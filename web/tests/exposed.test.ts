import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { MOST_BYTES, exposedIn, exposedInFile, exposure } from "../src/exposed.ts";

interface Row {
  readonly name: string;
  readonly text: string;
  readonly found: string | null;
}

// The table that coldamp-online is held to as well. The tests run in web/.
const rows = JSON.parse(readFileSync("../tests/vectors/exposed.json", "utf8")) as readonly Row[];

test("keys are found in whatever form, and nothing else is taken for one", () => {
  assert.ok(rows.length > 20);
  for (const { name, text, found } of rows) {
    assert.equal(exposedIn(text), found, name);
    assert.equal(exposedInFile(new TextEncoder().encode(text)), found, name);
  }
});

test("a file too large to hold keys alone is not read for them", () => {
  const words = "abandon ".repeat(12);
  assert.equal(exposedInFile(new TextEncoder().encode(words)), "words");
  assert.equal(exposedInFile(new TextEncoder().encode(words + " ".repeat(MOST_BYTES))), null);
});

test("what is told names the field and what was found, and nothing of it", () => {
  for (const { name, text, found } of rows) {
    if (found === null) continue;
    const told = exposure(exposedIn(text)!, "CT descriptor");
    assert.equal(told.code, "KEYS_EXPOSED");
    assert.match(told.message, /CT descriptor/);
    for (const word of text.split(/\s+/).filter((word) => word.length > 8)) {
      assert.ok(!told.message.includes(word) && !told.hint.includes(word), name);
    }
  }
});
