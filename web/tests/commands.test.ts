import assert from "node:assert/strict";
import { test } from "node:test";
import { commands } from "../src/commands.ts";

test("the commands name every file that they take and make", () => {
  assert.deepEqual(commands("distribute-116e0073.request.json", false, false), {
    pset: "distribute-116e0073.pset",
    signed: "distribute-116e0073.signed.json",
    scan: "zbarcam --raw -Sdisable -Sqrcode.enable | coldamp qr join -o distribute-116e0073.pset",
    review: "coldamp review distribute-116e0073.pset --keystore treasury.age",
    sign: "coldamp sign distribute-116e0073.pset --keystore treasury.age -o distribute-116e0073.signed.json",
    backup: "coldamp backup --keystore treasury.age -o backup-NUMBER.age",
  });
});

test("of several signers each writes signatures alone, in a file with a name of its own", () => {
  const { pset, signed, sign } = commands("burn.json", false, true);
  assert.deepEqual([pset, signed], ["burn.pset", "burn.signatures-NAME.json"]);
  assert.match(sign, / -o burn\.signatures-NAME\.json$/);
});

test("missing token outputs that were allowed here have to be allowed there", () => {
  const { review, sign } = commands("job.json", true, false);
  assert.match(review, / --allow-missing-token-utxos$/);
  assert.match(sign, / --allow-missing-token-utxos -o /);
});

test("a file name brings no word of its own into a command", () => {
  for (const name of ["a b;rm -rf ~.json", "$(reboot).request.json", "-o.json", "'\"`|&\n.json", "", "\u202Egpj.json"]) {
    const { review, sign } = commands(name, false, false);
    assert.match(review, /^coldamp review [A-Za-z0-9_][A-Za-z0-9._-]*\.pset --keystore treasury\.age$/, name);
    assert.match(sign, /^coldamp sign [A-Za-z0-9_][A-Za-z0-9._-]*\.pset --keystore treasury\.age -o [A-Za-z0-9_][A-Za-z0-9._-]*\.signed\.json$/);
  }
});
