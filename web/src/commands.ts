/** The commands for the air-gapped machine. A browser test runs them exactly as they are shown. */

import { fileName } from "./file-name.ts";

/** The keystore's name in these commands. An operator who chose another name types that one. */
export const KEYSTORE = "treasury.age";

/** The names of the files, and the commands. */
export interface Commands {
  readonly pset: string;
  /** What comes back. */
  readonly signed: string;
  /** Takes the PSET from a camera, where it comes as QR codes. */
  readonly scan: string;
  readonly review: string;
  readonly sign: string;
  readonly backup: string;
}

/**
 * The commands for the PSET of a request. Their file names come from the request's and need no quoting in a shell. Of several
 * signers, each gives back signatures alone, in a file with his name.
 */
export function commands(request: string, allowMissingTokens: boolean, isQuorum: boolean): Commands {
  const pset = fileName(request, ".pset");
  const signed = fileName(request, isQuorum ? ".signatures-NAME.json" : ".signed.json");
  const missing = allowMissingTokens ? " --allow-missing-token-utxos" : "";
  return {
    pset,
    signed,
    scan: `zbarcam --raw -Sdisable -Sqrcode.enable | coldamp qr join -o ${pset}`,
    review: `coldamp review ${pset} --keystore ${KEYSTORE}${missing}`,
    sign: `coldamp sign ${pset} --keystore ${KEYSTORE}${missing} -o ${signed}`,
    backup: `coldamp backup --keystore ${KEYSTORE} -o backup-NUMBER.age`,
  };
}
