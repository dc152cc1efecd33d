import type { OutputDocument, ReviewDocument } from "coldamp-wasm";
import { type Names, shown, sum } from "../../amounts.ts";

/** The job in AMP's words: "DISTRIBUTE 925.62719514 to 5 recipients". */
export function job(review: ReviewDocument, known: Names): string {
  const of = (role: OutputDocument["role"]) => review.outputs.filter((output) => output.role === role);
  const words = (amounts: readonly string[]) => {
    const { number, unit } = shown(sum(amounts), review.asset ?? "", known);
    return unit === "" ? number : `${number} ${unit}`;
  };
  const paid = (role: OutputDocument["role"]) => words(of(role).map(({ amount }) => amount.base_units));
  switch (review.command) {
    case "distribute": {
      const count = of("recipient").length;
      return `DISTRIBUTE ${paid("recipient")} to ${count} ${count === 1 ? "recipient" : "recipients"}`;
    }
    case "reissue":
      return `REISSUE ${words(review.inputs.flatMap(({ issues }) => issues?.amount.base_units ?? []))} to the treasury`;
    case "burn":
      return `BURN ${paid("burn")} (irreversible)`;
    default:
      return "What this PSET does is not understood";
  }
}

/** The ticker, or which of two things is missing: the contract, or a ticker in it. */
export function ticker(review: ReviewDocument): string {
  if (review.contract === null) return "not proven: no contract was given";
  return review.contract.ticker ?? "none: the contract has no ticker";
}
