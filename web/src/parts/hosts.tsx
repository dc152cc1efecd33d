import { useDesk } from "../desk.ts";
import { originOf } from "../network.ts";
import type { Served } from "../served.ts";

/** A place that is about to be asked, and what it will learn. */
export interface Host {
  readonly address: string;
  readonly what: string;
}

/** Which hosts will be asked, shown before the first request. */
export function Hosts({ hosts }: { readonly hosts: readonly Host[] }) {
  const { served } = useDesk().desk;
  return (
    <div class="hosts">
      <p>Requests will go to these hosts and to no other:</p>
      <ul aria-label="Hosts that will be asked">
        {hosts.map(({ address, what }) => (
          <li key={address + what}>
            <strong>{askedHost(address, served) ?? "(no address yet)"}</strong> {what}
            {passedOnTo(address, served) !== null && ` coldamp-online serve on this computer (${location.host}) passes it on.`}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Whom `coldamp-online serve` passes requests to this address on to; null where it does not, or where nobody serves. */
export function passedOnTo(address: string, served: Served | null): string | null {
  if (served === null) return null;
  const within = (root: string) => address === root || address.startsWith(`${root}/`);
  if (within(served.esplora)) return served.esplora_upstream;
  return within(served.amp) ? served.amp_upstream : null;
}

/** The host that is asked in the end. */
function askedHost(address: string, served: Served | null): string | null {
  return originOf(address) === null ? null : new URL(passedOnTo(address, served) ?? address).origin;
}

/** What a chain source learns. */
export const chainLearns = "learns the treasury’s addresses; amounts and assets are opened here and stay here.";

/** What AMP gets. */
export const ampGets = "gets the user name and the password, and nothing of the treasury’s view key.";
