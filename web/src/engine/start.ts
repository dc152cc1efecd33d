/** Starts the worker of the page that has its files beside it. */

import wasm from "../../pkg/coldamp_wasm_bg.wasm?url";
import type { Wasm } from "./protocol.ts";

/** The worker, and where its WASM is. */
export function start(): { readonly worker: Worker; readonly wasm: Wasm } {
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  return { worker, wasm: { url: new URL(wasm, document.baseURI).href } };
}
