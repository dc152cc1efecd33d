/** The messages between page and worker. */

import type { Failure } from "../failure.ts";
import type { Traffic } from "../network.ts";
import type { Progress } from "coldamp-wasm";
import type { Calls } from "./calls.ts";

/** The source of the engine's WASM: a file beside the page, or the single file itself. */
export type Wasm = { readonly url: string } | { readonly base64: string };

/** The name of a call. */
export type Name = keyof Calls;

/** The arguments of a call, without the context that the worker adds. */
export type Arguments<N extends Name> = Calls[N] extends (context: never, ...rest: infer A) => unknown ? A : never;

/** The result of a call. */
export type Answer<N extends Name> = Awaited<ReturnType<Calls[N]>>;

/** From the page to the worker. */
export type ToWorker =
  | { readonly kind: "start"; readonly wasm: Wasm }
  | { readonly kind: "call"; readonly id: number; readonly name: Name; readonly args: readonly unknown[] }
  | { readonly kind: "allow"; readonly origin: string }
  /** Cancels one call: its requests at once, its other work at its next progress report. */
  | { readonly kind: "cancel"; readonly id: number }
  /** Ends every request at once. */
  | { readonly kind: "cut" }
  | { readonly kind: "mend" }
  /** The step with this number is kept, or could not be kept. */
  | { readonly kind: "kept"; readonly step: number; readonly failure: string | null };

/** From the worker to the page. */
export type ToPage =
  | { readonly kind: "ready"; readonly version: string }
  | { readonly kind: "answer"; readonly id: number; readonly value: unknown }
  | { readonly kind: "failed"; readonly id: number; readonly failure: Failure }
  | { readonly kind: "progress"; readonly id: number; readonly progress: Progress }
  | { readonly kind: "step"; readonly id: number; readonly step: number; readonly line: string }
  | { readonly kind: "traffic"; readonly traffic: Traffic }
  | { readonly kind: "crashed"; readonly message: string };
