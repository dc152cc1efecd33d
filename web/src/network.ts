/**
 * The network: the only file of the page that sends a request, and a test says so.
 *
 * The engine's HTTP client calls the worker's global `fetch`. That name is bound to a guard. It sends a request only to an
 * origin that the operator confirmed, only while the network is not cut, and only after every announced step of the log
 * is kept. The Content-Security-Policy cannot be so narrow, since the operator chooses the hosts after the page is loaded.
 */

import { type Served, readServed } from "./served.ts";

/** The requests to one origin that the guard sent. */
export interface Asked {
  /** Requests that a server answered. */
  readonly answered: number;
  /**
   * Requests without an answer. The browser does not say whether such a request was sent: the connection may be down, the
   * server may not answer, or a policy of the browser may have blocked it.
   */
  readonly unanswered: number;
}

/** All requests so far. */
export interface Traffic {
  /** By origin. */
  readonly asked: Readonly<Record<string, Asked>>;
  /** Requests that the guard did not send. */
  readonly refused: number;
}

/** Sends a request: `fetch`, or a test's own function. */
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

/** The largest answer, in bytes. The engine has the same limit, but checks it only after the whole answer has arrived. */
export const MOST_BYTES = 64 * 1024 * 1024;

/**
 * Limits the body of a response, so that a server cannot fill the memory of the page. The object stays the same, since the
 * engine's client reads its address.
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

/** Sends requests to confirmed origins only, counts them, and can stop them. */
export class Guard {
  readonly #origins = new Set<string>();
  readonly #asked = new Map<string, Asked>();
  readonly #calls = new Map<number, AbortController>();
  #refused = 0;
  #line = new AbortController();

  /**
   * `stepsKept` resolves when every step announced so far is kept. If it rejects, nothing is sent.
   * `tell` receives the counts after each request. `current` gives the call to which a request belongs.
   */
  constructor(
    private readonly send: Send,
    private readonly stepsKept: () => Promise<void>,
    private readonly tell: (traffic: Traffic) => void,
    private readonly current: () => number = () => 0,
  ) {}

  /** Registers a call, so that it can be cancelled alone, and by `cut`. */
  begin(call: number): void {
    this.#calls.set(call, new AbortController());
  }

  /** Allows an origin that the operator confirmed. */
  allow(origin: string): void {
    if (originOf(origin) !== origin) {
      throw new TypeError(`${origin} is not the origin of an https address, nor of http://127.0.0.1`);
    }
    this.#origins.add(origin);
  }

  /**
   * Ends all requests, and refuses new ones until `mend`. A call that has begun sends nothing after `mend` either:
   * otherwise a call that is waiting could send a transaction minutes after the operator stopped everything.
   */
  cut(): void {
    const reason = stopped("the person cut the network");
    this.#line.abort(reason);
    for (const call of this.#calls.values()) call.abort(reason);
  }

  /** Allows requests again. */
  mend(): void {
    if (this.#line.signal.aborted) this.#line = new AbortController();
  }

  /** Ends the requests of one call, and refuses its further ones. Other calls are not affected. */
  cancel(call: number): void {
    this.#calls.get(call)?.abort(stopped("the person cancelled it"));
  }

  /** The call has ended. */
  forget(call: number): void {
    this.#calls.delete(call);
  }

  /** The function that replaces `fetch`. */
  readonly fetch = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    // Read before the first await: after it another call may be the current one.
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
    // A redirect could lead to a host that was not confirmed. Cookies and referrers would tell the host more than it needs.
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
      // The engine quotes what was thrown. The stack is of no use in a message.
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
 * The error for a request that the guard refuses or that the operator ended. By its name the engine knows that the
 * connection is not the reason (`HttpError::Stopped`, online/src/http.rs), and does not try the request again.
 */
function stopped(reason: string): DOMException {
  return new DOMException(reason, "AbortError");
}

function withoutPlace(thrown: unknown): unknown {
  if (thrown instanceof Error) thrown.stack = "";
  return thrown;
}

/**
 * Every other name by which a worker can load or send something. The page uses none of them; an injected script could. Some
 * are on the global object, some on its prototypes, some on `navigator`. `import()` is syntax and cannot be removed: the
 * Content-Security-Policy of the worker's script restricts it.
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

/** Removes a name from an object and its prototypes. Throws if the browser does not allow it. */
export function close(of: object, name: string): void {
  for (const holder of holders(of, name)) Reflect.deleteProperty(holder, name);
  if (name in of) throw new TypeError(`this browser does not let the page close ${name}`);
}

/**
 * Replaces this worker’s `fetch` by the guard, on the global object and on its prototypes, and removes the other names.
 * Throws if one of them cannot be removed; the engine then does not start.
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
  // The prototype has the original: `WorkerGlobalScope.prototype.fetch.call(self, …)` would avoid the guard.
  for (const holder of new Set([globalThis, ...holders(globalThis, "fetch")])) {
    const done = Reflect.defineProperty(holder, "fetch", { value: guard.fetch, writable: false, configurable: false });
    if (!done) throw new TypeError("this browser does not let the page guard fetch");
  }
  return guard;
}

/** Reads a file of the page. Called before the guard is in place. */
export async function ownFile(address: string): Promise<ArrayBuffer> {
  const answer = await fetch(address, { credentials: "omit", redirect: "error" });
  if (!answer.ok) throw new TypeError(`${address}: the server answered ${answer.status}`);
  return answer.arrayBuffer();
}

/** The description of `coldamp-online serve`, if it serves this page. It does so at 127.0.0.1 only. */
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
