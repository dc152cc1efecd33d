/** The choice of what is kept on this computer. Nothing is, unless it is ticked. */

import { useState } from "preact/hooks";
import { useDesk } from "../desk.ts";
import { failed, type Failure, failureOf, isFailure } from "../failure.ts";
import { whileNobodyWorks } from "../locks.ts";
import { APART } from "../remember.ts";
import { Tick } from "./field.tsx";
import { Refusal } from "./refusal.tsx";

/** The descriptor that can be kept, and its network. */
interface Kept {
  readonly network: string;
  readonly text: string;
}

/** The choice: reservations and logs, and with `descriptor` the descriptor too. */
export function Remember({ legend, descriptor }: { readonly legend: string; readonly descriptor?: Kept }) {
  const { desk, act, memory } = useDesk();
  const [failure, setFailure] = useState<Failure | null>(null);
  const told = failure ?? (memory.isApart ? APART : null);
  const isFile = location.protocol === "file:";

  async function keep(change: () => void) {
    setFailure(null);
    try {
      // No tab may be in the middle of a job: it works with the record and the log as it has read them.
      await whileNobodyWorks(change);
    } catch (thrown) {
      setFailure(isFailure(thrown) ? thrown : failed("STORAGE", failureOf(thrown).message));
    }
    act({ did: "remembers", remembers: memory.onThisComputer });
  }

  return (
    <fieldset>
      <legend>{legend}</legend>
      <Tick
        label="Remember on this computer"
        checked={desk.remembers}
        hint={descriptor === undefined ? BEFORE_PREPARING : WHAT_IS_KEPT}
        onChange={(checked) => void keep(() => memory.keepOnThisComputer(checked))}
      />
      {descriptor !== undefined && (
        <Tick
          label="Remember the descriptor as well"
          checked={memory.descriptor !== null}
          disabled={!desk.remembers || isFile}
          hint={isFile ? NOT_FROM_A_FILE : "It contains the view key: whoever uses this browser then sees every amount of the treasury."}
          onChange={(checked) => void keep(() => memory.keepDescriptor(checked ? descriptor : null))}
        />
      )}
      {told && <Refusal failure={told} />}
    </fieldset>
  );
}

const WHAT_IS_KEPT =
  "Keeps the coins that prepared requests have reserved, and the log of what was sent and reported. It never keeps a password. If you untick it, all of this is removed, for every treasury. To free the coins of one request, release it at step 4, Review.";

const BEFORE_PREPARING =
  "This request reserves its coins, so that no other request of this page takes them. If this is not ticked, closing or reloading the page forgets the reservation and the log, and a second request could take the same coins. The page and the command line do not know each other’s reservations: prepare the requests of a treasury with one of them only.";

const NOT_FROM_A_FILE = "Not possible for a page from a file: the browser may show what it keeps to other such pages.";
