/** The way back: the signed file is compared with the PSET, sent, confirmed and reported. */

import { useEffect, useRef, useState } from "preact/hooks";
import type { ReviewDocument } from "coldamp-wasm";
import { type Prepared, openTreasury, useDesk } from "../desk.ts";
import type { Handle } from "../engine/handles.ts";
import { failed, type Failure, failureOf } from "../failure.ts";
import { Tick } from "../parts/field.tsx";
import { Intake, useInlet } from "../parts/intake.tsx";
import { Groups } from "../parts/money.tsx";
import { named } from "../parts/file-info.ts";
import { Refusal } from "../parts/refusal.tsx";
import { Facts, Step } from "../parts/step.tsx";
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
    onRead: (signed, of) => act({ did: "signed", signed: { ...signed, words: named(of) } }),
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
        hint="The file that `coldamp sign` wrote."
        accept=".json,application/json"
        scan="Scan the signed file with the camera"
        // The file ends with a line feed, which a selection often leaves out.
        ofPasted={(text) => `${text.trim()}\n`}
      />
    </>
  );
}

/** The PSET that a signed file agrees with. */
interface Agreed {
  readonly handle: Handle<"Audited">;
  readonly review: ReviewDocument;
  /** The PSET in words. */
  readonly against: string;
}

function Signed() {
  const { desk, act, engine } = useDesk();
  const [agreed, setAgreed] = useState<Agreed | null>(null);
  useEffect(() => () => void (agreed && engine.drop(agreed.handle)), [agreed]);
  if (desk.signed === null) return null;
  const { view, words } = desk.signed;
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

/** A PSET that was handed over, and its name. */
interface HandedOver {
  readonly prepared: Prepared;
  readonly words: string;
}

/** Recomputes the transaction from the PSET and the view key, and compares it with the file. */
function Audit({ onAgreed }: { readonly onAgreed: (agreed: Agreed) => void }) {
  const { desk, engine } = useDesk();
  const [missing, setMissing] = useState(false);
  const [verdict, setVerdict] = useState<{ failure: Failure; against: string } | null>(null);
  const [running, setRunning] = useState(false);
  // Whether this form is still open. The result of a comparison that ends later is dropped.
  const here = useRef(true);
  useEffect(() => () => void (here.current = false), []);
  const allowMissing = useRef(missing);
  const file = useInlet("PSET that was handed over", {
    onBegin: () => setVerdict(null),
    read: async ({ bytes, name }) => {
      const { handle } = openTreasury(desk);
      const prepared = await engine.call("read_pset", [handle, bytes, allowMissing.current]);
      return { prepared, bytes, words: named({ name, size: bytes.length }) };
    },
    letGo: ({ prepared }) => engine.drop(prepared.handle),
  });
  const { state } = file;
  const made: HandedOver | null =
    desk.prepared === null ? null : { prepared: desk.prepared, words: "the PSET that this page prepared" };
  // A chosen file replaces the PSET of this page, also while it is being read or if it cannot be read.
  const pset: HandedOver | null = state.at === "nothing" ? made : state.at === "read" ? state.value : null;

  /** Reads the same file again with the changed tick. */
  function allow(checked: boolean) {
    setMissing(checked);
    allowMissing.current = checked;
    if (state.at === "read") void file.reader.take(state.of, Promise.resolve(state.value.bytes));
  }

  async function audit({ prepared, words }: HandedOver) {
    if (desk.signed === null) return;
    setVerdict(null);
    setRunning(true);
    const against = whole(prepared, words);
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
      {(made === null || state.at !== "nothing" || verdict !== null) && (
        <>
          <Intake
            inlet={file}
            hint="The file that you brought to the air-gapped machine."
            accept=".pset,text/plain,application/octet-stream"
            busy={running}
          />
          <Tick
            label="The PSET was prepared with “Allow missing token outputs”"
            checked={missing}
            disabled={running}
            onChange={allow}
          />
        </>
      )}
      {pset && <p class="against">It will be compared with {whole(pset.prepared, pset.words)}.</p>}
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

/** A PSET in words: its name and its approval code. */
function whole({ review }: Prepared, words: string): string {
  return `${words}, ${review.approval === null ? "which must not be signed" : `approval code ${review.approval}`}`;
}
