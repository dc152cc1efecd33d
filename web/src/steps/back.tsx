/** The way back: the signed file, compared with what was handed over, sent, confirmed, reported. */

import { useEffect, useRef, useState } from "preact/hooks";
import type { ReviewView } from "coldamp-wasm";
import { type Prepared, openTreasury, useDesk } from "../desk.ts";
import type { Handle } from "../engine/handles.ts";
import { failed, type Failure, failureOf } from "../failure.ts";
import { Tick } from "../parts/field.tsx";
import { Intake, useInlet } from "../parts/intake.tsx";
import { Groups } from "../parts/money.tsx";
import { named } from "../parts/file-info.ts";
import { Refusal } from "../parts/refusal.tsx";
import { Facts, Step } from "../parts/step.tsx";
import { Paid } from "./back/paid.tsx";
import { Send } from "./back/send.tsx";

/** The step. */
export function BackStep() {
  const { desk } = useDesk();
  return (
    <Step id="back" mark="↩" title="Coming back" waits="Comes after the treasury.">
      {/* Keyed: the audit of one file opens the way for no other. */}
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
        The air-gapped machine hands back one file, <code>signed.json</code>. It is compared with the PSET that was handed
        over before anything is sent.
      </p>
      <Intake
        inlet={file}
        hint="The file that coldamp sign wrote."
        accept=".json,application/json"
        scan="Scan the signed file with the camera"
        // A selection often leaves out the line feed at the end, which the file must have.
        ofPasted={(text) => `${text.trim()}\n`}
      />
    </>
  );
}

/** What a signed file was compared with, and agrees with. */
interface Agreed {
  readonly handle: Handle<"Audited">;
  readonly review: ReviewView;
  /** The PSET, by name. */
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
          ["Signing machine", `journal ${view.journal.id}, entry ${view.journal.number}`],
        ]}
      />
      {other ? (
        <Refusal failure={{ ...OTHER_NETWORK, message: `the file is of ${view.network}` }} />
      ) : agreed === null ? (
        <Audit onAgreed={setAgreed} />
      ) : (
        <>
          <p class="good" role="status">
            The transaction is what the PSET and the view key make, byte for byte, and its signatures verify. Compared with{" "}
            {agreed.against}.
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

/** A PSET that was handed over, and how it is called. */
interface HandedOver {
  readonly prepared: Prepared;
  readonly words: string;
}

/** Recomputes the transaction from the PSET and the view key, and compares. */
function Audit({ onAgreed }: { readonly onAgreed: (agreed: Agreed) => void }) {
  const { desk, engine } = useDesk();
  const [missing, setMissing] = useState(false);
  const [verdict, setVerdict] = useState<{ failure: Failure; against: string } | null>(null);
  const [running, setRunning] = useState(false);
  // Whether this form is still there: an audit that ends later is of a file that was put away.
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
  // A file that is being read, or could not be, takes the place of the one before all the same.
  const pset: HandedOver | null = state.at === "nothing" ? made : state.at === "read" ? state.value : null;

  /** The same file with the tick as it is now. */
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
      setVerdict({ failure: failureOf(thrown), against });
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
            hint="The file that went to the air-gapped machine."
            accept=".pset,text/plain,application/octet-stream"
            busy={running}
          />
          <Tick
            label="It was prepared with missing token outputs allowed"
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

/** A PSET by its name and its approval code. */
function whole({ review }: Prepared, words: string): string {
  return `${words}, ${review.approval === null ? "which is not to be signed" : `approval code ${review.approval}`}`;
}
