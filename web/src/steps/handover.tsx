/** Step 5: one file for the air-gapped machine, and what is typed there. */

import { useMemo, useState } from "preact/hooks";
import { type Commands, KEYSTORE, commands } from "../commands.ts";
import { type Prepared, useDesk } from "../desk.ts";
import { Frames } from "../parts/frames.tsx";
import { Copy, save } from "../parts/save.tsx";
import { Step } from "../parts/step.tsx";
import { isApproved } from "../step-state.ts";

/** The step. */
export function HandoverStep() {
  const { desk } = useDesk();
  const waits = desk.prepared && !isApproved(desk) ? "This PSET is not to be signed." : "Comes after the review.";
  return (
    <Step id="handover" mark="5" title="Hand over" waits={waits}>
      {desk.prepared && <HandOver prepared={desk.prepared} name={desk.request?.name ?? ""} />}
    </Step>
  );
}

function HandOver({ prepared, name }: { readonly prepared: Prepared; readonly name: string }) {
  const { desk } = useDesk();
  const [moving, setMoving] = useState(false);
  const { pset } = prepared;
  const bytes = useMemo(() => bytesOf(pset), [pset]);
  const typed = commands(name, desk.chosen.allowMissingTokens);
  return (
    <>
      <p>
        Bring <code>{typed.pset}</code> to the air-gapped machine on a stick.
      </p>
      <div class="row">
        <button type="button" onClick={() => save(typed.pset, pset, "text/plain")}>
          Download {typed.pset}
        </button>
        <Copy text={pset} label="Copy the PSET" />
        <button type="button" class="quiet" aria-expanded={moving} onClick={() => setMoving(!moving)}>
          {moving ? "Hide the animated QR" : "Show as animated QR"}
        </button>
      </div>
      {moving && (
        <>
          <p class="hint">
            <code>coldamp</code> reads no QR code. This is for a machine with another program that reads BBQr with its camera
            and writes the file.
          </p>
          <Frames bytes={bytes} type="P" />
        </>
      )}
      <Typed commands={typed} />
      <p class="hint">
        The file is as secret as a bank statement: with the view key it tells every amount. It holds no key.
      </p>
    </>
  );
}

/** What is typed on the air-gapped machine. */
function Typed({ commands }: { readonly commands: Commands }) {
  return (
    <>
      <h3>On the air-gapped machine</h3>
      <p>
        In the folder that holds the keystore and this file. If your keystore is not called <code>{KEYSTORE}</code>, put its
        name there. Both commands ask for its passphrase.
      </p>
      <ol class="typed">
        <li>
          <p>Show what the PSET does. Read all of it, and compare the approval code with the one of step 4.</p>
          <pre tabIndex={0} role="region" aria-label="Command that reviews">{commands.review}</pre>
        </li>
        <li>
          <p>
            Sign it. The command asks for what is to be approved; <code>--approve</code> with the approval code that the
            review printed there takes the place of the question. Bring <code>{commands.signed}</code> back.
          </p>
          <pre tabIndex={0} role="region" aria-label="Command that signs">{commands.sign}</pre>
        </li>
      </ol>
    </>
  );
}

/** A PSET's own bytes: what a QR carries, a third less than its base64. */
function bytesOf(pset: string): Uint8Array {
  return Uint8Array.from(atob(pset.trim()), (character) => character.charCodeAt(0));
}
