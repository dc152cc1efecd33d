/** Makes the PSET from request and coins. */

import { useState } from "preact/hooks";
import type { Settings } from "coldamp-wasm";
import { useDesk } from "../../desk.ts";
import { type Failure, failureOf } from "../../failure.ts";
import { alone } from "../../locks.ts";
import { originOf } from "../../network.ts";
import { Field, Tick } from "../../parts/field.tsx";
import { Intake, type Taken } from "../../parts/intake.tsx";
import { Refusal } from "../../parts/refusal.tsx";
import { Cancel, useWait } from "../../parts/wait.tsx";

/** Fee rate where none is named: the network's lowest, in sat/kvB. */
const USUAL_RATE = 100;

/** Prepares. */
export function Prepare() {
  const { desk, act, engine, memory } = useDesk();
  const [rate, setRate] = useState(String(USUAL_RATE));
  const [basis, setBasis] = useState<"discounted" | "full">("discounted");
  const [contract, setContract] = useState<Taken | null>(null);
  const [replace, setReplace] = useState<Taken | null>(null);
  const [openings, setOpenings] = useState<readonly Taken[]>([]);
  const [missing, setMissing] = useState(false);
  const wait = useWait();
  const { running } = wait;
  const [failure, setFailure] = useState<Failure | null>(null);
  const { coins, request, treasury } = desk;
  if (coins === null || request === null || treasury === null) return null;
  const { source } = coins;
  const [from, job, address] = [coins.handle, request.handle, treasury.view.first_address];

  async function prepare() {
    setFailure(null);
    const settings: Settings = {
      fee_rate: Number(rate),
      fee_basis: basis,
      allow_missing_tokens: missing,
      ...(contract === null ? {} : { contract: contract.bytes }),
      ...(replace === null ? {} : { replace: replace.bytes }),
      ...(openings.length === 0 ? {} : { openings: openings.map(({ bytes }) => bytes) }),
    };
    try {
      // With a transaction to replace, the chain source of before is asked for its coins.
      const hosts = replace !== null && originOf(source) !== null ? [source] : [];
      const prepared = await wait.run((signal) =>
        alone(address, async () => {
          const before = memory.record(address);
          const prepared = await engine.online(hosts, "prepare", [from, job, settings, before], { signal });
          // Before anybody can hand it over: what it promised must not be promised a second time.
          if (prepared.record !== null) memory.keepRecord(address, prepared.record, before);
          return prepared;
        }),
      );
      act({ did: "prepared", prepared, from: [from, job] });
    } catch (thrown) {
      setFailure(failureOf(thrown));
    }
  }

  const wrongRate = /^[1-9][0-9]{0,6}$/.test(rate) ? null : NO_RATE;
  const about = (word: string) => (failure !== null && failure.code.includes(word) ? failure : null);
  const placed = about("FEE_RATE") ?? about("CONTRACT") ?? about("REPLACE") ?? about("OPENING");
  return (
    <>
      <details open={placed !== null}>
        <summary>Settings: fee, contract, openings, replacement</summary>
        <div class="row">
          <Field label="Fee rate" hint="sat/kvB" failure={wrongRate ?? about("FEE_RATE")}>
            {(aria) => (
              <input {...aria} inputMode="numeric" value={rate} onInput={(event) => setRate(event.currentTarget.value.trim())} />
            )}
          </Field>
          <Field label="Fee is reckoned on" hint="ELIP-200: proofs count less on the discounted size">
            {(aria) => (
              <select
                {...aria}
                value={basis}
                onChange={(event) => setBasis(event.currentTarget.value === "full" ? "full" : "discounted")}
              >
                <option value="discounted">the discounted size</option>
                <option value="full">the full size</option>
              </select>
            )}
          </Field>
        </div>
        <Intake
          label="Contract file"
          hint={contract ? `Taken: ${contract.name}.` : "The asset’s contract: it proves ticker and precision."}
          accept=".json,application/json"
          failure={about("CONTRACT")}
          onTaken={setContract}
        />
        <Intake
          label="Openings file"
          hint={openings.length > 0 ? `Taken: ${openings.length}.` : "Earlier signed.json files that open coins whose range proofs were swapped."}
          accept=".json,application/json"
          failure={about("OPENING")}
          onTaken={(taken) => setOpenings([...openings, taken])}
        />
        <Intake
          label="Signed file to replace"
          hint={replace ? `Taken: ${replace.name}.` : "An earlier signed.json that waits; the new one excludes it."}
          accept=".json,application/json"
          failure={about("REPLACE")}
          onTaken={setReplace}
        />
        <Tick
          label="Allow missing token outputs"
          checked={missing}
          hint="Only where AMP’s request leaves out token outputs of a split token, and you know why."
          onChange={setMissing}
        />
      </details>
      <button type="button" disabled={running || wrongRate !== null} onClick={() => void prepare()}>
        {running ? "Preparing…" : "Prepare the PSET"}
      </button>
      <Cancel wait={wait} />
      {failure && placed === null && <Refusal failure={failure} />}
      {!memory.onThisComputer && (
        <p class="hint">
          Nothing is remembered: once the page is closed, a second request could be prepared with the same coins. Tick
          “Remember on this computer” at the treasury to prevent it.
        </p>
      )}
    </>
  );
}

const NO_RATE: Failure = {
  code: "FEE_RATE",
  message: "expected a whole number of satoshi per 1,000 virtual bytes",
  hint: "100 is the least that nodes take, and usually enough",
};
