/** What AMP has, whether the treasury has the coins for it, and the confirmation. */

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
import { withoutBlanks, wrongTotal } from "./total.ts";
import { type Given, type Wanted, saveAnswer } from "./wanted.ts";

/** Shows the job, reads the coins, and asks for the confirmation. */
export function Confirm(props: {
  readonly wanted: Wanted;
  readonly onAnswer: (answer: Given) => void;
  readonly onBack: () => void;
}) {
  const { wanted } = props;
  const { desk, engine, memory } = useDesk();
  const [planned, setPlanned] = useState(false);
  // How often a reservation was released: with more free coins the job is planned again.
  const [released, setReleased] = useState(0);
  const [typed, setTyped] = useState("");
  const wait = useWait();
  const { running } = wait;
  // Whether the distribution was requested. Without an answer it may have been made, and what was read before is out of date.
  const [asked, setAsked] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const { job, uuid, asset, amount, amp, root, outlook } = wanted;
  const { total, holders, open } = outlook?.view ?? NO_OUTLOOK;
  const coins = desk.coins?.asset === asset ? desk.coins.handle : null;
  const policy_asset = desk.treasury?.view.policy_asset ?? "";
  const treasury = desk.treasury?.view.first_address ?? "";
  const names: Names = { asset, ticker: null, precision: null, token: null, policy_asset };
  const whole = job === "distribute" ? total : amount;
  const isTotal = withoutBlanks(typed) === total;

  useEffect(() => {
    setPlanned(false);
    if (coins === null) return;
    setFailure(null);
    const record = desk.treasury && memory.record(desk.treasury.view.first_address);
    const plan =
      outlook !== null
        ? engine.call("plan_distribution", [coins, outlook.handle, record])
        : engine.call("plan_amount", [coins, job === "burn" ? "burn" : "reissue", amount, record]);
    plan.then(() => setPlanned(true), (thrown: unknown) => setFailure(failureOf(thrown)));
  }, [coins, released]);

  useEffect(() => {
    // Closing the page while AMP is asked loses the answer: the browser asks first.
    if (!running) return;
    const stay = (event: Event) => event.preventDefault();
    addEventListener("beforeunload", stay);
    return () => removeEventListener("beforeunload", stay);
  }, [running]);

  async function take(asking: (signal: AbortSignal) => Promise<Given>) {
    setFailure(null);
    try {
      // One tab at a time: otherwise two tabs could both request a distribution.
      const given = await wait.run((signal) => alone(treasury, () => asking(signal)));
      // Saved here, not in the form that shows it: the operator may have opened another treasury meanwhile.
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
                  Write the request of {distribution.slice(0, 8)} again
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
      {!nothing && !conflict && coins === null && (
        <>
          <p>Read the coins first. The page then checks that the treasury can do this job, before AMP is asked for the request.</p>
          <Sync asset={asset} />
        </>
      )}
      {failure && <Refusal failure={failure} />}
      {failure && coins !== null && (
        <Reserved coins={coins} request={null} isWhy={true} onRelease={() => setReleased(released + 1)} />
      )}
      {asked && !running && (
        <p class="hint">
          Press “Look again” first: the distribution may have been made. If so, AMP shows it as open, and the page can write
          its request again.
        </p>
      )}
      {planned && !nothing && !conflict && (!asked || running) && (
        <form
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            if (job !== "distribute" || isTotal) void ask();
          }}
        >
          <p class="good">The treasury has the coins for this job.</p>
          {job === "distribute" && (
            <Field
              label="Type the total in base units"
              hint="This makes the distribution at AMP. It cannot be undone."
              failure={wrongTotal(typed, total)}
            >
              {(aria) => (
                <input
                  {...aria}
                  inputMode="numeric"
                  autocomplete="off"
                  disabled={running}
                  value={typed}
                  onInput={(event) => setTyped(event.currentTarget.value)}
                />
              )}
            </Field>
          )}
          <Hosts hosts={[{ address: root, what: job === "distribute" ? LOOKS_ONCE_MORE : `is asked for the ${job} request, once.` }]} />
          <button type="submit" disabled={running || (job === "distribute" && !isTotal)}>
            {running ? "Asking…" : job === "distribute" ? "Make the distribution at AMP" : "Ask AMP for the request"}
          </button>
        </form>
      )}
      <div class="row">
        <Cancel wait={wait} />
        <button type="button" class="quiet" disabled={running} onClick={props.onBack}>
          Look again
        </button>
      </div>
    </>
  );
}

const LOOKS_ONCE_MORE = "is asked for the assignments again. If they have not changed, it is asked to make the distribution.";

const NO_OUTLOOK = { total: "0", holders: [], open: [] };

/** The holder, as AMP shows it. */
function holder(user: string | null, gaid: string | null): string | null {
  const shown = [user === null ? "" : `user ${user}`, gaid ?? ""].filter((part) => part !== "");
  return shown.length === 0 ? null : shown.join(", ");
}

const NOTHING: Failure = failed("NOTHING_TO_DISTRIBUTE", "AMP has no assignment that is ready, vested and not distributed");

const CONFLICT: Failure = failed("DISTRIBUTION_OPEN", "AMP has a distribution that was made and is not reported yet");
