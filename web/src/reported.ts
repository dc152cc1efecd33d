/** What a report came to. */

import type { ReportView } from "coldamp-wasm";

/** Whether the job is done: AMP has the report, and AMP's record says nothing else. */
export function isDone({ posted, differences }: Pick<ReportView, "posted" | "differences">): boolean {
  return posted !== "by_log_alone" && (differences === null || differences.length === 0);
}
