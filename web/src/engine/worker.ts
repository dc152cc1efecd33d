/** The worker: starts the engine behind the guard of the network, and runs one call after another. */

import init, { version } from "coldamp-wasm";
import { failureOf } from "../failure.ts";
import { type Guard, guardWorker, ownFile } from "../network.ts";
import { type Calls, type Context, calls } from "./calls.ts";
import type { ToPage, ToWorker, Wasm } from "./protocol.ts";

const tell = (message: ToPage): void => postMessage(message);

/** Steps that were announced and that the page has not kept: not yet, or it said that it cannot. */
const unkept = new Map<number, { kept: () => void; lost: (reason: Error) => void; promise: Promise<void> }>();
let steps = 0;
let guard: Guard | null = null;

async function recorded(): Promise<void> {
  await Promise.all([...unkept.values()].map(({ promise }) => promise));
}

function announce(id: number, line: string): void {
  const step = steps;
  steps += 1;
  const { promise, resolve: kept, reject: lost } = withResolvers();
  // Whoever sends next hears of a rejection; until then it must not count as unhandled.
  promise.catch(() => undefined);
  unkept.set(step, { kept, lost, promise });
  tell({ kind: "step", id, step, line });
}

function withResolvers() {
  let resolve!: () => void;
  let reject!: (reason: Error) => void;
  const promise = new Promise<void>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

async function start(wasm: Wasm): Promise<void> {
  const bytes = "url" in wasm ? await ownFile(wasm.url) : decoded(wasm.base64);
  guard = guardWorker(recorded, (traffic) => tell({ kind: "traffic", traffic }));
  await init({ module_or_path: bytes });
  tell({ kind: "ready", version: version() });
}

function decoded(base64: string): ArrayBuffer {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)).buffer;
}

async function call(id: number, name: keyof Calls, args: readonly unknown[]): Promise<void> {
  const context: Context = {
    progress: (progress) => {
      if (guard?.isCut) throw new Error("cancelled");
      tell({ kind: "progress", id, progress });
    },
    step: (line) => announce(id, line),
  };
  try {
    const run = calls[name] as (context: Context, ...args: readonly unknown[]) => unknown;
    tell({ kind: "answer", id, value: await run(context, ...args) });
  } catch (thrown) {
    const failure = failureOf(thrown);
    // After a trap or a mistake the engine's memory is in no known state: nothing more is asked of it.
    if (thrown instanceof WebAssembly.RuntimeError || failure.code === "INTERNAL") crashed(failure.message);
    else tell({ kind: "failed", id, failure });
  }
}

function crashed(message: string): void {
  tell({ kind: "crashed", message });
}

/** Whatever comes before the engine is there waits for it. */
let started: Promise<void> = Promise.resolve();

addEventListener("unhandledrejection", ({ reason }) => {
  if (reason instanceof WebAssembly.RuntimeError) crashed(reason.message);
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
    case "cut":
      guard?.cut();
      break;
    case "mend":
      // A step that was lost stopped its own call, and nothing of a later one.
      unkept.clear();
      guard?.mend();
      break;
    case "recorded": {
      const step = unkept.get(message.step);
      if (message.failure === null) {
        unkept.delete(message.step);
        step?.kept();
      } else {
        step?.lost(new Error(`the step was not kept: ${message.failure}`));
      }
      break;
    }
  }
}
