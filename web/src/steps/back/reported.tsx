import type { Answer } from "../../engine/protocol.ts";
import { failed } from "../../failure.ts";
import { Refusal, Warnings } from "../../parts/refusal.tsx";
import { save } from "../../parts/save.tsx";
import { isDone } from "../../reported.ts";
import { visible } from "../../visible.ts";

/** What is known of the report. */
const POSTED: Readonly<Record<Answer<"report">["posted"], string>> = {
  now: "AMP took the report.",
  before: "AMP has the report.",
  by_log_alone:
    "AMP’s record does not show the report. Only the log that this browser keeps says that it was accepted. Nothing was posted. Look at AMP whether it has the transaction; if it does not, tick “Report again” and report.",
};

/** AMP's answer, and whether AMP's own record of the transaction says the same as the report. */
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
      {answer.trim() !== "" && <pre tabIndex={0} role="region" aria-label="AMP’s answer">{visible(answer.trim())}</pre>}
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
