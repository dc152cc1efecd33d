/** Step 1: which treasury. Its watch-only CT descriptor, which sees every amount and can spend none. */

import { useState } from "preact/hooks";
import { useDesk } from "../desk.ts";
import { failed, type Failure, failureOf, isFailure } from "../failure.ts";
import { whileNobodyWorks } from "../locks.ts";
import { Field, Tick } from "../parts/field.tsx";
import { Intake, useInlet } from "../parts/intake.tsx";
import { Groups } from "../parts/money.tsx";
import { Facts, Step } from "../parts/step.tsx";
import { Refusal } from "../parts/refusal.tsx";
import { APART } from "../remember.ts";

const NETWORKS = ["liquid", "liquid-testnet", "regtest"] as const;

/** Longer text is no descriptor; a multisig of fifteen keys has a tenth. */
const MOST_CHARACTERS = 20_000;

/** The step. */
export function TreasuryStep() {
  const { desk } = useDesk();
  return (
    <Step id="treasury" mark="1" title="Treasury">
      {desk.treasury ? <Opened /> : <Open />}
    </Step>
  );
}

function Open() {
  const { desk, act, engine, memory } = useDesk();
  const kept = memory.descriptor;
  // What serves the page is known a moment later than the form; what was chosen by hand stays.
  const [chosen, setNetwork] = useState<string | null>(null);
  const network = desk.served?.network ?? chosen ?? kept?.network ?? "liquid";
  const [descriptor, setDescriptor] = useState(kept?.text ?? "");
  const [policyAsset, setPolicyAsset] = useState("");
  const [failure, setFailure] = useState<Failure | null>(null);
  const [busy, setBusy] = useState(false);
  const file = useInlet("Descriptor file", {
    read: async ({ bytes }) => {
      if (bytes.length > MOST_CHARACTERS) throw NO_DESCRIPTOR;
      return new TextDecoder().decode(bytes).trim();
    },
    onRead: setDescriptor,
  });

  async function open(event: Event) {
    event.preventDefault();
    setFailure(null);
    setBusy(true);
    try {
      const asset = policyAsset.trim() === "" || network !== "regtest" ? null : policyAsset.trim();
      const [places, treasury] = await Promise.all([
        engine.call("network", [network, asset]),
        engine.call("treasury", [network, descriptor.trim(), asset]),
      ]);
      if (memory.descriptor !== null) memory.keepDescriptor({ network, text: descriptor.trim() });
      // Whichever treasury was open before: its hosts may be of another network.
      const { esplora, amp } = desk.served?.network === network ? desk.served : places;
      act({ did: "places", places: { esplora: esplora ?? "", amp } });
      act({ did: "treasury", treasury: { ...treasury, descriptor: descriptor.trim() } });
    } catch (thrown) {
      setFailure(failureOf(thrown));
    } finally {
      setBusy(false);
    }
  }

  const aboutAsset = policyAsset.trim() !== "" && failure !== null && /^(NETWORK|ARGUMENT)$/.test(failure.code);
  return (
    <form onSubmit={open} noValidate>
      <p>
        The descriptor of <code>coldamp key watch</code>. It holds the view key: whoever has it sees every amount of the
        treasury, and can spend none of it. It stays in this page.
      </p>
      <Field
        label="Network"
        hint={desk.served === null ? undefined : "set by coldamp-online serve"}
      >
        {(aria) =>
          desk.served === null ? (
            <select {...aria} value={network} onChange={(event) => setNetwork(event.currentTarget.value)}>
              {NETWORKS.map((name) => (
                <option key={name}>{name}</option>
              ))}
            </select>
          ) : (
            <output {...aria}>{network}</output>
          )
        }
      </Field>
      <Field
        label="CT descriptor"
        hint="ct(slip77(…),elwpkh([fingerprint/84h/…]xpub/<0;1>/*)), with checksum or without"
        failure={aboutAsset ? null : failure}
      >
        {(aria) => (
          <textarea
            {...aria}
            rows={4}
            spellcheck={false}
            autocomplete="off"
            autocapitalize="off"
            value={descriptor}
            onInput={(event) => setDescriptor(event.currentTarget.value)}
          />
        )}
      </Field>
      <Intake
        inlet={file}
        hint="A text file with the descriptor, or its QR code."
        accept=".txt,.descriptor,text/plain"
        scan="Scan the descriptor with the camera"
        paste={false}
        busy={busy}
      />
      {network === "regtest" && (
        <details>
          <summary>A policy asset of one’s own</summary>
          <Field
            label="Policy asset"
            hint="64 hexadecimal digits; empty for the node’s own"
            failure={aboutAsset ? failure : null}
          >
            {(aria) => (
              <input
                {...aria}
                spellcheck={false}
                value={policyAsset}
                onInput={(event) => setPolicyAsset(event.currentTarget.value)}
              />
            )}
          </Field>
        </details>
      )}
      <button type="submit" disabled={busy || file.reading || desk.health.state === "stopped"}>
        {busy && desk.health.state === "starting" ? "The engine is loading…" : "Open the treasury"}
      </button>
      <Remember network={network} descriptor={descriptor} />
    </form>
  );
}

const NO_DESCRIPTOR: Failure = failed("DESCRIPTOR", "it is too long for a descriptor");

function Opened() {
  const { desk, act } = useDesk();
  if (desk.treasury === null) return null;
  const { descriptor } = desk.treasury;
  const { network, script, origin, first_address } = desk.treasury.view;
  return (
    <>
      <Facts
        of={[
          ["Network", network],
          ["Script", script],
          ["Key", <code>{origin}</code>],
          ["First address", <Groups text={first_address} label="First address" />],
        ]}
      />
      <p class="hint">
        Compare the first address with what <code>coldamp key address --index 0</code> prints on the air-gapped machine.
      </p>
      <Remember network={network} descriptor={descriptor} />
      <button type="button" class="quiet" onClick={() => act({ did: "treasury", treasury: null })}>
        Take another treasury
      </button>
    </>
  );
}

/** What is kept on this computer, which is nothing unless it is ticked. */
function Remember({ network, descriptor }: { readonly network: string; readonly descriptor: string }) {
  const { desk, act, memory } = useDesk();
  const [failure, setFailure] = useState<Failure | null>(null);
  const told = failure ?? (memory.isApart ? APART : null);

  async function keep(change: () => void) {
    setFailure(null);
    try {
      // No tab may be in the middle of a job: it works with the record and the log as it has read them.
      await whileNobodyWorks(change);
    } catch (thrown) {
      setFailure(isFailure(thrown) ? thrown : failed("STORAGE", failureOf(thrown).message));
    }
    act({ did: "remembers", remembers: memory.onThisComputer });
  }

  return (
    <fieldset>
      <legend>What is kept</legend>
      <Tick
        label="Remember on this computer"
        checked={desk.remembers}
        hint="Which coins prepared requests reserve, and the log of what was sent and reported: so that two prepared jobs never share a coin. No password, ever. Unticking removes all of it, for every treasury. To give back the coins of one request, release it at step 4, Review."
        onChange={(checked) => void keep(() => memory.keepOnThisComputer(checked))}
      />
      <Tick
        label="Remember the descriptor as well"
        checked={memory.descriptor !== null}
        disabled={!desk.remembers || location.protocol === "file:"}
        hint={
          location.protocol === "file:"
            ? "Not from a file on disk: a browser may show what one such page keeps to the others."
            : "It is the view key: whoever uses this browser then sees every amount of the treasury."
        }
        onChange={(checked) =>
          void keep(() => memory.keepDescriptor(checked ? { network, text: descriptor.trim() } : null))
        }
      />
      {told && <Refusal failure={told} />}
    </fieldset>
  );
}
