/** The worker: starts the engine behind the guard of the network, and runs one call after another. */

import init, { version } from "coldamp-wasm";
import { failureOf } from "../failure.ts";
import { type Guard, guardWorker, ownFile } from "../network.ts";
import { type Calls, type Context, calls } from "./calls.ts";
import type { ToPage, ToWorker, Wasm } from "./protocol.ts";
import { Steps } from "./steps.ts";

const tell = (message: ToPage): void => postMessage(message);

const steps = new Steps();
let guard: Guard | null = null;
let cancelled = false;
let running = 0;

/** A server that does not answer must not keep a call that was cancelled. */
const PATIENCE = 4000;

async function start(wasm: Wasm): Promise<void> {
  const bytes = "url" in wasm ? await ownFile(wasm.url) : decoded(wasm.base64);
  guard = guardWorker(() => steps.recorded(), (traffic) => tell({ kind: "traffic", traffic }));
  await init({ module_or_path: bytes });
  tell({ kind: "ready", version: version() });
}

function decoded(base64: string): ArrayBuffer {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)).buffer;
}

async function call(id: number, name: keyof Calls, args: readonly unknown[]): Promise<void> {
  const context: Context = {
    progress: (progress) => {
      if (cancelled) throw new Error("cancelled");
      tell({ kind: "progress", id, progress });
    },
    step: (line) => tell({ kind: "step", id, step: steps.announce(), line }),
  };
  running += 1;
  try {
    const run = calls[name] as (context: Context, ...args: readonly unknown[]) => unknown;
    tell({ kind: "answer", id, value: await run(context, ...args) });
  } catch (thrown) {
    const failure = failureOf(thrown);
    // After a trap or a mistake the engine's memory is in no known state: nothing more is asked of it.
    if (thrown instanceof WebAssembly.RuntimeError || failure.code === "INTERNAL") crashed(failure.message);
    else tell({ kind: "failed", id, failure });
  } finally {
    running -= 1;
  }
}

function crashed(message: string): void {
  tell({ kind: "crashed", message });
}

/** Whatever comes before the engine is there waits for it. */
let started: Promise<void> = Promise.resolve();

addEventListener("unhandledrejection", ({ reason }) => {
  // A panic outside the first turn of a call is thrown as a failure, and would leave the call waiting for ever.
  const failure = failureOf(reason);
  if (reason instanceof WebAssembly.RuntimeError || failure.code === "INTERNAL") crashed(failure.message);
});
addEventListener("message", (event: MessageEvent<ToWorker>) => {
  const message = event.data;
  if (message.kind === "start") {
    started = start(message.wasm);
    started.catch((reason: unknown) => crashed(String(reason)));
  } else {
    started.then(
      () => take(message),
      // That it did not start was told.
      () => undefined,
    );
  }
});

function take(message: Exclude<ToWorker, { readonly kind: "start" }>): void {
  switch (message.kind) {
    case "call":
      void call(message.id, message.name, message.args);
      break;
    case "allow":
      guard?.allow(message.origin);
      break;
    case "cancel":
      cancelled = true;
      setTimeout(() => cancelled && running > 0 && guard?.cut(), PATIENCE);
      break;
    case "cut":
      cancelled = true;
      guard?.cut();
      break;
    case "mend":
      cancelled = false;
      steps.forgetLost();
      guard?.mend();
      break;
    case "recorded":
      steps.answer(message.step, message.failure);
      break;
  }
}
