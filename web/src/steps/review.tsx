/** Step 4: the PSET, and what it does: read back from its bytes, as the signing machine will. */

import { type Prepared, useDesk } from "../desk.ts";
import { Groups, Money } from "../parts/money.tsx";
import { Copy } from "../parts/save.tsx";
import { Refusal, Warnings } from "../parts/refusal.tsx";
import { Facts, Step } from "../parts/step.tsx";
import { names } from "../picture/lanes.ts";
import { Picture } from "../picture/picture.tsx";
import { Table } from "../picture/table.tsx";
import { job, ticker } from "./review/job.ts";
import { Prepare } from "./review/prepare.tsx";

/** The step. */
export function ReviewStep() {
  const { desk, act } = useDesk();
  return (
    <Step id="review" mark="4" title="Review" waits="Read the coins first.">
      {desk.prepared ? (
        <>
          <Reviewed prepared={desk.prepared} />
          <button type="button" class="quiet" onClick={() => act({ did: "prepared", prepared: null })}>
            Prepare it otherwise
          </button>
        </>
      ) : (
        <Prepare />
      )}
    </Step>
  );
}

function Reviewed({ prepared }: { readonly prepared: Prepared }) {
  const { review } = prepared;
  const known = names(review);
  return (
    <>
      <p class="job">{job(review, known)}</p>
      {review.mismatches.map((mismatch) => (
        <Refusal key={mismatch.code + mismatch.message} failure={mismatch} />
      ))}
      <Warnings of={[...prepared.notices, ...review.warnings]} />
      <Picture review={review} />
      <Table review={review} />
      <Facts
        of={[
          ["Network", review.network],
          ["Asset", review.asset === null ? "unknown" : <Groups text={review.asset} />],
          ["Ticker", ticker(review)],
          ...(review.contract === null ? [] : ([["Domain", review.contract.domain]] as const)),
          ["Fee", review.fee === null ? "unknown" : <Money amount={review.fee.base_units} asset={known.policy_asset} names={known} />],
          ["Fee rate", review.fee_rate_discounted === null ? "unknown" : `${review.fee_rate_discounted} sat/kvB, discounted`],
          ["Weight", `at most ${review.weight_bound} WU, ${review.discounted_weight_bound} WU discounted`],
          ["SHA-256 of the request", review.request_sha256 === null ? "none" : <Groups text={review.request_sha256} />],
        ]}
      />
      <Approval code={review.approval} />
    </>
  );
}

function Approval({ code }: { readonly code: string | null }) {
  if (code === null) return <p class="job bad">Not to be signed: there is no approval code.</p>;
  return (
    <div class="approval">
      <h3>Approval code</h3>
      <div class="code-groups" role="group" aria-label="Approval code">
        {code.split(/(?<=-)/).map((group, index) => (
          <span key={index}>{group}</span>
        ))}
      </div>
      <Copy text={code} label="Copy the approval code" />
      <p class="hint">
        Compare it with what <code>coldamp review</code> prints on the air-gapped machine. A match proves that the stick
        carries this same PSET, and nothing else: this page could be wrong about what the PSET does. Read that on the
        air-gapped machine.
      </p>
    </div>
  );
}
