/** The page's side of the engine: typed calls into the worker. The page stays usable while they run. */

import type { Progress } from "coldamp-wasm";
import { failed, type Failure, failureOf } from "../failure.ts";
import { type Traffic, originOf } from "../network.ts";
import type { Answer, Arguments, Name, ToPage, ToWorker } from "./protocol.ts";
import { start } from "./start.ts";

/** The callbacks of a call. */
export interface Listener {
  readonly progress?: (progress: Progress) => void;
  /** Keeps a line of the log. If it throws, the step is not taken. */
  readonly step?: (line: string) => void;
  /** Cancels this call alone. It then fails with CANCELLED. */
  readonly signal?: AbortSignal;
}

/** The state of the engine. */
export type Health =
  | { readonly state: "starting" }
  | { readonly state: "ready"; readonly version: string }
  | { readonly state: "stopped"; readonly failure: Failure };

interface Pending {
  readonly resolve: (value: never) => void;
  readonly reject: (failure: Failure) => void;
  readonly listener: Listener;
}

/** The engine in its worker. */
export class Engine {
  #worker: Worker | null = null;
  #next = 1;
  readonly #pending = new Map<number, Pending>();

  constructor(
    private readonly onHealth: (health: Health) => void,
    private readonly onTraffic: (traffic: Traffic) => void,
  ) {
    this.#start();
  }

  /** Calls. Rejects with a `Failure`, always. */
  call<N extends Name>(name: N, args: Arguments<N>, listener: Listener = {}): Promise<Answer<N>> {
    return new Promise<Answer<N>>((resolve, reject) => {
      if (this.#worker === null) {
        reject(STOPPED);
        return;
      }
      const id = this.#next;
      this.#next += 1;
      this.#pending.set(id, { resolve: resolve as (value: never) => void, reject, listener });
      this.#send({ kind: "call", id, name, args });
      const cancel = () => this.#pending.has(id) && this.#send({ kind: "cancel", id });
      if (listener.signal?.aborted) cancel();
      else listener.signal?.addEventListener("abort", cancel, { once: true });
    });
  }

  /** A call that uses the network. The operator has just confirmed the addresses. */
  online<N extends Name>(
    addresses: readonly string[],
    name: N,
    args: Arguments<N>,
    listener: Listener = {},
  ): Promise<Answer<N>> {
    this.#send({ kind: "mend" });
    for (const address of addresses) {
      const origin = originOf(address);
      if (origin === null) return Promise.reject(noOrigin(address));
      this.#send({ kind: "allow", origin });
    }
    return this.call(name, args, listener);
  }

  /** Frees an object of the engine. */
  drop(handle: number): void {
    this.call("drop", [handle]).catch(() => undefined);
  }

  /** Ends every request that is under way. The calls that wait for them fail. */
  cut(): void {
    this.#send({ kind: "cut" });
  }

  #send(message: ToWorker): void {
    this.#worker?.postMessage(message);
  }

  #start(): void {
    this.onHealth({ state: "starting" });
    try {
      const { worker, wasm } = start();
      this.#worker = worker;
      worker.addEventListener("message", (event: MessageEvent<ToPage>) => this.#hear(event.data));
      worker.addEventListener("error", (event) => this.#stopped(event.message || "the worker could not be loaded"));
      worker.addEventListener("messageerror", () => this.#stopped("a message of the worker could not be read"));
      this.#send({ kind: "start", wasm });
    } catch (thrown) {
      this.#stopped(failureOf(thrown).message);
    }
  }

  #stopped(reason: string): void {
    this.#worker?.terminate();
    this.#worker = null;
    const failure = { ...STOPPED, message: `the engine stopped: ${reason}` };
    for (const { reject } of this.#pending.values()) reject(failure);
    this.#pending.clear();
    this.onHealth({ state: "stopped", failure });
  }

  #hear(message: ToPage): void {
    switch (message.kind) {
      case "ready":
        this.onHealth({ state: "ready", version: message.version });
        break;
      case "answer":
        this.#take(message.id)?.resolve(message.value as never);
        break;
      case "failed":
        this.#take(message.id)?.reject(message.failure);
        break;
      case "progress":
        this.#pending.get(message.id)?.listener.progress?.(message.progress);
        break;
      case "step":
        this.#keep(message.id, message.step, message.line);
        break;
      case "traffic":
        this.onTraffic(message.traffic);
        break;
      case "crashed":
        this.#stopped(message.message);
        break;
    }
  }

  #take(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    return pending;
  }

  /** Keeps a step, and tells the worker, which sends no request before that. */
  #keep(id: number, step: number, line: string): void {
    try {
      this.#pending.get(id)?.listener.step?.(line);
      this.#send({ kind: "kept", step, failure: null });
    } catch (thrown) {
      this.#send({ kind: "kept", step, failure: failureOf(thrown).message });
    }
  }
}

const STOPPED: Failure = failed("ENGINE_STOPPED", "the engine stopped");

function noOrigin(address: string): Failure {
  return failed("SERVER_ADDRESS", `found ${address === "" ? "no address" : address}, expected https://… (or http://127.0.0.1:…)`);
}
