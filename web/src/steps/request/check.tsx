/** For the second person: compares the request with what AMP shows. */

import { useState } from "preact/hooks";
import type { Findings } from "coldamp-wasm";
import { useDesk } from "../../desk.ts";
import { failed, type Failure, failureOf } from "../../failure.ts";
import { Hosts, ampGets } from "../../parts/hosts.tsx";
import { LogIn, aboutLogIn, useCredentials } from "../../parts/login.tsx";
import { Refusal, Warnings } from "../../parts/refusal.tsx";
import { Cancel, useWait } from "../../parts/wait.tsx";
import { visible } from "../../visible.ts";

/** Compares the request with AMP. */
export function Check() {
  const { desk, engine } = useDesk();
  const credentials = useCredentials(desk.places.amp || (desk.request?.view.amp ?? ""));
  const wait = useWait();
  const { running } = wait;
  const [failure, setFailure] = useState<Failure | null>(null);
  const [findings, setFindings] = useState<Findings | null>(null);
  const { request, treasury } = desk;
  if (request === null || treasury === null) return null;
  const [job, network] = [request.handle, treasury.view.network];

  async function check(event: Event) {
    event.preventDefault();
    const { root, username, password } = credentials.typed;
    setFailure(null);
    setFindings(null);
    try {
      await wait.run(async (signal) => {
        const amp = await engine.online([root], "log_in", [root, network, username, password], { signal });
        credentials.type({ password: "" });
        try {
          setFindings(await engine.online([root], "check", [amp, job], { signal }));
        } finally {
          engine.drop(amp);
        }
      });
    } catch (thrown) {
      setFailure(failureOf(thrown));
    }
  }

  return (
    <details>
      <summary>Compare with what AMP shows now</summary>
      <p>
        For a second person, on another computer and with another login: it finds a file that was changed on its way.
      </p>
      <form onSubmit={check} noValidate>
        <LogIn credentials={credentials} disabled={running} failure={failure} />
        <Hosts hosts={[{ address: credentials.typed.root, what: ampGets }]} />
        <button type="submit" disabled={running || !credentials.whole}>
          {running ? "Comparing…" : "Ask this host and compare"}
        </button>
        <Cancel wait={wait} />
      </form>
      {failure && !aboutLogIn(failure) && <Refusal failure={failure} />}
      {findings && <Found findings={findings} />}
    </details>
  );
}

function Found({ findings }: { readonly findings: Findings }) {
  const { agrees, differences, unseen } = findings;
  return (
    <div role="status">
      {differences.length > 0 ? (
        <Refusal
          failure={failed("AMP_DIFFERS", `AMP shows other values: ${differences.join("; ")}`)}
        />
      ) : (
        <p class="good">Everything that AMP shows agrees with the request.</p>
      )}
      <ul>
        {agrees.map((line) => (
          <li key={line}>agrees: {visible(line)}</li>
        ))}
      </ul>
      <Warnings of={unseen.map((line) => ({ message: `AMP does not show ${line}` }))} />
    </div>
  );
}
