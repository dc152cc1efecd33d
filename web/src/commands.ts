/** What is typed on the air-gapped machine, whole: a test runs it there as it is shown. */

import { fileName } from "./file-name.ts";

/** The keystore's name in these commands; whoever named it otherwise puts that name there. */
export const KEYSTORE = "treasury.age";

/** The names of the files, and the two commands. */
export interface Commands {
  readonly pset: string;
  readonly signed: string;
  readonly review: string;
  readonly sign: string;
}

/** The commands for the PSET of a request. Names come from the request's file and have no character that a shell reads. */
export function commands(request: string, allowMissingTokens: boolean): Commands {
  const [pset, signed] = [fileName(request, ".pset"), fileName(request, ".signed.json")];
  const missing = allowMissingTokens ? " --allow-missing-token-utxos" : "";
  return {
    pset,
    signed,
    review: `coldamp review ${pset} --keystore ${KEYSTORE}${missing}`,
    sign: `coldamp sign ${pset} --keystore ${KEYSTORE}${missing} -o ${signed}`,
  };
}
