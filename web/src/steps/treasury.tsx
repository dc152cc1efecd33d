/** Step 1: the treasury, by its watch-only CT descriptor. It shows every amount and cannot spend. */

import { useState } from "preact/hooks";
import { useDesk } from "../desk.ts";
import { failed, type Failure, failureOf } from "../failure.ts";
import { Field } from "../parts/field.tsx";
import { Intake, useInlet } from "../parts/intake.tsx";
import { Groups } from "../parts/money.tsx";
import { Remember } from "../parts/remember.tsx";
import { Facts, Step } from "../parts/step.tsx";

const NETWORKS = ["liquid", "liquid-testnet", "regtest"] as const;

/** A limit against text that is not a descriptor. The descriptor of a multisig of fifteen keys has a tenth of it. */
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
  // serve.json arrives a moment after the form is shown. What was chosen by hand stays.
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
      // The hosts of an earlier treasury may belong to another network.
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
        Enter the descriptor that <code>coldamp key watch</code> printed. It contains the view key: whoever has it sees every
        amount of the treasury, and cannot spend. It stays in this page.
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
        hint="ct(slip77(…),elwpkh([fingerprint/84h/…]xpub/<0;1>/*)), with or without checksum"
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
          <summary>Custom policy asset</summary>
          <Field
            label="Policy asset"
            hint="64 hexadecimal digits; leave empty for the default of Elements regtest"
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
      <Remember legend="What is kept" descriptor={{ network, text: descriptor.trim() }} />
    </form>
  );
}

const NO_DESCRIPTOR: Failure = failed("DESCRIPTOR", "the text is too long for a descriptor");

function Opened() {
  const { desk, act } = useDesk();
  if (desk.treasury === null) return null;
  const { descriptor } = desk.treasury;
  const { network, script, origin, first_address, threshold, keys } = desk.treasury.view;
  return (
    <>
      <Facts
        of={[
          ["Network", network],
          ["Script", script],
          ...(keys > 1 ? ([["Signers", `${threshold} of ${keys} keys must sign`]] as const) : []),
          [keys > 1 ? "Keys" : "Key", <code>{origin}</code>],
          ["First address", <Groups text={first_address} label="First address" />],
        ]}
      />
      <p class="hint">
        Compare the first address with the one that <code>coldamp key address --index 0</code> prints on the air-gapped
        machine.
      </p>
      <Remember legend="What is kept" descriptor={{ network, text: descriptor.trim() }} />
      <button type="button" class="quiet" onClick={() => act({ did: "treasury", treasury: null })}>
        Take another treasury
      </button>
    </>
  );
}
