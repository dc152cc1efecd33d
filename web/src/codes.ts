// Written by tests/tests/codes.rs from wasm/src/hints.rs, the page's table. Do not edit it.

/** What to do, by the codes of the failures that this script makes without the engine. */
export const HINTS = {
  AMP_DIFFERS: "Do not approve this request. Find out who wrote the file, and whether AMP has changed since.",
  AMOUNT: "Enter a whole number of base units: AMP's number times 10^8, without point or comma.",
  CAMERA: "Allow the camera for this page, which needs https or 127.0.0.1, or bring the file on a USB stick.",
  CANCELLED: "Start it again when you like. The page looks first, and does nothing twice.",
  DESCRIPTOR: "Use the whole, unchanged text that `coldamp key watch -o FILE` wrote on the air-gapped machine. If that file is empty, it was written with `>` and the command failed: delete the file, and write it with -o.",
  DISTRIBUTION_OPEN: "Finish that distribution first. If its answer was lost, the page can write its request again from AMP's assignments.",
  ENGINE_STOPPED: "Reload the page and begin again with the treasury. What was sent or reported is looked up, and not done twice.",
  FEE_RATE: "Enter a whole number. 100 sat/kvB is the least that nodes relay, and usually enough.",
  KEPT_OTHERWISE: "Finish here what you prepared here, then reload this tab: it then goes on with what is kept. A reload forgets what only this tab knows.",
  KEYS_EXPOSED: "Treat these keys as stolen: they have been on a machine with a network. Make a new treasury with `coldamp key new` on the air-gapped machine and send the asset, its reissuance token and all L-BTC there. Delete every copy here.",
  LOG_BUSY: "Wait until the other tab has finished, or close it, then try again. The page looks first, and does nothing twice.",
  NETWORK: "Choose the network of the treasury at step 1. Descriptor, files and chain source must all belong to it.",
  NO_LOCKS: "Use a current browser with the page of `coldamp-online serve`, or the command line.",
  NOTHING_TO_DISTRIBUTE: "Create assignments at AMP first.",
  PAGE: "This is a mistake in the page. Report it: what you did, and this text.",
  PROOFS_UNSIGNED: "Have one of the signers sign with `coldamp`, and combine again with that part. If none of them can, keep this signed.json: as an opening in the settings of step 4 it opens the coins of the treasury whose proofs were replaced.",
  RECORD_CHANGED: "Prepare again. It skips the coins that the other request has reserved.",
  RECORD_DIFFERS: "Show AMP these lines before the next job. The report was accepted.",
  SERVER_ADDRESS: "Enter the server's whole address, without user and password.",
  STORAGE: "Allow the browser to store data for this page, or work without “Remember on this computer” and keep the files yourself.",
  TOO_LARGE: "Choose another file.",
  TOTAL_DIFFERS: "Compare with the assignments at AMP, and type the base units shown above.",
  UNREADABLE: "Copy the file to this computer first.",
  UUID: "AMP shows an asset's uuid beside its name: 8-4-4-4-12 hexadecimal digits.",
} as const;

/** A code of one of them. */
export type ScriptCode = keyof typeof HINTS;
