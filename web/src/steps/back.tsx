/** The way back: the signed file is compared with the PSET, sent, confirmed and reported. */

import { useEffect, useRef, useState } from "preact/hooks";
import { type Agreed, useDesk } from "../desk.ts";
import { failed, type Failure, failureOf } from "../failure.ts";
import { fileName } from "../file-name.ts";
import { Intake, useInlet } from "../parts/intake.tsx";
import { Groups } from "../parts/money.tsx";
import { named } from "../parts/file-info.ts";
import { Refusal, Warnings } from "../parts/refusal.tsx";
import { save } from "../parts/save.tsx";
import { Facts, Step } from "../parts/step.tsx";
import { Combine } from "./back/combine.tsx";
import { type HandedOver, HandedOverFile, useHandedOver, whole } from "./back/handed-over.tsx";
import { explained } from "./back/other-job.ts";
import { Paid } from "./back/paid.tsx";
import { Send } from "./back/send.tsx";

/** The step. */
export function BackStep() {
  const { desk } = useDesk();
  return (
    <Step id="back" mark="↩" title="Coming back" waits="Open the treasury first.">
      {/* Keyed: the comparison belongs to one file. */}
      {desk.signed ? <Signed key={desk.signed.handle} /> : <Take />}
    </Step>
  );
}

function Take() {
  const { act, engine } = useDesk();
  const file = useInlet("Signed file", {
    read: ({ bytes }) => engine.call("read_signed", [bytes]),
    onRead: (signed, of) => act({ did: "signed", signed: { ...signed, words: named(of), combined: null } }),
    letGo: ({ handle }) => engine.drop(handle),
  });
  return (
    <>
      <p>
        Bring back the signed file from the air-gapped machine. The page compares it with the PSET that was handed over before
        it sends anything.
      </p>
      <Intake
        inlet={file}
        hint="The file that `coldamp sign`, or `combine`, wrote."
        accept=".json,application/json"
        scan="Scan the signed file with the camera"
        // The file ends with a line feed, which a selection often leaves out.
        ofPasted={(text) => `${text.trim()}\n`}
      />
      <Combine />
    </>
  );
}

function Signed() {
  const { desk, act, engine } = useDesk();
  const [agreed, setAgreed] = useState<Agreed | null>(desk.signed?.combined?.agreed ?? null);
  useEffect(() => () => void (agreed && engine.drop(agreed.handle)), [agreed]);
  if (desk.signed === null) return null;
  const { view, words, combined } = desk.signed;
  const other = view.network !== desk.treasury?.view.network;
  return (
    <>
      <Facts
        of={[
          ["File", words],
          ["Job", view.command.toUpperCase()],
          ["Network", view.network],
          ["Transaction", <Groups text={view.txid} label="Transaction id" />],
          ["Asset at AMP", view.asset_uuid],
          ...(view.distribution_uuid ? ([["Distribution", view.distribution_uuid]] as const) : []),
          ...view.signers.map(({ fingerprint, journal }) => {
            const place = journal ? `journal ${journal.id}, entry ${journal.number}` : "no journal";
            return [fingerprint === null ? "Signing machine" : `Signer ${fingerprint}`, place] as const;
          }),
        ]}
      />
      {other ? (
        <Refusal failure={{ ...OTHER_NETWORK, message: `the file is for ${view.network}, the treasury is on ${desk.treasury?.view.network}` }} />
      ) : agreed === null ? (
        <Audit onAgreed={setAgreed} />
      ) : (
        <>
          <p class="good" role="status">
            The transaction is the one that the PSET and the view key give, byte for byte, and its signatures verify. Compared
            with {agreed.against}.
          </p>
          {view.unprotected_inputs.length > 0 && <Warnings of={[UNPROTECTED]} />}
          {combined && (
            <p>
              <button type="button" class="quiet" onClick={() => save(nameOf(view.command), combined.bytes as BlobPart, "application/json")}>
                Download the signed file
              </button>{" "}
              Keep it: it opens the outputs, and the report can be posted from it another day.
            </p>
          )}
          <Paid review={agreed.review} txid={view.txid} />
          <Send audited={agreed.handle} />
        </>
      )}
      <button
        type="button"
        class="quiet"
        onClick={() => {
          setAgreed(null);
          act({ did: "signed", signed: null });
        }}
      >
        Take another signed file
      </button>
    </>
  );
}

const OTHER_NETWORK: Failure = failed("NETWORK", "");

const ALL_ONLY =
  "every signature of an input is ALL (0x01), so no signature covers the proofs of the outputs: whoever knows the blinders can replace them before the transaction confirms";
const UNPROTECTED: Failure = failed("PROOFS_UNSIGNED", ALL_ONLY);

/** The name of a signed file that was made here. */
const nameOf = (command: string) => fileName(`${command}.json`, ".signed.json");

/** Recomputes the transaction from the PSET and the view key, and compares it with the file. */
function Audit({ onAgreed }: { readonly onAgreed: (agreed: Agreed) => void }) {
  const { desk, engine } = useDesk();
  const [verdict, setVerdict] = useState<{ failure: Failure; against: string } | null>(null);
  const [running, setRunning] = useState(false);
  // Whether this form is still open. The result of a comparison that ends later is dropped.
  const here = useRef(true);
  useEffect(() => () => void (here.current = false), []);
  const choice = useHandedOver(() => setVerdict(null));
  const { made, pset, file } = choice;

  async function audit(chosen: HandedOver) {
    if (desk.signed === null) return;
    setVerdict(null);
    setRunning(true);
    const { prepared } = chosen;
    const against = whole(chosen);
    try {
      const handle = await engine.call("audit", [desk.signed.handle, prepared.handle]);
      if (here.current) onAgreed({ handle, review: prepared.review, against });
      else engine.drop(handle);
    } catch (thrown) {
      setVerdict({ failure: explained(failureOf(thrown), desk.signed.view, prepared.review), against });
    } finally {
      setRunning(false);
    }
  }

  return (
    <>
      {(made === null || file.state.at !== "nothing" || verdict !== null) && (
        <HandedOverFile choice={choice} busy={running} />
      )}
      {pset && <p class="against">It will be compared with {whole(pset)}.</p>}
      <button type="button" disabled={pset === null || running} onClick={() => pset && void audit(pset)}>
        {running ? "Comparing…" : file.reading ? "Reading the PSET…" : "Compare with the PSET that was handed over"}
      </button>
      {verdict && (
        <Refusal
          failure={{ ...verdict.failure, message: `${verdict.failure.message}; compared with ${verdict.against}` }}
        />
      )}
    </>
  );
}
