/** Makes the signed file of what the signers of a PSET gave back. */

import { useEffect, useRef, useState } from "preact/hooks";
import { type NamedFile, useDesk } from "../../desk.ts";
import { type Failure, failureOf } from "../../failure.ts";
import { named } from "../../parts/file-info.ts";
import { Held, Intake, useInlet } from "../../parts/intake.tsx";
import { Refusal } from "../../parts/refusal.tsx";
import { HandedOverFile, useHandedOver, whole } from "./handed-over.tsx";

/** The part of the step. */
export function Combine() {
  const { desk, act, engine } = useDesk();
  const [parts, setParts] = useState<readonly NamedFile[]>([]);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [running, setRunning] = useState(false);
  // Whether this form is still open. What is combined later is dropped.
  const here = useRef(true);
  useEffect(() => () => void (here.current = false), []);
  const choice = useHandedOver(() => setFailure(null));
  const file = useInlet<NamedFile>("Parts", {
    onBegin: () => setFailure(null),
    read: async ({ bytes, name }) => ({ bytes, words: named({ name, size: bytes.length }) }),
    onRead: (part) => setParts((before) => [...before, part]),
  });
  const { made, pset } = choice;
  const treasury = desk.treasury?.view;
  const isQuorum = (treasury?.threshold ?? 1) > 1;

  async function combine() {
    if (pset === null) return;
    setFailure(null);
    setRunning(true);
    try {
      const { prepared } = pset;
      const { bytes, ...signed } = await engine.call("combine", [prepared.handle, parts.map(({ bytes }) => bytes)]);
      if (!here.current) {
        engine.drop(signed.audited);
        engine.drop(signed.handle);
        return;
      }
      const agreed = { handle: signed.audited, review: prepared.review, against: whole(pset) };
      const words = `made here of ${parts.length === 1 ? "1 part" : `${parts.length} parts`}`;
      act({ did: "signed", signed: { handle: signed.handle, view: signed.view, words, combined: { bytes, agreed } } });
    } catch (thrown) {
      setFailure(failureOf(thrown));
    } finally {
      setRunning(false);
    }
  }

  const wanted = treasury && isQuorum ? `${treasury.threshold} of the ${treasury.keys} signers` : "the signer";
  return (
    <details open={isQuorum}>
      <summary>Combine the parts of several signers</summary>
      <p>
        A part is what a signer gave back: <code>signatures.json</code>, or the PSET with signatures. Choose those of {wanted}.
        Each signature is verified, and the signed file is made here.
      </p>
      {(made === null || choice.file.state.at !== "nothing" || failure !== null) && (
        <HandedOverFile choice={choice} busy={running} />
      )}
      <Intake
        inlet={file}
        several
        hint="One file of each signer. Several can be chosen at once."
        accept=".json,.pset,application/json,text/plain,application/octet-stream"
        scan="Scan a part with the camera"
        paste={false}
        busy={running}
        has={<Held files={parts} onLeave={(part) => setParts(parts.filter((other) => other !== part))} />}
      />
      {pset && <p class="against">They will be combined with {whole(pset)}.</p>}
      <button
        type="button"
        disabled={pset === null || parts.length === 0 || running || file.reading}
        onClick={() => void combine()}
      >
        {running ? `Combining ${parts.length === 1 ? "1 part" : `${parts.length} parts`}…` : "Combine the parts"}
      </button>
      {failure && <Refusal failure={failure} />}
    </details>
  );
}
