/** Of a log, whether its last step may have reached somebody. */

/** What was begun and did not end: `sending` of a transaction, `posting` of a report; null where neither is the last step. */
export function unanswered(log: string): "sending" | "posting" | null {
  const last = log.trimEnd().split("\n").at(-1) ?? "";
  let step: unknown;
  try {
    step = (JSON.parse(last) as { readonly step?: unknown } | null)?.step;
  } catch {
    return null;
  }
  return step === "sending" || step === "posting" ? step : null;
}
