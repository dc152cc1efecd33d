import { useState } from "preact/hooks";
import type { Progress, Source } from "coldamp-wasm";
import { useDesk } from "../desk.ts";
import { type Failure, failureOf } from "../failure.ts";
import { Bar } from "./bar.tsx";
import { Field } from "./field.tsx";
import { Hosts, chainLearns } from "./hosts.tsx";
import { Intake, useInlet } from "./intake.tsx";
import { named } from "./file-info.ts";
import type { Taken } from "./reader.ts";
import { Refusal } from "./refusal.tsx";
import { ServerField } from "./server.tsx";
import { Cancel, useWait } from "./wait.tsx";

/** Reads the treasury's coins from an Esplora server or from a file of transactions. */
export function Sync({ asset }: { readonly asset: string }) {
  const { desk, act, engine, memory } = useDesk();
  const [kind, setKind] = useState<"esplora" | "transactions">("esplora");
  const [issuance, setIssuance] = useState("");
  const wait = useWait();
  const { running } = wait;
  const [progress, setProgress] = useState<Progress | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const inlet = useInlet<Taken>("Transactions file", {
    read: (taken) => {
      setFailure(null);
      return Promise.resolve(taken);
    },
  });
  const file = inlet.state.at === "read" ? inlet.state : null;
  const { treasury, places } = desk;
  if (treasury === null) return null;
  const { handle, view } = treasury;

  async function sync() {
    setFailure(null);
    setProgress(null);
    const source: Source =
      kind === "transactions" && file !== null
        ? { kind: "transactions", bytes: file.value.bytes }
        : { kind: "esplora", url: places.esplora };
    const args = [handle, asset, source, issuance.trim() || null, memory.record(view.first_address)] as const;
    try {
      const hosts = source.kind === "esplora" ? [source.url] : [];
      const coins = await wait.run((signal) => engine.online(hosts, "sync", [...args], { progress: setProgress, signal }));
      const from = source.kind === "esplora" ? source.url : file === null ? "a file" : named(file.of);
      act({ did: "coins", coins: { ...coins, asset, at: new Date(), source: from }, from: [handle] });
    } catch (thrown) {
      const failure = failureOf(thrown);
      // Whoever cancelled it needs no message.
      if (failure.code !== "CANCELLED") setFailure(failure);
    }
  }

  const ready = kind === "esplora" ? places.esplora !== "" : file !== null && !inlet.reading;
  const about = (codes: RegExp) => (failure !== null && codes.test(failure.code) ? failure : null);
  const server = about(/^(ESPLORA_|SOURCE$|SERVER_ADDRESS$)/);
  const unread = about(/^(PARSE|TRANSACTION|TXID)$/);
  const issued = about(/^(ISSUANCE|NO_TRANSACTION)/);
  return (
    <div class="sync">
      <fieldset class="choice" disabled={running}>
        <legend>Where the coins are looked up</legend>
        <label>
          <input type="radio" name="source" checked={kind === "esplora"} onChange={() => setKind("esplora")} />
          Over the network
        </label>
        <label>
          <input type="radio" name="source" checked={kind === "transactions"} onChange={() => setKind("transactions")} />
          From a file
        </label>
      </fieldset>
      {kind === "esplora" ? (
        <>
          <ServerField
            label="Esplora server"
            hint="the root of its API, https://…"
            value={places.esplora}
            disabled={running}
            failure={server}
            onChange={(esplora) => act({ did: "places", places: { esplora } })}
          />
          <Hosts hosts={[{ address: places.esplora, what: chainLearns }]} />
        </>
      ) : (
        <Intake
          inlet={inlet}
          hint="JSON: a list of all transactions of the treasury, each {txid, height, hex}."
          accept=".json,application/json"
          paste={false}
          busy={running}
          failure={unread}
        />
      )}
      <details open={issued !== null}>
        <summary>Issuance transaction</summary>
        <Field
          label="Issuance transaction id"
          hint="needed only if the chain source does not find it"
          failure={issued}
        >
          {(aria) => (
            <input
              {...aria}
              spellcheck={false}
              disabled={running}
              value={issuance}
              onInput={(event) => setIssuance(event.currentTarget.value)}
            />
          )}
        </Field>
      </details>
      {(running || progress !== null) && <Bar progress={progress} />}
      <div class="row">
        <button type="button" disabled={running || !ready} onClick={() => void sync()}>
          {failure || (progress && !running) ? "Try again" : kind === "esplora" ? "Ask this host and read the coins" : "Read the coins"}
        </button>
        <Cancel wait={wait} />
      </div>
      {failure && !server && !unread && !issued && <Refusal failure={failure} />}
      {progress !== null && !running && (
        <p class="hint" role="status">
          Not finished. Another try continues with the coins that are already decrypted.
        </p>
      )}
    </div>
  );
}
