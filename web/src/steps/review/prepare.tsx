/** The settings, and the button that prepares the PSET. */

import { useState } from "preact/hooks";
import type { Settings } from "coldamp-wasm";
import { type Chosen, type NamedFile, USUAL, useDesk } from "../../desk.ts";
import { failed, type Failure, failureOf } from "../../failure.ts";
import { alone } from "../../locks.ts";
import { originOf } from "../../network.ts";
import { Field, Tick } from "../../parts/field.tsx";
import { Held, Intake, useInlet } from "../../parts/intake.tsx";
import { named } from "../../parts/file-info.ts";
import { Refusal } from "../../parts/refusal.tsx";
import { Remember } from "../../parts/remember.tsx";
import { Reserved } from "../../parts/reserved.tsx";
import { Cancel, useWait } from "../../parts/wait.tsx";

/** Prepares the PSET. The settings stay for another try. */
export function Prepare() {
  const { desk, act, engine, memory } = useDesk();
  const wait = useWait();
  const { running } = wait;
  const [failure, setFailure] = useState<Failure | null>(null);
  const { chosen } = desk;
  const choose = (change: Partial<Chosen>) => act({ did: "chosen", chosen: change });

  /** A signed file, described with its transaction. */
  async function signed(bytes: Uint8Array, words: string): Promise<NamedFile> {
    const { handle, view } = await engine.call("read_signed", [bytes]);
    engine.drop(handle);
    return { bytes, words: `${words}, transaction ${view.txid}` };
  }

  const contract = useInlet<NamedFile>("Contract file", {
    read: async ({ bytes, name }) => ({ bytes, words: named({ name, size: bytes.length }) }),
    onBegin: () => choose({ contract: null }),
    onRead: (contract) => choose({ contract }),
  });
  const openings = useInlet<NamedFile>("Openings file", {
    read: ({ bytes, name }) => signed(bytes, named({ name, size: bytes.length })),
    onRead: (file) => choose({ openings: [...chosen.openings, file] }),
  });
  const replace = useInlet<NamedFile>("Signed file to replace", {
    read: ({ bytes, name }) => signed(bytes, named({ name, size: bytes.length })),
    onBegin: () => choose({ replace: null }),
    onRead: (replace) => choose({ replace }),
  });

  const { coins, request, treasury } = desk;
  if (coins === null || request === null || treasury === null) return null;
  const { source } = coins;
  const [from, job, address] = [coins.handle, request.handle, treasury.view.first_address];

  async function prepare() {
    setFailure(null);
    const settings: Settings = {
      fee_rate: Number(chosen.rate),
      fee_basis: chosen.basis,
      allow_missing_tokens: chosen.allowMissingTokens,
      ...(chosen.contract === null ? {} : { contract: chosen.contract.bytes }),
      ...(chosen.replace === null ? {} : { replace: chosen.replace.bytes }),
      ...(chosen.openings.length === 0 ? {} : { openings: chosen.openings.map(({ bytes }) => bytes) }),
    };
    try {
      // The coins of a transaction to replace are read from the same chain source.
      const hosts = chosen.replace !== null && originOf(source) !== null ? [source] : [];
      const prepared = await wait.run((signal) =>
        alone(address, async () => {
          const before = memory.record(address);
          const prepared = await engine.online(hosts, "prepare", [from, job, settings, before], { signal });
          // Kept before the PSET can be handed over: its coins must not be reserved a second time.
          if (prepared.record !== null) memory.keepRecord(address, prepared.record, before);
          return prepared;
        }),
      );
      act({ did: "prepared", prepared, from: [from, job] });
    } catch (thrown) {
      setFailure(failureOf(thrown));
    }
  }

  const wrongRate = /^[1-9][0-9]{0,6}$/.test(chosen.rate) ? null : NO_RATE;
  const about = (word: string) => (failure !== null && failure.code.includes(word) ? failure : null);
  const placed = about("FEE_RATE") ?? about("CONTRACT") ?? about("REPLACE") ?? about("OPENING");
  const reading = contract.reading || openings.reading || replace.reading;
  return (
    <>
      <details open={placed !== null || wrongRate !== null || chosen !== USUAL}>
        <summary>Settings: fee, contract, openings, replacement</summary>
        <div class="row">
          <Field label="Fee rate" hint="sat/kvB" failure={wrongRate ?? about("FEE_RATE")}>
            {(aria) => (
              <input
                {...aria}
                inputMode="numeric"
                value={chosen.rate}
                onInput={(event) => choose({ rate: event.currentTarget.value.trim() })}
              />
            )}
          </Field>
          <Field label="Fee is calculated on" hint="ELIP-200: in the discounted size, proofs count less">
            {(aria) => (
              <select
                {...aria}
                value={chosen.basis}
                onChange={(event) => choose({ basis: event.currentTarget.value === "full" ? "full" : "discounted" })}
              >
                <option value="discounted">the discounted size</option>
                <option value="full">the full size</option>
              </select>
            )}
          </Field>
        </div>
        <Intake
          inlet={contract}
          hint="The asset’s contract, which proves ticker and precision. Not needed if the Esplora server has it from the asset registry."
          accept=".json,application/json"
          busy={running}
          failure={about("CONTRACT")}
          has={<Held files={chosen.contract === null ? [] : [chosen.contract]} onLeave={() => choose({ contract: null })} />}
        />
        <Intake
          inlet={openings}
          hint="Earlier signed.json files, for coins whose range proof was exchanged after signing."
          accept=".json,application/json"
          busy={running}
          failure={about("OPENING")}
          has={
            <Held
              files={chosen.openings}
              onLeave={(file) => choose({ openings: chosen.openings.filter((other) => other !== file) })}
            />
          }
        />
        <Intake
          inlet={replace}
          hint="The signed.json of an earlier transaction that has not confirmed. Only one of the two can confirm."
          accept=".json,application/json"
          busy={running}
          failure={about("REPLACE")}
          has={<Held files={chosen.replace === null ? [] : [chosen.replace]} onLeave={() => choose({ replace: null })} />}
        />
        <Tick
          label="Allow missing token outputs"
          checked={chosen.allowMissingTokens}
          hint="Only if Blockstream support asked you to: the transaction then leaves out token outputs that AMP lists."
          onChange={(allowMissingTokens) => choose({ allowMissingTokens })}
        />
      </details>
      <Remember legend="Before you prepare" />
      <button type="button" disabled={running || reading || wrongRate !== null} onClick={() => void prepare()}>
        {running ? "Preparing…" : reading ? "Reading a file…" : "Prepare the PSET"}
      </button>
      <Cancel wait={wait} />
      {failure && placed === null && <Refusal failure={failure} />}
      <Reserved
        coins={from}
        request={job}
        isWhy={failure !== null && /^COINS_(SPENT|RESERVED)$/.test(failure.code)}
        onRelease={() => setFailure(null)}
      />
    </>
  );
}

const NO_RATE: Failure = failed("FEE_RATE", "expected a whole number of satoshi per 1,000 virtual bytes");
