import assert from "node:assert/strict";
import { test } from "node:test";
import { visible } from "../src/visible.ts";

test("characters that reorder or hide text are spelled out, and all others stay", () => {
  assert.equal(visible("a\u202eb\u2066c\u200bd\u0000e\r\ufeff\u2028"), "a\\u{202e}b\\u{2066}c\\u{200b}d\\u{0}e\\u{d}\\u{feff}\\u{2028}");
  assert.equal(visible("\ud800"), "\\u{d800}");
  const plain = "it’s “Trésor” … 10⁸\n\tיש 😀";
  assert.equal(visible(plain), plain);
});
