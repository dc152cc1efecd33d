import type { ReviewDocument } from "coldamp-wasm";
import { sum } from "../../amounts.ts";
import { Groups, Money } from "../../parts/money.tsx";
import { Payees } from "../../parts/payees.tsx";
import { Facts } from "../../parts/step.tsx";
import { names } from "../../picture/lanes.ts";
import { job, ticker } from "../review/job.ts";

/**
 * What a signed transaction pays. It is read from the PSET, since the amounts in the transaction are hidden. The comparison
 * has shown that the transaction does what the PSET says.
 */
export function Paid({ review, txid }: { readonly review: ReviewDocument; readonly txid: string }) {
  const known = names(review);
  const asset = review.asset ?? "";
  const recipients = review.outputs.filter(({ role }) => role === "recipient");
  const other = review.outputs.filter(({ role }) => role === "reissued" || role === "burn");
  return (
    <section class="paid" aria-label="What is sent">
      <h3>What is sent</h3>
      <p class="job">{job(review, known)}</p>
      {recipients.length > 0 && (
        <Payees
          caption="Who is paid"
          payees={recipients.map(({ address, amount }) => ({ holder: null, address: address ?? "", amount: amount.base_units }))}
          total={sum(recipients.map(({ amount }) => amount.base_units))}
          asset={asset}
          names={known}
        />
      )}
      <Facts
        of={[
          ...other.map(
            ({ role, amount, address }) =>
              [
                role === "burn" ? "Burned (irreversible)" : "Reissued, to the treasury",
                <>
                  <Money amount={amount.base_units} asset={asset} names={known} /> {address !== null && <Groups text={address} />}
                </>,
              ] as const,
          ),
          ["Asset", <Groups text={asset} />],
          ["Ticker", ticker(review)],
          [
            "Fee",
            review.fee === null ? "unknown" : <Money amount={review.fee.base_units} asset={known.policy_asset} names={known} />,
          ],
          ["Transaction", <Groups text={txid} />],
        ]}
      />
    </section>
  );
}
