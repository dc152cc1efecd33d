import { useDesk } from "../desk.ts";
import { originOf } from "../network.ts";
import type { Served } from "../served.ts";

/** A host that is about to be asked, and what it learns. */
export interface Host {
  readonly address: string;
  readonly what: string;
}

/** The hosts that will be asked. Shown before the first request to them. */
export function Hosts({ hosts }: { readonly hosts: readonly Host[] }) {
  const { served } = useDesk().desk;
  return (
    <div class="hosts">
      <p>Requests will go to these hosts and to no other:</p>
      <ul aria-label="Hosts that will be asked">
        {hosts.map(({ address, what }) => (
          <li key={address + what}>
            <strong>{askedHost(address, served) ?? "(no address yet)"}</strong> {what}
          </li>
        ))}
      </ul>
      {hosts.some(({ address }) => passedOnTo(address, served) !== null) && (
        <p>The requests go through coldamp-online serve on this computer ({location.host}).</p>
      )}
    </div>
  );
}

/** The server to which `coldamp-online serve` passes requests for this address on. Null if it does not, or does not run. */
export function passedOnTo(address: string, served: Served | null): string | null {
  if (served === null) return null;
  const within = (root: string) => address === root || address.startsWith(`${root}/`);
  if (within(served.esplora)) return served.esplora_upstream;
  return within(served.amp) ? served.amp_upstream : null;
}

/**
 * The server that answers requests to this address, for reading: the server behind `coldamp-online serve`, or the address
 * itself.
 */
export function answeringServer(address: string, served: Served | null): string {
  return passedOnTo(address, served) ?? address;
}

/** Its origin. Null if no request may go to the address. */
function askedHost(address: string, served: Served | null): string | null {
  return originOf(address) === null ? null : new URL(answeringServer(address, served)).origin;
}

/** What a chain source learns from a scan. */
export const chainLearns = "learns the treasury’s addresses. It does not learn amounts and assets: this page decrypts them itself.";

/** What AMP receives at a login. */
export const ampGets = "receives your user name and password. It does not receive the view key.";
