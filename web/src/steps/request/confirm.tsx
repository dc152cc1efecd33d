/** What AMP has, whether it could be carried out, and the confirmation of a person. */

import { useEffect, useState } from "preact/hooks";
import type { Names } from "../../amounts.ts";
import { useDesk } from "../../desk.ts";
import { failed, type Failure, failureOf } from "../../failure.ts";
import { alone } from "../../locks.ts";
import { Field } from "../../parts/field.tsx";
import { Hosts } from "../../parts/hosts.tsx";
import { Groups, Money } from "../../parts/money.tsx";
import { Payees } from "../../parts/payees.tsx";
import { Refusal } from "../../parts/refusal.tsx";
import { Reserved } from "../../parts/reserved.tsx";
import { Facts } from "../../parts/step.tsx";
import { Sync } from "../../parts/sync.tsx";
import { Cancel, useWait } from "../../parts/wait.tsx";
import { type Given, type Wanted, saveAnswer } from "./wanted.ts";

/** Confirms. */
export function Confirm(props: {
  readonly wanted: Wanted;
  readonly onAnswer: (answer: Given) => void;
  readonly onBack: () => void;
}) {
  const { wanted } = props;
  const { desk, engine, memory } = useDesk();
  const [planned, setPlanned] = useState(false);
  // How often a reservation was released: with more coins it is planned anew.
  const [released, setReleased] = useState(0);
  const [typed, setTyped] = useState("");
  const wait = useWait();
  const { running } = wait;
  // Whether the distribution was asked for. Without an answer it may be made: what was looked at before says nothing any more.
  const [asked, setAsked] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const { job, uuid, asset, amount, amp, root, outlook } = wanted;
  const { total, holders, open } = outlook?.view ?? NO_OUTLOOK;
  const coins = desk.coins?.asset === asset ? desk.coins.handle : null;
  const policy_asset = desk.treasury?.view.policy_asset ?? "";
  const treasury = desk.treasury?.view.first_address ?? "";
  const names: Names = { asset, ticker: null, precision: null, token: null, policy_asset };
  const whole = job === "distribute" ? total : amount;

  useEffect(() => {
    setPlanned(false);
    if (coins === null) return;
    setFailure(null);
    const record = desk.treasury && memory.record(desk.treasury.view.first_address);
    const plan =
      outlook !== null
        ? engine.call("plan_distribution", [coins, outlook.handle, record])
        : engine.call("plan_amount", [coins, job === "burn" ? "burn" : "reissue", uuid, amount, record]);
    plan.then(() => setPlanned(true), (thrown: unknown) => setFailure(failureOf(thrown)));
  }, [coins, released]);

  useEffect(() => {
    // Whoever closes the page while AMP is asked loses the answer.
    if (!running) return;
    const stay = (event: Event) => event.preventDefault();
    addEventListener("beforeunload", stay);
    return () => removeEventListener("beforeunload", stay);
  }, [running]);

  async function take(asking: (signal: AbortSignal) => Promise<Given>) {
    setFailure(null);
    try {
      // One tab at a time: two could both ask for a distribution that can be made once.
      const given = await wait.run((signal) => alone(treasury, () => asking(signal)));
      // Here and not where it is shown: the person may have gone on to another treasury or request meanwhile.
      saveAnswer(wanted, given.bytes);
      props.onAnswer(given);
    } catch (thrown) {
      setFailure(failureOf(thrown));
    }
  }

  const ask = () =>
    take(async (signal) => {
      if (outlook === null) {
        const named = job === "burn" ? "burn" : "reissue";
        const bytes = await engine.online([root], "request_amount", [amp, named, uuid, amount], { signal });
        return { bytes, total: whole };
      }
      setAsked(true);
      const step = (line: string) => memory.addToLog(uuid, line);
      const args = [amp, outlook.handle, memory.log(uuid)] as const;
      return { bytes: await engine.online([root], "create_distribution", [...args], { step, signal }), total: whole };
    });

  const count = holders.length;
  const nothing = job === "distribute" && count === 0;
  const conflict = job === "distribute" && open.length > 0;
  return (
    <>
      <Facts
        of={[
          ["Job", job.toUpperCase()],
          ["Asset", <Groups text={asset} />],
          ["In total", <Money amount={whole} asset={asset} names={names} />],
          ...(job === "distribute" ? ([["Recipients", String(count)]] as const) : []),
        ]}
      />
      {count > 0 && (
        <Payees
          caption="Who would be paid"
          payees={holders.map(({ user, gaid, address, amount }) => ({ holder: holder(user, gaid), address, amount }))}
          total={total}
          asset={asset}
          names={names}
        />
      )}
      {nothing && <Refusal failure={NOTHING} />}
      {conflict && (
        <>
          <Refusal failure={CONFLICT} />
          <ul>
            {open.map((distribution) => (
              <li key={distribution}>
                <code>{distribution}</code>{" "}
                <button
                  type="button"
                  class="quiet"
                  disabled={running}
                  onClick={() =>
                    void take((signal) =>
                      engine.online([root], "rebuild_distribution", [amp, uuid, distribution], { signal }),
                    )
                  }
                >
                  Write the request of {distribution.slice(0, 8)} anew
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
      {!nothing && !conflict && coins === null && (
        <>
          <p>Before AMP is asked for the request, the coins are read: to see that it could be carried out.</p>
          <Sync asset={asset} />
        </>
      )}
      {failure && <Refusal failure={failure} />}
      {failure && coins !== null && (
        <Reserved coins={coins} request={null} isWhy={true} onRelease={() => setReleased(released + 1)} />
      )}
      {asked && !running && (
        <p class="hint">
          Look again before anything else: what AMP has may have changed. If the distribution was made, AMP shows it as open,
          and its request is written anew.
        </p>
      )}
      {planned && !nothing && !conflict && (!asked || running) && (
        <form
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            if (job !== "distribute" || typed === total) void ask();
          }}
        >
          <p class="good">The treasury can carry it out.</p>
          {job === "distribute" && (
            <Field
              label="Type the total in base units"
              hint="This makes the distribution at AMP and cannot be taken back."
              failure={typed !== "" && !total.startsWith(typed) ? NOT_THE_TOTAL : null}
            >
              {(aria) => (
                <input
                  {...aria}
                  inputMode="numeric"
                  autocomplete="off"
                  disabled={running}
                  value={typed}
                  onInput={(event) => setTyped(event.currentTarget.value.trim())}
                />
              )}
            </Field>
          )}
          <Hosts hosts={[{ address: root, what: job === "distribute" ? LOOKS_ONCE_MORE : `is asked for the ${job} request, once.` }]} />
          <button type="submit" disabled={running || (job === "distribute" && typed !== total)}>
            {running ? "Asking…" : job === "distribute" ? "Make the distribution at AMP" : "Ask AMP for the request"}
          </button>
        </form>
      )}
      <Cancel wait={wait} />
      <button type="button" class="quiet" disabled={running} onClick={props.onBack}>
        Look again
      </button>
    </>
  );
}

const LOOKS_ONCE_MORE = "is asked for the assignments once more, and for the distribution if they are the same.";

const NO_OUTLOOK = { total: "0", holders: [], open: [] };

/** Somebody as AMP shows them. */
function holder(user: string | null, gaid: string | null): string | null {
  const shown = [user === null ? "" : `user ${user}`, gaid ?? ""].filter((part) => part !== "");
  return shown.length === 0 ? null : shown.join(", ");
}

const NOTHING: Failure = failed("NOTHING_TO_DISTRIBUTE", "AMP has no assignment that is ready, vested and not distributed");

const CONFLICT: Failure = failed("DISTRIBUTION_OPEN", "AMP has distributions that were made and not reported");

const NOT_THE_TOTAL: Failure = failed("TOTAL_DIFFERS", "this is not the total");
