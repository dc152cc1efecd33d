/** The way back: the signed file, compared with what was handed over, sent, confirmed, reported. */

import { useEffect, useState } from "preact/hooks";
import { type Prepared, useDesk } from "../desk.ts";
import type { Handle } from "../engine/handles.ts";
import { type Failure, failureOf } from "../failure.ts";
import { Tick } from "../parts/field.tsx";
import { Intake } from "../parts/intake.tsx";
import { Groups } from "../parts/money.tsx";
import { Refusal } from "../parts/refusal.tsx";
import { Facts, Step } from "../parts/step.tsx";
import { Send } from "./back/send.tsx";

/** The step. */
export function BackStep() {
  const { desk } = useDesk();
  const standing = desk.reported ? "done" : desk.treasury ? "now" : "later";
  return (
    <Step id="back" mark="↩" title="Coming back" standing={standing} waits="Comes after the treasury.">
      {/* Keyed: the audit of one file opens the way for no other. */}
      {desk.signed ? <Signed key={desk.signed.handle} /> : <Take />}
    </Step>
  );
}

function Take() {
  const { act, engine } = useDesk();
  const [failure, setFailure] = useState<Failure | null>(null);

  async function read(bytes: Uint8Array) {
    setFailure(null);
    try {
      act({ did: "signed", signed: await engine.call("read_signed", [bytes]) });
    } catch (thrown) {
      setFailure(failureOf(thrown));
    }
  }

  return (
    <>
      <p>
        The air-gapped machine hands back one file, <code>signed.json</code>. It is compared with the PSET that was handed
        over before anything is sent.
      </p>
      <Intake
        label="Signed file"
        hint="The file that coldamp sign wrote."
        accept=".json,application/json"
        scan="Scan the signed file with the camera"
        failure={failure}
        onTaken={({ bytes }) => void read(bytes)}
      />
    </>
  );
}

function Signed() {
  const { desk, act, engine } = useDesk();
  const [audited, setAudited] = useState<Handle<"Audited"> | null>(null);
  useEffect(() => () => void (audited && engine.drop(audited)), [audited]);
  if (desk.signed === null) return null;
  const { view } = desk.signed;
  const other = view.network !== desk.treasury?.view.network;
  return (
    <>
      <Facts
        of={[
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
      ) : (
        <Audit onAudited={setAudited} />
      )}
      {audited && <Send audited={audited} />}
      <button
        type="button"
        class="quiet"
        onClick={() => {
          setAudited(null);
          act({ did: "signed", signed: null });
        }}
      >
        Take another signed file
      </button>
    </>
  );
}

const OTHER_NETWORK: Failure = {
  code: "NETWORK",
  message: "",
  hint: "open the treasury of that network at step 1",
};

/** Recomputes the transaction from the PSET and the view key, and compares. */
function Audit({ onAudited }: { readonly onAudited: (audited: Handle<"Audited"> | null) => void }) {
  const { desk, engine } = useDesk();
  const [dropped, setDropped] = useState<Prepared | null>(null);
  const [unread, setUnread] = useState<Failure | null>(null);
  const [missing, setMissing] = useState(false);
  const [verdict, setVerdict] = useState<Failure | "running" | "agrees" | null>(null);
  const pset = dropped ?? desk.prepared;
  useEffect(() => () => void (dropped && engine.drop(dropped.handle)), [dropped]);

  async function read(bytes: Uint8Array) {
    if (desk.treasury === null) return;
    setUnread(null);
    setVerdict(null);
    try {
      setDropped(await engine.call("read_pset", [desk.treasury.handle, bytes, missing]));
    } catch (thrown) {
      setUnread(failureOf(thrown));
    }
  }

  async function audit() {
    if (desk.signed === null || pset === null) return;
    setVerdict("running");
    try {
      onAudited(await engine.call("audit", [desk.signed.handle, pset.handle]));
      setVerdict("agrees");
    } catch (thrown) {
      setVerdict(failureOf(thrown));
      onAudited(null);
    }
  }

  if (verdict === "agrees") {
    return (
      <p class="good" role="status">
        The transaction is what the PSET and the view key make, byte for byte, and its signatures verify.
      </p>
    );
  }
  return (
    <>
      {(desk.prepared === null || dropped !== null || (verdict !== null && verdict !== "running")) && (
        <>
          <Intake
            label="PSET that was handed over"
            hint={dropped ? "Taken." : "The file that went to the air-gapped machine."}
            accept=".pset,text/plain,application/octet-stream"
            failure={unread}
            onTaken={({ bytes }) => void read(bytes)}
          />
          <Tick label="It was prepared with missing token outputs allowed" checked={missing} onChange={setMissing} />
        </>
      )}
      <button type="button" disabled={pset === null || verdict === "running"} onClick={() => void audit()}>
        {verdict === "running" ? "Comparing…" : "Compare with the PSET that was handed over"}
      </button>
      {verdict !== null && verdict !== "running" && <Refusal failure={verdict} />}
    </>
  );
}
