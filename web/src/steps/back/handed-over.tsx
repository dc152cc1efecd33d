/** The PSET that was handed over: the one that this page prepared, or a file that is chosen in its place. */

import { useRef, useState } from "preact/hooks";
import { type Prepared, openTreasury, useDesk } from "../../desk.ts";
import { Tick } from "../../parts/field.tsx";
import { named } from "../../parts/file-info.ts";
import { Intake, type Inlet, useInlet } from "../../parts/intake.tsx";

/** A PSET that was handed over, and its name. */
export interface HandedOver {
  readonly prepared: Prepared;
  readonly words: string;
}

/** A file that was chosen in place of the PSET of this page. */
type Chosen = HandedOver & { readonly bytes: Uint8Array };

/** The choice. */
export interface Choice {
  /** The PSET of this page. */
  readonly made: HandedOver | null;
  /** What is chosen. Null while a file is read, and if it cannot be read. */
  readonly pset: HandedOver | null;
  readonly file: Inlet<Chosen>;
  readonly allowsMissing: boolean;
  /** Reads the same file again with the changed tick. */
  readonly allow: (checked: boolean) => void;
}

/** The choice of a PSET. `onBegin` is called when another file is chosen. */
export function useHandedOver(onBegin: () => void): Choice {
  const { desk, engine } = useDesk();
  const [allowsMissing, setAllows] = useState(false);
  const newest = useRef(allowsMissing);
  const file = useInlet<Chosen>("PSET that was handed over", {
    onBegin,
    read: async ({ bytes, name }) => {
      const { handle } = openTreasury(desk);
      const prepared = await engine.call("read_pset", [handle, bytes, newest.current]);
      return { prepared, bytes, words: named({ name, size: bytes.length }) };
    },
    letGo: ({ prepared }) => engine.drop(prepared.handle),
  });
  const { state } = file;
  const made = desk.prepared === null ? null : { prepared: desk.prepared, words: "the PSET that this page prepared" };
  // A chosen file replaces the PSET of this page, also while it is being read or if it cannot be read.
  const pset = state.at === "nothing" ? made : state.at === "read" ? state.value : null;

  function allow(checked: boolean) {
    setAllows(checked);
    newest.current = checked;
    if (state.at === "read") void file.reader.take(state.of, Promise.resolve(state.value.bytes));
  }

  return { made, pset, file, allowsMissing, allow };
}

/** The fields of the choice. */
export function HandedOverFile({ choice, busy }: { readonly choice: Choice; readonly busy: boolean }) {
  return (
    <>
      <Intake
        inlet={choice.file}
        hint="The file that you brought to the air-gapped machine."
        accept=".pset,text/plain,application/octet-stream"
        busy={busy}
      />
      <Tick
        label="The PSET was prepared with “Allow missing token outputs”"
        checked={choice.allowsMissing}
        disabled={busy}
        onChange={choice.allow}
      />
    </>
  );
}

/** A PSET in words: its name and its approval code. */
export function whole({ prepared: { review }, words }: HandedOver): string {
  return `${words}, ${review.approval === null ? "which must not be signed" : `approval code ${review.approval}`}`;
}
