/**
 * The network: the only file of the page that sends a request, and a test says so.
 *
 * The engine's HTTP client calls the worker's global `fetch`. That name is bound to a guard, which lets a request go only
 * to an origin that the person confirmed, only while the network is not cut, and only after every step of the log is
 * where the log is kept. The Content-Security-Policy cannot be as narrow: the person names the hosts after the page was
 * loaded.
 */

import { type Served, readServed } from "./served.ts";

/** What happened to the requests to one origin that the guard let through. */
export interface Asked {
  /** Requests that a server answered. */
  readonly answered: number;
  /**
   * Requests without an answer. The browser does not say whether such a request left: the line may be down, the server
   * may be silent, or a policy of the browser may have blocked it.
   */
  readonly unanswered: number;
}

/** What the network did so far. */
export interface Traffic {
  /** By origin. */
  readonly asked: Readonly<Record<string, Asked>>;
  /** Requests to any other origin, or after the network was cut: none of them left. */
  readonly refused: number;
}

/** Whatever sends: `fetch`, or what a test gives. */
export type Send = (request: Request) => Promise<Response>;

/** The origin of an address that requests may go to: https, or plain http to this machine. */
export function originOf(address: string): string | null {
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    return null;
  }
  const safe = url.protocol === "https:" || (url.protocol === "http:" && url.hostname === "127.0.0.1");
  return safe && url.username === "" && url.password === "" ? url.origin : null;
}

/** Bytes that an answer may have: as the engine's own limit, which only sees an answer that has arrived whole. */
export const MOST_BYTES = 64 * 1024 * 1024;

/**
 * The same response, which ends where it grows too long: without this a server could fill the memory of the page. The
 * object itself is kept, since the engine's client reads its address.
 */
export function limited(response: Response, most: number): Response {
  const body = response.body;
  if (body === null) return response;
  const whole = async (): Promise<ArrayBuffer> => {
    const reader = body.getReader();
    const parts: Uint8Array[] = [];
    let length = 0;
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      length += value.length;
      if (length > most) {
        await reader.cancel();
        throw new TypeError(`the answer has more than ${most} bytes`);
      }
      parts.push(value);
    }
    const bytes = new Uint8Array(length);
    let at = 0;
    for (const part of parts) {
      bytes.set(part, at);
      at += part.length;
    }
    return bytes.buffer;
  };
  return Object.defineProperty(response, "arrayBuffer", { value: whole });
}

/** Lets requests go to confirmed origins, counts them, and can be cut. */
export class Guard {
  readonly #origins = new Set<string>();
  readonly #asked = new Map<string, Asked>();
  readonly #calls = new Map<number, AbortController>();
  #refused = 0;
  #line = new AbortController();

  /**
   * `stepsKept` resolves once every step announced so far is kept; where it rejects, nothing is sent.
   * `tell` hears of each request. `current` is the call that a request is made for.
   */
  constructor(
    private readonly send: Send,
    private readonly stepsKept: () => Promise<void>,
    private readonly tell: (traffic: Traffic) => void,
    private readonly current: () => number = () => 0,
  ) {}

  /** A call begins: it can be cancelled by itself, and `cut` ends it. */
  begin(call: number): void {
    this.#calls.set(call, new AbortController());
  }

  /** The person confirmed this origin. */
  allow(origin: string): void {
    if (originOf(origin) !== origin) {
      throw new TypeError(`${origin} is not the origin of an https address, nor of http://127.0.0.1`);
    }
    this.#origins.add(origin);
  }

  /**
   * Ends what is under way, and refuses everything until `mend`. A call that has begun sends nothing more after `mend`
   * either: it may be waiting for its turn just now, and would send a transaction minutes after the person cut the network.
   */
  cut(): void {
    const reason = stopped("the person cut the network");
    this.#line.abort(reason);
    for (const call of this.#calls.values()) call.abort(reason);
  }

  /** Requests may go again. */
  mend(): void {
    if (this.#line.signal.aborted) this.#line = new AbortController();
  }

  /** Ends the requests of one call, and refuses its further ones. Every other call goes on. */
  cancel(call: number): void {
    this.#calls.get(call)?.abort(stopped("the person cancelled it"));
  }

  /** The call has ended. */
  forget(call: number): void {
    this.#calls.delete(call);
  }

  /** In the place of `fetch`. */
  readonly fetch = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    // Read before anything is waited for: afterwards another call may be the current one.
    const call = this.#calls.get(this.current());
    const asked = new Request(input, init);
    const { origin } = new URL(asked.url);
    const line = AbortSignal.any([this.#line.signal, ...(call === undefined ? [] : [call.signal])]);
    if (!this.#origins.has(origin)) return this.#refuse(stopped(`${origin} was not confirmed`));
    if (line.aborted) return this.#refuse(line.reason);
    try {
      await this.stepsKept();
    } catch (thrown) {
      return this.#refuse(stopped(thrown instanceof Error ? thrown.message : String(thrown)));
    }
    if (line.aborted) return this.#refuse(line.reason);
    // A redirect would lead to a host that nobody confirmed; a cookie or a referrer would say more than was asked for.
    const request = new Request(asked, {
      signal: AbortSignal.any([asked.signal, line]),
      credentials: "omit",
      redirect: "error",
      referrerPolicy: "no-referrer",
      cache: "no-store",
    });
    try {
      const response = limited(await this.send(request), MOST_BYTES);
      this.#count(origin, { answered: 1, unanswered: 0 });
      return response;
    } catch (thrown) {
      this.#count(origin, { answered: 0, unanswered: 1 });
      // The engine quotes what was thrown; where in this script it was is of no use to anybody.
      throw withoutPlace(thrown);
    }
  };

  #count(origin: string, more: Asked): void {
    const before = this.#asked.get(origin) ?? { answered: 0, unanswered: 0 };
    this.#asked.set(origin, {
      answered: before.answered + more.answered,
      unanswered: before.unanswered + more.unanswered,
    });
    this.#report();
  }

  #refuse(reason: unknown): never {
    this.#refused += 1;
    this.#report();
    throw reason;
  }

  #report(): void {
    this.tell({ asked: Object.fromEntries(this.#asked), refused: this.#refused });
  }
}

/**
 * What the guard throws for a request that it refuses or that a person ended. By its name the engine knows that it is no
 * trouble of the line (`HttpError::Stopped`, online/src/http.rs), and does not try the request again.
 */
function stopped(reason: string): DOMException {
  return new DOMException(reason, "AbortError");
}

function withoutPlace(thrown: unknown): unknown {
  if (thrown instanceof Error) thrown.stack = "";
  return thrown;
}

/**
 * Everything besides `fetch` by which a worker can load or send something. Nothing here uses them, and a script that got
 * into the worker would. Some stand on the global object, some on its prototypes, some on its `navigator`. What is left is
 * `import()`, which is syntax and no name: the Content-Security-Policy of the worker's script decides on that.
 */
export const OTHER_WAYS_OUT = [
  "XMLHttpRequest",
  "WebSocket",
  "WebSocketStream",
  "WebTransport",
  "EventSource",
  "BroadcastChannel",
  "RTCPeerConnection",
  "fetchLater",
  "importScripts",
  "Worker",
  "SharedWorker",
  // A cache fetches by itself: `caches.open(…)`, then `add`.
  "caches",
  "CacheStorage",
  "Cache",
  // A font is fetched where its source is an address, a notification’s icon likewise.
  "FontFace",
  "fonts",
  "Notification",
] as const;

/** The same on `navigator`. */
export const OTHER_WAYS_OUT_OF_NAVIGATOR = ["sendBeacon", "serviceWorker"] as const;

/** The objects along a prototype chain that hold a name themselves. */
function holders(of: object, name: string): object[] {
  const found: object[] = [];
  for (let holder: object | null = of; holder !== null; holder = Reflect.getPrototypeOf(holder)) {
    if (Object.hasOwn(holder, name)) found.push(holder);
  }
  return found;
}

/** Removes a name from an object and its prototypes. Throws where the browser does not let go of it. */
export function close(of: object, name: string): void {
  for (const holder of holders(of, name)) Reflect.deleteProperty(holder, name);
  if (name in of) throw new TypeError(`this browser does not let the page close ${name}`);
}

/**
 * Puts the guard in the place of this worker’s `fetch`, wherever that stands, and closes the other ways out. Throws, and
 * with it the engine does not start, where one of them cannot be closed.
 */
export function guardWorker(
  stepsKept: () => Promise<void>,
  tell: (traffic: Traffic) => void,
  current: () => number,
): Guard {
  const send = globalThis.fetch.bind(globalThis);
  const guard = new Guard(send, stepsKept, tell, current);
  for (const name of OTHER_WAYS_OUT) close(globalThis, name);
  for (const name of OTHER_WAYS_OUT_OF_NAVIGATOR) close(navigator, name);
  // The prototype has the browser’s own: `WorkerGlobalScope.prototype.fetch.call(self, …)` would pass the guard by.
  for (const holder of new Set([globalThis, ...holders(globalThis, "fetch")])) {
    const done = Reflect.defineProperty(holder, "fetch", { value: guard.fetch, writable: false, configurable: false });
    if (!done) throw new TypeError("this browser does not let the page guard fetch");
  }
  return guard;
}

/** A file of the page's own, beside it. Called before the guard stands. */
export async function ownFile(address: string): Promise<ArrayBuffer> {
  const answer = await fetch(address, { credentials: "omit", redirect: "error" });
  if (!answer.ok) throw new TypeError(`${address}: the server answered ${answer.status}`);
  return answer.arrayBuffer();
}

/** What serves the page, if it is `coldamp-online serve`, which does so at 127.0.0.1 only; null elsewhere. */
export async function servedBy(): Promise<Served | null> {
  if (location.hostname !== "127.0.0.1") return null;
  try {
    const answer = await fetch("./serve.json", { credentials: "omit", redirect: "error", cache: "no-store" });
    if (!answer.ok) return null;
    return readServed(await answer.json(), location.href);
  } catch {
    return null;
  }
}
