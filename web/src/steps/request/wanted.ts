/** What AMP is asked for, and its answer: what the forms of this folder hand on to one another. */

import type { Engine } from "../../engine/client.ts";
import type { Handle } from "../../engine/handles.ts";
import type { Answer } from "../../engine/protocol.ts";
import { save } from "../../parts/save.tsx";

/** The jobs that AMP can be asked for. */
export type Job = "distribute" | "reissue" | "burn";

/** The job that the operator wants, and the login and assignments that it was looked up with. */
export interface Wanted {
  readonly amp: Handle<"Amp">;
  readonly root: string;
  readonly job: Job;
  readonly uuid: string;
  /** The asset's id in AMP's answer. */
  readonly asset: string;
  /** Base units; empty for a distribution. */
  readonly amount: string;
  /** The assignments; null unless it is a distribution. */
  readonly outlook: Answer<"outlook"> | null;
}

/** Frees the login and the assignments. */
export function letGo(engine: Engine, { amp, outlook }: Wanted): void {
  engine.drop(amp);
  if (outlook !== null) engine.drop(outlook.handle);
}

/** AMP's answer. */
export interface Given {
  readonly bytes: Uint8Array;
  /** The total that the request must have, base units. */
  readonly total: string;
}

/** The name of the file that holds the answer. */
export function nameOf({ job, uuid }: Wanted): string {
  return `${job}-${uuid.slice(0, 8)}.request.json`;
}

/** Offers AMP's answer as a file. Called as soon as it has arrived, before anything reads it. */
export function saveAnswer(wanted: Wanted, bytes: Uint8Array): void {
  save(nameOf(wanted), bytes as BlobPart, "application/json");
}
