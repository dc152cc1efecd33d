/** Starts the worker of the single file. Its script and WASM are data blocks in the document. */

import type { Wasm } from "./protocol.ts";

/** The worker, and its WASM. */
export function start(): { readonly worker: Worker; readonly wasm: Wasm } {
  const script = new Blob([block("worker")], { type: "text/javascript" });
  const worker = new Worker(URL.createObjectURL(script));
  return { worker, wasm: { base64: block("wasm") } };
}

/** The text of a data block. */
function block(id: string): string {
  const text = document.getElementById(id)?.textContent;
  if (!text) throw new Error(`this file is damaged: it has no ${id}`);
  return text;
}
