/** The total that an operator types to confirm a distribution. */

import { NODE_DECIMALS, decimal } from "../../amounts.ts";
import { type Failure, failed } from "../../failure.ts";

/** A number as it was typed, without the blanks between groups of digits. */
export function withoutBlanks(typed: string): string {
  return typed.replace(/\s/g, "");
}

/** Why what was typed is not, and cannot become, the total in base units. Null as long as it can. */
export function wrongTotal(typed: string, total: string): Failure | null {
  const digits = withoutBlanks(typed);
  const written = decimal(total, NODE_DECIMALS);
  if (/[^0-9]/.test(digits)) {
    return failed("TOTAL_DIFFERS", `base units are a whole number, without point or comma: AMP’s ${written} times 10^8`);
  }
  if (total.startsWith(digits)) return null;
  if (digits === written.replace(/\.0*$/, "")) {
    return failed("TOTAL_DIFFERS", `this is AMP’s number ${written}; base units are that number times 10^8`);
  }
  return failed("TOTAL_DIFFERS", "this is another number than the total");
}
