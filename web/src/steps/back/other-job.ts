/** A signed file that was compared with the PSET of another job. */

import type { ReviewDocument, SignedView } from "coldamp-wasm";
import type { Failure } from "../../failure.ts";

/** What a signed file and a PSET say about their job. */
type Job = Pick<SignedView | ReviewDocument, "command" | "asset_uuid" | "distribution_uuid">;

/** The failure of a comparison. If the two files name different jobs, it says so instead of what differs first. */
export function explained(failure: Failure, signed: Job, pset: Job): Failure {
  const same =
    signed.command === pset.command &&
    signed.asset_uuid === pset.asset_uuid &&
    signed.distribution_uuid === pset.distribution_uuid;
  if (failure.code !== "SIGNED_DIFFERS" || same) return failure;
  const message = `this is another job’s signed file: it is of ${named(signed)}, the PSET is of ${named(pset)}`;
  return { ...failure, message, hint: "Choose the signed file of this PSET, or the PSET of this signed file. Nothing was sent." };
}

function named({ command, asset_uuid, distribution_uuid }: Job): string {
  if (command === null) return "no request";
  return distribution_uuid === null ? `a ${command} of asset ${asset_uuid}` : `distribution ${distribution_uuid}`;
}
