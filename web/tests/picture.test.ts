import assert from "node:assert/strict";
import { test } from "node:test";
import type { OutputDocument, ReviewDocument } from "coldamp-wasm";
import { folded, folds, lanes } from "../src/picture/lanes.ts";
import { layout } from "../src/picture/layout.ts";

const [ASSET, TOKEN, LBTC] = ["aa".repeat(32), "bb".repeat(32), "cc".repeat(32)];

const money = (base_units: string) => ({ base_units, whole_units: null });

const coin = (asset: string, amount: string, issues: string | null = null) => ({
  outpoint: `${"11".repeat(32)}:0`,
  path: "0/1",
  asset,
  asset_kind: "asset" as const,
  amount: money(amount),
  blinded: true,
  opening_used: false,
  issues: issues === null ? null : { asset: ASSET, amount: money(issues), blinded: true },
});

const output = (role: OutputDocument["role"], asset: string, amount: string, recipient: number | null = null, index = 0) => ({
  role,
  recipient,
  asset,
  asset_kind: "asset" as const,
  amount: money(amount),
  address: role === "fee" ? null : "el1qq",
  path: null,
  script_pubkey: "",
  blinded: role !== "fee",
  index,
});

const review = (command: ReviewDocument["command"], inputs: ReviewDocument["inputs"], outputs: OutputDocument[]): ReviewDocument => ({
  format: "coldamp.review/2",
  network: "regtest",
  treasury: "73c5da0a",
  spends_own_coins: true,
  total: null,
  listed: null,
  entropy_proven: true,
  report_to: null,
  policy: null,
  warning_counts: [],
  replaces: [],
  after: [],
  open: [],
  twins: [],
  needs_only_twins: false,
  failed: 0,
  signed_agrees: null,
  command,
  asset: ASSET,
  contract: null,
  token: TOKEN,
  policy_asset: LBTC,
  approval: null,
  mismatches: [],
  warnings: [],
  asset_uuid: null,
  distribution_uuid: null,
  request_sha256: null,
  fee: null,
  fee_rate_discounted: null,
  weight_bound: 0,
  discounted_weight_bound: 0,
  inputs,
  outputs,
});

const REISSUE = review(
  "reissue",
  [coin(LBTC, "1000"), coin(TOKEN, "100", "5000")],
  [
    output("reissued", ASSET, "5000"),
    output("token back", TOKEN, "100"),
    output("L-BTC change", LBTC, "900"),
    output("fee", LBTC, "100"),
  ],
);

const distribution = (recipients: number) =>
  review(
    "distribute",
    [coin(ASSET, String(recipients)), coin(LBTC, "10")],
    [
      ...Array.from({ length: recipients }, (_, index) => output("recipient", ASSET, "1", index + 1)),
      output("L-BTC change", LBTC, "9"),
      output("fee", LBTC, "1"),
    ],
  );

test("a reissue has a lane each for asset, token and L-BTC, and what is new comes in by itself", () => {
  const found = lanes(REISSUE);
  assert.deepEqual(found.map(({ asset }) => asset), [ASSET, TOKEN, LBTC]);
  assert.deepEqual(found[0]?.ins.map(({ kind, amount }) => [kind, amount]), [["issued", "5000"]]);
  assert.deepEqual(found[0]?.outs.map(({ kind }) => kind), ["reissued"]);
  assert.deepEqual(found[1]?.outs.map(({ kind }) => kind), ["token"]);
  assert.deepEqual(found[2]?.outs.map(({ kind }) => kind), ["change", "fee"]);
});

test("an output that nothing explains, and a coin that cannot be opened, are shown as not understood", () => {
  const odd = review("burn", [{ ...coin(ASSET, "1"), asset: null, amount: null }], [output("UNEXPLAINED", ASSET, "1")]);
  const kinds = lanes(odd).flatMap(({ ins, outs }) => [...ins, ...outs].map(({ kind }) => kind));
  assert.deepEqual(kinds.sort(), ["other", "other"]);
});

test("a dozen recipients stay; the thirteenth folds them, and nothing of the sum is lost", () => {
  const [twelve, thirteen] = [lanes(distribution(12))[0], lanes(distribution(13))[0]];
  assert.ok(twelve && thirteen);
  assert.equal(folds(twelve), false);
  assert.equal(folded(twelve).outs.length, 12);
  assert.equal(folds(thirteen), true);
  const { outs } = folded(thirteen);
  assert.equal(outs.length, 9);
  assert.equal(outs[8]?.label, "+5 more recipients");
  assert.equal(outs[8]?.amount, "5");
});

test("each lane is as thick as any other, whatever its amounts", () => {
  const { lanes: drawn } = layout(lanes(REISSUE), 700, () => 10);
  const knots = new Set(drawn.map(({ knot }) => knot.height));
  assert.equal(knots.size, 1);
});

test("every flow has a band and a label inside the picture, on a phone too", () => {
  for (const width of [280, 700]) {
    const found = layout(lanes(distribution(80)), width, () => 21);
    for (const { lane, bands, top, height } of found.lanes) {
      assert.equal(bands.length, lane.ins.length + lane.outs.length);
      for (const { x, y, path } of bands) {
        assert.ok(x > 0 && x < width, `${x} of ${width}`);
        assert.ok(y > top && y < top + height);
        assert.doesNotMatch(path, /NaN|Infinity/);
      }
    }
  }
});

test("recipients have AMP's numbers, and each output has its index in the transaction", () => {
  const outputs = [
    output("recipient", ASSET, "10", 1, 2),
    output("recipient", ASSET, "20", 2, 4),
    output("recipient", ASSET, "30", 3, 0),
    output("asset change", ASSET, "9", null, 1),
    output("fee", LBTC, "1", null, 3),
  ];
  const [asset, fee] = lanes(review("distribute", [coin(ASSET, "69"), coin(LBTC, "1")], outputs));
  assert.deepEqual(
    asset?.outs.map(({ label, amount, number }) => [label, amount, number]),
    [
      ["recipient 1", "10", 2],
      ["recipient 2", "20", 4],
      ["recipient 3", "30", 0],
      ["asset change", "9", 1],
    ],
  );
  assert.deepEqual(fee?.outs.map(({ label, number }) => [label, number]), [["fee", 3]]);
});
