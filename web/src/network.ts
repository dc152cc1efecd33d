/**
 * The network: the only file of the page that sends a request, and a test says so.
 *
 * The engine's HTTP client calls the worker's global `fetch`. That name is bound to a guard, which lets a request go only
 * to an origin that the person confirmed, only while the network is not cut, and only after every step of the log is
 * where the log is kept. The Content-Security-Policy cannot be as narrow: the person names the hosts after the page was
 * loaded.
 */

/** What went out so far. */
export interface Traffic {
  /** Requests let through, by origin. */
  readonly sent: Readonly<Record<string, number>>;
  /** Requests to any other origin, or after the network was cut: none of them left. */
  readonly refused: number;
}

/** What `coldamp-online serve` says of itself in serve.json. */
export interface Served {
  readonly network: string;
  readonly esplora: string;
  readonly amp: string;
  /** Whether chain and AMP are the embedded ones, where nothing is worth anything. */
  readonly sandbox: boolean;
  readonly version: string;
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
  readonly #sent = new Map<string, number>();
  #refused = 0;
  #line = new AbortController();

  /**
   * `recorded` resolves once every step announced so far is kept; where it rejects, nothing is sent.
   * `tell` hears of each request.
   */
  constructor(
    private readonly send: Send,
    private readonly recorded: () => Promise<void>,
    private readonly tell: (traffic: Traffic) => void,
  ) {}

  /** The person confirmed this origin. */
  allow(origin: string): void {
    if (originOf(origin) !== origin) {
      throw new TypeError(`${origin} is not the origin of an https address, nor of http://127.0.0.1`);
    }
    this.#origins.add(origin);
  }

  /** Ends what is under way, and refuses everything until `mend`. */
  cut(): void {
    this.#line.abort(new DOMException("the person cut the network", "AbortError"));
  }

  /** Requests may go again. */
  mend(): void {
    if (this.#line.signal.aborted) this.#line = new AbortController();
  }

  /** In the place of `fetch`. */
  readonly fetch = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const asked = new Request(input, init);
    const { origin } = new URL(asked.url);
    const line = this.#line.signal;
    if (!this.#origins.has(origin)) return this.#refuse(new TypeError(`${origin} was not confirmed`));
    if (line.aborted) return this.#refuse(line.reason);
    await this.recorded();
    if (line.aborted) return this.#refuse(line.reason);
    // A redirect would lead to a host that nobody confirmed; a cookie or a referrer would say more than was asked for.
    const request = new Request(asked, {
      signal: AbortSignal.any([asked.signal, line]),
      credentials: "omit",
      redirect: "error",
      referrerPolicy: "no-referrer",
      cache: "no-store",
    });
    this.#sent.set(origin, (this.#sent.get(origin) ?? 0) + 1);
    this.#report();
    try {
      return limited(await this.send(request), MOST_BYTES);
    } catch (thrown) {
      // The engine quotes what was thrown; where in this script it was is of no use to anybody.
      throw withoutPlace(thrown);
    }
  };

  #refuse(reason: unknown): never {
    this.#refused += 1;
    this.#report();
    throw reason;
  }

  #report(): void {
    this.tell({ sent: Object.fromEntries(this.#sent), refused: this.#refused });
  }
}

function withoutPlace(thrown: unknown): unknown {
  if (thrown instanceof Error) thrown.stack = "";
  return thrown;
}

/** The other ways out of a worker, which nothing here uses. */
const OTHER_DOORS = ["XMLHttpRequest", "WebSocket", "WebSocketStream", "WebTransport", "EventSource", "BroadcastChannel"];

/** Puts the guard in the place of this worker's `fetch`, and closes the other ways out. */
export function guardWorker(recorded: () => Promise<void>, tell: (traffic: Traffic) => void): Guard {
  const send = globalThis.fetch.bind(globalThis);
  const guard = new Guard(send, recorded, tell);
  for (const door of OTHER_DOORS) Reflect.deleteProperty(globalThis, door);
  Reflect.defineProperty(globalThis, "fetch", { value: guard.fetch, writable: false, configurable: false });
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

/** Checks the shape of serve.json. Its addresses are paths below the page's own origin, and no other is taken. */
export function readServed(found: unknown, page: string): Served | null {
  if (typeof found !== "object" || found === null) return null;
  const { network, esplora, amp, proxied, sandbox, version } = found as Record<string, unknown>;
  if (typeof network !== "string" || typeof version !== "string" || proxied !== true) return null;
  const [chain, api] = [ownAddress(esplora, page), ownAddress(amp, page)];
  if (chain === null || api === null) return null;
  return { network, esplora: chain, amp: api, sandbox: sandbox === true, version };
}

function ownAddress(path: unknown, page: string): string | null {
  if (typeof path !== "string" || path === "") return null;
  const address = new URL(path, page);
  return address.origin === new URL(page).origin ? address.href : null;
}
