/** The last step of a log: whether a request may have arrived although no answer is known. */

/** The step that was begun and has no answer: `sending` a transaction or `posting` a report. Null if the last step is neither. */
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
