import { originOf } from "../network.ts";

/** A place that is about to be asked, and what it will learn. */
export interface Host {
  readonly address: string;
  readonly what: string;
}

/** Which hosts will be asked, shown before the first request. */
export function Hosts({ hosts }: { readonly hosts: readonly Host[] }) {
  return (
    <div class="hosts">
      <p>Requests will go to these hosts and to no other:</p>
      <ul aria-label="Hosts that will be asked">
        {hosts.map(({ address, what }) => (
          <li key={address + what}>
            <strong>{originOf(address) ?? "(no address yet)"}</strong> {what}
            {originOf(address) === location.origin && " It is coldamp-online serve on this computer, which passes it on."}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** What a chain source learns. */
export const chainLearns = "learns the treasury’s addresses; amounts and assets are opened here and stay here.";

/** What AMP gets. */
export const ampGets = "gets the user name and the password, and nothing of the treasury’s view key.";
