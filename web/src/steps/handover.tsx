/** Step 5: one file for the air-gapped machine. */

import { useMemo, useState } from "preact/hooks";
import { useDesk } from "../desk.ts";
import { Frames } from "../parts/frames.tsx";
import { Copy, fileName, save } from "../parts/save.tsx";
import { Step } from "../parts/step.tsx";

/** The step. */
export function HandoverStep() {
  const { desk } = useDesk();
  const ready = desk.prepared !== null && desk.prepared.review.approval !== null;
  const standing = !ready ? "later" : desk.signed ? "done" : "now";
  const waits = desk.prepared && !ready ? "This PSET is not to be signed." : "Comes after the review.";
  return (
    <Step id="handover" mark="5" title="Hand over" standing={standing} waits={waits}>
      {desk.prepared && <HandOver pset={desk.prepared.pset} name={desk.request?.name ?? ""} />}
    </Step>
  );
}

function HandOver({ pset, name }: { readonly pset: string; readonly name: string }) {
  const [moving, setMoving] = useState(false);
  const bytes = useMemo(() => bytesOf(pset), [pset]);
  const file = fileName(name, ".pset");
  return (
    <>
      <p>
        Bring <code>{file}</code> to the air-gapped machine, on a stick or through its camera. There,{" "}
        <code>coldamp review {file}</code> shows what it does, and <code>coldamp sign</code> signs it.
      </p>
      <div class="row">
        <button type="button" onClick={() => save(file, pset, "text/plain")}>
          Download {file}
        </button>
        <Copy text={pset} label="Copy the PSET" />
        <button type="button" class="quiet" aria-expanded={moving} onClick={() => setMoving(!moving)}>
          {moving ? "Hide the animated QR" : "Show as animated QR"}
        </button>
      </div>
      {moving && <Frames bytes={bytes} type="P" />}
      <p class="hint">
        The file is as secret as a bank statement: with the view key it tells every amount. It holds no key.
      </p>
    </>
  );
}

/** A PSET's own bytes: what a QR carries, a third less than its base64. */
function bytesOf(pset: string): Uint8Array {
  return Uint8Array.from(atob(pset.trim()), (character) => character.charCodeAt(0));
}
