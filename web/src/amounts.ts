/**
 * Amounts as text. They are strings of base units, as the engine gives them. All arithmetic is done with BigInt, never
 * with floating-point numbers.
 */

/** Decimals with which AMP and the node write every asset. */
export const NODE_DECIMALS = 8;

/** The largest amount: 2^64 - 1 base units. */
const MOST = 18_446_744_073_709_551_615n;

/** Reads base units. Null for anything but plain digits up to 2^64 - 1. */
export function units(text: string): bigint | null {
  if (!/^[0-9]{1,20}$/.test(text)) return null;
  const value = BigInt(text);
  return value <= MOST ? value : null;
}

/** Base units as a decimal number with `places` decimals, exact: ("92562719514", 8) is "925.62719514". */
export function decimal(amount: string, places: number): string {
  const value = units(amount);
  if (value === null) return amount;
  if (places === 0) return value.toString();
  const digits = value.toString().padStart(places + 1, "0");
  return `${digits.slice(0, -places)}.${digits.slice(-places)}`;
}

/** Splits the digits before the point into groups of three. Joined, the groups are the number again. */
export function grouped(number: string): string[] {
  const [whole = "", ...rest] = number.split(/(?=\.)/);
  const groups = whole.split(/(?=(?:\d{3})+$)/);
  return [...groups.slice(0, -1), `${groups.at(-1) ?? ""}${rest.join("")}`];
}

/** The sum of amounts. */
export function sum(amounts: readonly string[]): string {
  return amounts.reduce((total, amount) => total + (units(amount) ?? 0n), 0n).toString();
}

/** How many of `parts` equal parts of `whole` fit into `part`, rounded down: the width of a band in the picture. */
export function share(part: string, whole: string, parts: number): number {
  const of = units(whole) ?? 0n;
  if (of === 0n) return 0;
  return Number(((units(part) ?? 0n) * BigInt(parts)) / of);
}

/**
 * The assets of a job. Ticker and precision are set only if the contract proves them. A contract may have a precision and
 * no ticker.
 */
export interface Names {
  readonly asset: string | null;
  readonly ticker: string | null;
  readonly precision: number | null;
  readonly token: string | null;
  readonly policy_asset: string;
}

/** An amount for reading: the number, its unit, and whether the number of decimals is proven. */
export interface Shown {
  readonly number: string;
  readonly unit: string;
  readonly proven: boolean;
}

/** An amount in the asset's units; of L-BTC in sat, the one unit that fees and coins of it have everywhere. */
export function shown(amount: string, asset: string, names: Names): Shown {
  if (asset === names.policy_asset) {
    return { number: amount, unit: "sat", proven: true };
  }
  if (asset === names.asset && names.precision !== null) {
    const unit = names.ticker ?? "units of the asset";
    return { number: decimal(amount, names.precision), unit, proven: true };
  }
  return { number: decimal(amount, NODE_DECIMALS), unit: "", proven: false };
}

/** The name of an asset in a job. */
export function assetName(asset: string, names: Names): string {
  if (asset === names.policy_asset) return "L-BTC";
  if (asset === names.asset) return names.ticker ?? "the request’s asset";
  if (asset === names.token) return "its reissuance token";
  // Without a request nobody knows which asset is the job's.
  return `${names.asset === null ? "an" : "another"} asset, ${asset.slice(0, 8)}…`;
}
