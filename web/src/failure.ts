import { HINTS, type ScriptCode } from "./codes.ts";

/** A failure: the same shape in the page and in the engine. */
export interface Failure {
  /** The stable name: docs/codes.md says what each means. */
  readonly code: string;
  /** What was found, and what was expected. */
  readonly message: string;
  /** What to do. */
  readonly hint: string;
}

/** Whether something that was thrown is a failure. */
export function isFailure(thrown: unknown): thrown is Failure {
  if (typeof thrown !== "object" || thrown === null) return false;
  const fields = thrown as Record<string, unknown>;
  return ["code", "message", "hint"].every((name) => typeof fields[name] === "string");
}

/** Turns anything that was thrown into a failure. */
export function failureOf(thrown: unknown): Failure {
  if (isFailure(thrown)) return { code: thrown.code, message: thrown.message, hint: thrown.hint };
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return failed("PAGE", message);
}

/** A failure that the page finds without the engine, with the hint of its code. */
export function failed(code: ScriptCode, message: string): Failure {
  return { code, message, hint: HINTS[code] };
}
