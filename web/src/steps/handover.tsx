/** Step 5: the file for the air-gapped machine, and the commands to type there. */

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
  const waits = desk.prepared && !isApproved(desk) ? "This PSET must not be signed." : "Prepare the PSET first.";
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
  const bytes = useMemo(() => new TextEncoder().encode(pset), [pset]);
  const { threshold = 1, keys = 1 } = desk.treasury?.view ?? {};
  const signers = threshold > 1 ? { threshold, keys } : null;
  const typed = commands(name, desk.chosen.allowMissingTokens, signers !== null);
  return (
    <>
      <p>
        Bring <code>{typed.pset}</code> to {signers === null ? "the air-gapped machine" : `${threshold} of the ${keys} signers`}, on a USB
        stick or as QR codes.
      </p>
      <div class="row">
        <button type="button" class={desk.signed === null ? undefined : "quiet"} onClick={() => save(typed.pset, pset, "text/plain")}>
          Download {typed.pset}
        </button>
        <Copy text={pset} label="Copy the PSET" />
        <button type="button" class="quiet" aria-expanded={moving} onClick={() => setMoving(!moving)}>
          {moving ? "Hide the animated QR" : "Show as animated QR"}
        </button>
      </div>
      {moving && (
        <>
          <p>On the air-gapped machine, with a camera and zbarcam (Debian’s zbar-tools):</p>
          <pre tabIndex={0} role="region" aria-label="Command that scans">{typed.scan}</pre>
          <p>
            To bring the signatures back in the same way: sign with <code>--signatures</code>, show the file that it writes with{" "}
            <code>coldamp qr show</code>, and scan it under “Coming back”, “Combine the parts of several signers”.
          </p>
          <Frames bytes={bytes} />
        </>
      )}
      <Typed commands={typed} signers={signers} />
      <p class="hint">
        Keep the file confidential: whoever also has the view key sees every amount. It contains no key.
      </p>
    </>
  );
}

/** How many keys of a treasury of several must sign. */
interface Signers {
  readonly threshold: number;
  readonly keys: number;
}

/** The commands for the air-gapped machine, or for that of each signer. */
function Typed({ commands, signers }: { readonly commands: Commands; readonly signers: Signers | null }) {
  return (
    <>
      <h3>{signers === null ? "On the air-gapped machine" : "On the air-gapped machine of each signer"}</h3>
      {signers && (
        <p>
          {signers.threshold} of the {signers.keys} signers sign this same file, one after the other or at the same time. Each
          gives back signatures. Under “Coming back”, the page combines them.
        </p>
      )}
      <p>
        Run these commands in the folder with the keystore and this file. If your keystore is not called{" "}
        <code>{KEYSTORE}</code>, type its name instead. Each command asks for its passphrase.
      </p>
      <ol class="typed">
        <li>
          <p>
            Show what the PSET does. Read all of it. Compare the approval code with step 4, and the SHA-256 of the request
            with step 2.
          </p>
          <pre tabIndex={0} role="region" aria-label="Command that reviews">{commands.review}</pre>
        </li>
        <li>
          <p>
            Sign it. The command asks you to type what you approve. Instead, you can add <code>--approve</code> and the
            approval code that the review printed there.{" "}
            {signers && "For NAME type the name of the signer, so that each file has another name. It holds signatures alone, and shows no amount. "}
            Bring <code>{commands.signed}</code> back.
          </p>
          <pre tabIndex={0} role="region" aria-label="Command that signs">{commands.sign}</pre>
        </li>
        <li>
          <p>
            Make a backup. For NUMBER type the number of the journal entry that <code>sign</code> printed, and write it down.
          </p>
          <pre tabIndex={0} role="region" aria-label="Command that makes a backup">{commands.backup}</pre>
        </li>
      </ol>
    </>
  );
}
