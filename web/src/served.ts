/** `serve.json`, in which `coldamp-online serve` describes itself to the page. */

/** The content of serve.json. */
export interface Served {
  readonly network: string;
  readonly esplora: string;
  readonly amp: string;
  /** The Esplora server that requests below `esplora` are passed on to. */
  readonly esplora_upstream: string;
  /** The AMP that requests below `amp` are passed on to. */
  readonly amp_upstream: string;
  readonly version: string;
}

/** Checks the shape of serve.json. Its addresses must be paths below the page's own origin. */
export function readServed(found: unknown, page: string): Served | null {
  if (typeof found !== "object" || found === null) return null;
  const { network, esplora, amp, esplora_upstream, amp_upstream, proxied, version } = found as Record<string, unknown>;
  if (typeof network !== "string" || typeof version !== "string" || proxied !== true) return null;
  // The page shows to which server requests are passed on. Without that address it does not use this server.
  if (!isAddress(esplora_upstream) || !isAddress(amp_upstream)) return null;
  const [chain, api] = [ownAddress(esplora, page), ownAddress(amp, page)];
  if (chain === null || api === null) return null;
  return { network, esplora: chain, amp: api, esplora_upstream, amp_upstream, version };
}

function isAddress(found: unknown): found is string {
  return typeof found === "string" && URL.canParse(found) && /^https?:$/.test(new URL(found).protocol);
}

function ownAddress(path: unknown, page: string): string | null {
  if (typeof path !== "string" || path === "") return null;
  const address = new URL(path, page);
  return address.origin === new URL(page).origin ? address.href : null;
}
