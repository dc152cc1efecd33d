/** The one shape in which everything that goes wrong is told. */
export interface Failure {
  /** Stable, in capitals. */
  readonly code: string;
  /** What was found, and what was expected. */
  readonly message: string;
  /** What to do. */
  readonly hint: string;
}

/** Whether something thrown has the shape. */
export function isFailure(thrown: unknown): thrown is Failure {
  if (typeof thrown !== "object" || thrown === null) return false;
  const fields = thrown as Record<string, unknown>;
  return ["code", "message", "hint"].every((name) => typeof fields[name] === "string");
}

/** Whatever was thrown, as a failure. */
export function failureOf(thrown: unknown): Failure {
  if (isFailure(thrown)) return { code: thrown.code, message: thrown.message, hint: thrown.hint };
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return { code: "PAGE", message, hint: "this is a fault of the page: say what you did, with this text" };
}
