/** The worker: starts the engine behind the guard of the network, and runs one call after another. */

import init, { version } from "coldamp-wasm";
import { failed, type Failure, failureOf } from "../failure.ts";
import { type Guard, guardWorker, ownFile } from "../network.ts";
import { type Calls, type Context, calls } from "./calls.ts";
import type { ToPage, ToWorker, Wasm } from "./protocol.ts";
import { Steps } from "./steps.ts";

const tell = (message: ToPage): void => postMessage(message);

const steps = new Steps();
let guard: Guard | null = null;
const cancelled = new Set<number>();

/**
 * The call that the engine is working on. The engine reads it when a call begins and sets it whenever it resumes one
 * (`wasm/src/call.rs`), so that the guard knows to which call a request belongs.
 */
const scope = globalThis as typeof globalThis & { coldampCall?: number };

async function start(wasm: Wasm): Promise<void> {
  const bytes = "url" in wasm ? await ownFile(wasm.url) : decoded(wasm.base64);
  guard = guardWorker(() => steps.stepsKept(), (traffic) => tell({ kind: "traffic", traffic }), () => scope.coldampCall ?? 0);
  await init({ module_or_path: bytes });
  tell({ kind: "ready", version: version() });
}

function decoded(base64: string): ArrayBuffer {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)).buffer;
}

async function call(id: number, name: keyof Calls, args: readonly unknown[]): Promise<void> {
  const context: Context = {
    progress: (progress) => {
      if (cancelled.has(id)) throw new Error("cancelled");
      tell({ kind: "progress", id, progress });
    },
    step: (line) => tell({ kind: "step", id, step: steps.announce(), line }),
  };
  guard?.begin(id);
  try {
    const run = calls[name] as (context: Context, ...args: readonly unknown[]) => unknown;
    scope.coldampCall = id;
    tell({ kind: "answer", id, value: await run(context, ...args) });
  } catch (thrown) {
    const failure = cancelled.has(id) ? CANCELLED : failureOf(thrown);
    // After a trap or a panic the state of the engine's memory is unknown: it is not used again.
    if (thrown instanceof WebAssembly.RuntimeError || failure.code === "INTERNAL") crashed(failure.message);
    else tell({ kind: "failed", id, failure });
  } finally {
    cancelled.delete(id);
    guard?.forget(id);
  }
}

const CANCELLED: Failure = failed("CANCELLED", "you cancelled this");

function crashed(message: string): void {
  tell({ kind: "crashed", message });
}

/** The messages that came before the engine was ready; null after that. */
let waiting: Exclude<ToWorker, { readonly kind: "start" }>[] | null = [];

/** Handles the waiting messages, each in its own turn: a call has begun before the next one becomes the current one. */
function drain(): void {
  const next = waiting?.shift();
  if (next === undefined) {
    waiting = null;
    return;
  }
  take(next);
  setTimeout(drain);
}

addEventListener("unhandledrejection", ({ reason }) => {
  // A panic after the first turn of a call rejects nothing: without this, the call would never end.
  const failure = failureOf(reason);
  if (reason instanceof WebAssembly.RuntimeError || failure.code === "INTERNAL") crashed(failure.message);
});
addEventListener("message", (event: MessageEvent<ToWorker>) => {
  const message = event.data;
  if (message.kind === "start") start(message.wasm).then(drain, (reason: unknown) => crashed(String(reason)));
  else if (waiting === null) take(message);
  else waiting.push(message);
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
      cancelled.add(message.id);
      guard?.cancel(message.id);
      break;
    case "cut":
      guard?.cut();
      break;
    case "mend":
      steps.forgetLost();
      guard?.mend();
      break;
    case "kept":
      steps.answer(message.step, message.failure);
      break;
  }
}
