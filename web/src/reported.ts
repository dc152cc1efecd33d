/** Whether a job is done. */

import type { ReportView } from "coldamp-wasm";

/** True if AMP has the report and AMP's record of the transaction does not differ from it. */
export function isDone({ posted, differences }: Pick<ReportView, "posted" | "differences">): boolean {
  return posted !== "by_log_alone" && (differences === null || differences.length === 0);
}
