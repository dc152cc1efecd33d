/**
 * Asking AMP for a request, in the same order as the command line: what AMP has is read, the coins are read and the job is
 * planned. Only then AMP is asked for the request, once, and its answer is saved before anything reads it.
 */

import { useState } from "preact/hooks";
import { decimal, units } from "../../amounts.ts";
import { useDesk } from "../../desk.ts";
import { failed, type Failure, failureOf } from "../../failure.ts";
import { Field } from "../../parts/field.tsx";
import { Hosts, ampGets } from "../../parts/hosts.tsx";
import { LogIn, aboutLogIn, useCredentials } from "../../parts/login.tsx";
import { Refusal } from "../../parts/refusal.tsx";
import { Cancel, useWait } from "../../parts/wait.tsx";
import { Answered } from "./answered.tsx";
import { Confirm } from "./confirm.tsx";
import { withoutBlanks } from "./total.ts";
import { type Given, type Job, type Wanted, letGo } from "./wanted.ts";

/** The three forms: look, confirm, save. */
export function FromAmp() {
  const { engine } = useDesk();
  const [wanted, setWanted] = useState<Wanted | null>(null);
  const [answer, setAnswer] = useState<Given | null>(null);

  function back() {
    if (wanted !== null) letGo(engine, wanted);
    setWanted(null);
  }

  if (wanted !== null && answer !== null) return <Answered wanted={wanted} answer={answer} />;
  if (wanted !== null) return <Confirm wanted={wanted} onAnswer={setAnswer} onBack={back} />;
  return <Look onLooked={setWanted} />;
}

const JOBS: readonly (readonly [Job, string])[] = [
  ["distribute", "Distribute what was assigned"],
  ["reissue", "Reissue"],
  ["burn", "Burn"],
];

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

function Look({ onLooked }: { readonly onLooked: (wanted: Wanted) => void }) {
  const { desk, engine } = useDesk();
  const credentials = useCredentials(desk.places.amp);
  const [job, setJob] = useState<Job>("distribute");
  const [uuid, setUuid] = useState("");
  const [typedAmount, setAmount] = useState("");
  const amount = withoutBlanks(typedAmount);
  const wait = useWait();
  const { running } = wait;
  const [failure, setFailure] = useState<Failure | null>(null);
  const network = desk.treasury?.view.network ?? "";

  const wrongUuid = uuid !== "" && !UUID.test(uuid) ? NO_UUID : null;
  const isAmount = isBetween(units(amount), 1n, MOST_AMOUNT);
  const wrongAmount = amount !== "" && !isAmount ? NO_AMOUNT : null;
  const whole = UUID.test(uuid) && (job === "distribute" || isAmount) && credentials.whole;

  async function look(event: Event) {
    event.preventDefault();
    const { root, username, password } = credentials.typed;
    setFailure(null);
    try {
      onLooked(await wait.run(async (signal) => {
        const amp = await engine.online([root], "log_in", [root, network, username, password], { signal });
        credentials.type({ password: "" });
        try {
          if (job === "distribute") {
            const outlook = await engine.online([root], "outlook", [amp, uuid], { signal });
            return { amp, root, job, uuid, asset: outlook.view.asset, amount: "", outlook };
          }
          const asset = await engine.online([root], "asset", [amp, uuid], { signal });
          return { amp, root, job, uuid, asset, amount, outlook: null };
        } catch (thrown) {
          engine.drop(amp);
          throw thrown;
        }
      }));
    } catch (thrown) {
      setFailure(failureOf(thrown));
    }
  }

  return (
    <form onSubmit={look} noValidate>
      <fieldset class="choice" disabled={running}>
        <legend>Job</legend>
        {JOBS.map(([name, words]) => (
          <label key={name}>
            <input type="radio" name="job" checked={job === name} onChange={() => setJob(name)} />
            {words}
          </label>
        ))}
      </fieldset>
      <Field label="Asset at AMP" hint="AMP’s uuid of the asset" failure={wrongUuid}>
        {(aria) => (
          <input
            {...aria}
            spellcheck={false}
            disabled={running}
            value={uuid}
            onInput={(event) => setUuid(event.currentTarget.value.trim())}
          />
        )}
      </Field>
      {job !== "distribute" && (
        <Field
          label="Amount in base units"
          hint={units(amount) === null ? "a whole number: AMP’s number times 10⁸, so 1.0 is 100 000 000" : `AMP writes this as ${decimal(amount, 8)}`}
          failure={wrongAmount}
        >
          {(aria) => (
            <input
              {...aria}
              inputMode="numeric"
              disabled={running}
              value={typedAmount}
              onInput={(event) => setAmount(event.currentTarget.value)}
            />
          )}
        </Field>
      )}
      <LogIn credentials={credentials} disabled={running} failure={failure} />
      <Hosts hosts={[{ address: credentials.typed.root, what: ampGets }]} />
      <button type="submit" disabled={running || !whole}>
        {running ? "Looking…" : "Ask this host what there is"}
      </button>
      <Cancel wait={wait} />
      {failure && !aboutLogIn(failure) && <Refusal failure={failure} />}
      <p class="hint">This only reads. Nothing is made at AMP before you confirm it.</p>
    </form>
  );
}

/** The largest amount of an asset that the network takes in one output: 21 million times 10^8 (Elements, `MAX_MONEY`). */
const MOST_AMOUNT = 2_100_000_000_000_000n;

function isBetween(value: bigint | null, least: bigint, most: bigint): boolean {
  return value !== null && value >= least && value <= most;
}

const NO_UUID: Failure = failed("UUID", "expected a uuid: 8-4-4-4-12 lower-case hexadecimal digits");

const NO_AMOUNT: Failure = failed("AMOUNT", "expected a whole number of base units, from 1 to 2 100 000 000 000 000");
