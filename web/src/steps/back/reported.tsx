import type { Answer } from "../../engine/protocol.ts";
import { failed } from "../../failure.ts";
import { Refusal, Warnings } from "../../parts/refusal.tsx";
import { save } from "../../parts/save.tsx";
import { isDone } from "../../reported.ts";
import { visible } from "../../visible.ts";

/** The outcome of a report, in words. */
const POSTED: Readonly<Record<Answer<"report">["posted"], string>> = {
  now: "AMP accepted the report.",
  before: "AMP already has the report.",
  by_log_alone:
    "Only the log in this browser says that AMP accepted the report. AMP’s own record does not show it. Nothing was posted. Check at AMP whether it has the transaction. If not, tick “Report again” and report.",
};

/** What became of the report, and whether AMP's own record of the transaction agrees with it. */
export function Reported(props: { readonly reported: Answer<"report">; readonly txid: string; readonly log: string }) {
  const { posted, answer, differences, notices } = props.reported;
  const done = isDone(props.reported);
  return (
    <div role="status">
      {posted === "by_log_alone" ? (
        <Warnings of={[{ message: POSTED[posted] }]} />
      ) : (
        <p class="good">
          {POSTED[posted]}
          {done && " The job is done."}
        </p>
      )}
      {answer.trim() !== "" && (
        <details>
          <summary>AMP’s answer</summary>
          <pre tabIndex={0} role="region" aria-label="AMP’s answer">{visible(answer.trim())}</pre>
        </details>
      )}
      {notices.length > 0 && <Warnings of={notices.map((message) => ({ message }))} />}
      {done && differences !== null && <p class="good">AMP’s record of the transaction agrees with the report.</p>}
      {differences !== null && differences.length > 0 && (
        <Refusal
          failure={failed("RECORD_DIFFERS", `AMP’s record differs from the report: ${differences.join("; ")}`)}
        />
      )}
      {props.log !== "" && (
        <button
          type="button"
          class="quiet"
          onClick={() => save(`${props.txid.slice(0, 16)}.log`, props.log, "application/x-ndjson")}
        >
          Save the log
        </button>
      )}
    </div>
  );
}
