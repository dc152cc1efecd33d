/**
 * The content of the picture: one lane per asset, inputs on the left, outputs on the right. It is made from the review
 * alone, which the signing machine makes too.
 */

import type { OutputDocument, ReviewDocument } from "coldamp-wasm";
import { type Names, assetName, sum } from "../amounts.ts";

/** The kind of a flow. Each has its own pattern. */
export type Kind = "input" | "issued" | "recipient" | "reissued" | "change" | "token" | "burn" | "fee" | "other";

/** An input or output of one asset. */
export interface Flow {
  readonly kind: Kind;
  /** Its index among the transaction’s inputs or outputs, as in `coldamp review`; null if it has none. */
  readonly number: number | null;
  /** In words: "recipient 3". The number is the one in AMP's request, as in every list of recipients. */
  readonly label: string;
  /** Base units. */
  readonly amount: string;
  /** Outpoint or address; empty for a fee and for newly issued units. */
  readonly place: string;
  /** The path in the treasury; null if it is not the treasury's. */
  readonly path: string | null;
}

/** One asset. */
export interface Lane {
  readonly asset: string;
  readonly name: string;
  /** The larger of both sides. They are equal unless the review failed. */
  readonly total: string;
  readonly ins: readonly Flow[];
  readonly outs: readonly Flow[];
}

/** More recipients than this are folded into one flow. */
export const FOLD_ABOVE = 12;

/** How many stay visible when the rest is folded. */
const IN_SIGHT = 8;

const KINDS: Readonly<Record<OutputDocument["role"], Kind>> = {
  recipient: "recipient",
  reissued: "reissued",
  "token back": "token",
  burn: "burn",
  "asset change": "change",
  "L-BTC change": "change",
  fee: "fee",
  UNEXPLAINED: "other",
};

/** The lanes of a transaction: the request's asset first, then its token, L-BTC, and whatever else there is. */
export function lanes(review: ReviewDocument): Lane[] {
  const found = new Map<string, { ins: Flow[]; outs: Flow[] }>();
  const lane = (asset: string) => {
    const known = found.get(asset) ?? { ins: [], outs: [] };
    found.set(asset, known);
    return known;
  };
  for (const known of [review.asset, review.token, review.policy_asset]) if (known !== null) lane(known);
  for (const [number, input] of review.inputs.entries()) {
    const { outpoint: place, path } = input;
    const kind = input.asset === null ? "other" : "input";
    const label = path === null ? "coin that is not the treasury’s" : "coin";
    lane(input.asset ?? UNKNOWN).ins.push({ kind, number, label, amount: input.amount?.base_units ?? "0", place, path });
    if (input.issues !== null && review.asset !== null) {
      const what = { kind: "issued", label: "newly issued" } as const;
      const issued: Flow = { ...what, number: null, amount: input.issues.amount.base_units, place: "", path: null };
      lane(review.asset).ins.push(issued);
    }
  }
  for (const output of review.outputs) {
    const kind = KINDS[output.role];
    const { path, recipient, index: number } = output;
    const amount = output.amount.base_units;
    const label = recipient === null ? output.role : `${output.role} ${recipient}`;
    lane(output.asset).outs.push({ kind, number, label, amount, place: output.address ?? "", path });
  }
  return [...found]
    .filter(([, { ins, outs }]) => ins.length + outs.length > 0)
    .map(([asset, { ins, outs }]) => {
      const name = asset === UNKNOWN ? "coins that could not be decrypted" : assetName(asset, names(review));
      const [inside, outside] = [sum(ins.map(amountOf)), sum(outs.map(amountOf))];
      return { asset, name, total: BigInt(inside) > BigInt(outside) ? inside : outside, ins, outs };
    });
}

/** The asset of a coin that could not be opened. */
const UNKNOWN = "";

/** The assets of the review, with what the contract proves. */
export function names(review: ReviewDocument): Names {
  const { asset, contract, token, policy_asset } = review;
  return { asset, ticker: contract?.ticker ?? null, precision: contract?.precision ?? null, token, policy_asset };
}

const amountOf = (flow: Flow): string => flow.amount;

/** A lane in which recipients, or coins, beyond a dozen are one flow with their number and sum. */
export function folded(lane: Lane): Lane {
  return { ...lane, ins: fold(lane.ins, "input", "coins"), outs: fold(lane.outs, "recipient", "recipients") };
}

/** Whether folding a lane hides anything. */
export function folds(lane: Lane): boolean {
  const many = (flows: readonly Flow[], kind: Kind) => flows.filter((flow) => flow.kind === kind).length > FOLD_ABOVE;
  return many(lane.ins, "input") || many(lane.outs, "recipient");
}

function fold(flows: readonly Flow[], kind: Kind, what: string): readonly Flow[] {
  const alike = flows.filter((flow) => flow.kind === kind);
  if (alike.length <= FOLD_ABOVE) return flows;
  const hidden = alike.slice(IN_SIGHT);
  const more: Flow = {
    kind,
    number: null,
    label: `+${hidden.length} more ${what}`,
    amount: sum(hidden.map(amountOf)),
    place: "",
    path: null,
  };
  return [...alike.slice(0, IN_SIGHT), more, ...flows.filter((flow) => flow.kind !== kind)];
}
