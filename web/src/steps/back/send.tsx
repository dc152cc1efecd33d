/** Broadcast, wait for two confirmations, report. Each can be repeated: nothing is sent or posted twice. */

import { useState } from "preact/hooks";
import type { Progress } from "coldamp-wasm";
import { useDesk } from "../../desk.ts";
import type { Handle } from "../../engine/handles.ts";
import type { Answer } from "../../engine/protocol.ts";
import { type Failure, failureOf } from "../../failure.ts";
import { unanswered } from "../../last-step.ts";
import { originOf } from "../../network.ts";
import { Bar } from "../../parts/bar.tsx";
import { alone } from "../../locks.ts";
import { Field, Tick } from "../../parts/field.tsx";
import { Hosts, ampGets, answeringServer } from "../../parts/hosts.tsx";
import { LogIn, aboutLogIn, useCredentials } from "../../parts/login.tsx";
import { Refusal, Warnings } from "../../parts/refusal.tsx";
import { ServerField } from "../../parts/server.tsx";
import { Cancel, useWait } from "../../parts/wait.tsx";
import { isDone } from "../../reported.ts";
import { Reported } from "./reported.tsx";

/** Seconds between two requests for the confirmations. Liquid has a block a minute. */
const POLL_SECONDS = 10;
/** On regtest blocks can come faster. */
const POLL_SECONDS_REGTEST = 1;

type Doing = "broadcast" | "confirmations" | "report";

/** The failure, if it is about the chain source. */
function aboutChain(failure: Failure | null, address: string): Failure | null {
  if (failure === null) return null;
  const nowhere = failure.code === "SERVER_ADDRESS" && originOf(address) === null;
  return nowhere || failure.code.startsWith("ESPLORA_") ? failure : null;
}

/** A failure below its button. With `but`, a failure of the login is left out: the login shows it beside its field. */
function Beside({ failure, but = false }: { readonly failure: Failure | null; readonly but?: boolean }) {
  return failure === null || failure.code === "CANCELLED" || (but && aboutLogIn(failure)) ? null : <Refusal failure={failure} />;
}

/** Whether the node refused the transaction, so that nothing was sent. */
function refusedByNode(failure: Failure | null): boolean {
  return failure !== null && /^(REJECTED|FEE_TOO_LOW)$/.test(failure.code);
}

/** The three actions for a signed file that agrees with its PSET. */
export function Send({ audited }: { readonly audited: Handle<"Audited"> }) {
  const { desk, act, engine, memory } = useDesk();
  const { signed, places } = desk;
  const credentials = useCredentials(places.amp || (signed?.view.amp ?? ""));
  const [amp, setAmp] = useState<Handle<"Amp"> | null>(null);
  const [without, setWithout] = useState(false);
  const [replaces, setReplaces] = useState("");
  const [doing, setDoing] = useState<Doing | null>(null);
  const wait = useWait();
  const [failed, setFailed] = useState<{ at: Doing; failure: Failure } | null>(null);
  const [sent, setSent] = useState<Answer<"broadcast"> | null>(null);
  const [progress, setProgress] = useState<Progress | null>(null);
  const [confirmations, setConfirmations] = useState<number | null>(null);
  const [again, setAgain] = useState(false);
  const [reported, setReported] = useState<Answer<"report"> | null>(null);
  const [unfolded, setUnfolded] = useState(false);
  if (signed === null || desk.treasury === null) return null;
  const treasury = desk.treasury.view.first_address;
  const { handle, view } = signed;
  const { network, txid } = view;
  const { root, username, password } = credentials.typed;
  // All copies of a signed file share the log of their transaction: it is reported once.
  const step = (line: string) => memory.addToLog(txid, line);

  async function run(at: Doing, work: (signal: AbortSignal) => Promise<void>) {
    setDoing(at);
    setFailed(null);
    try {
      await wait.run(work);
    } catch (thrown) {
      setFailed({ at, failure: failureOf(thrown) });
    } finally {
      setDoing(null);
    }
  }

  async function loggedIn(signal: AbortSignal): Promise<Handle<"Amp">> {
    if (amp !== null) return amp;
    const handle = await engine.online([root], "log_in", [root, network, username, password], { signal });
    credentials.type({ password: "" });
    setAmp(handle);
    return handle;
  }

  const broadcast = () =>
    run("broadcast", async (signal) => {
      const guards = without ? null : await loggedIn(signal);
      const hosts = without ? [places.esplora] : [places.esplora, root];
      const sent = await alone(treasury, () => {
        // The log is read under the lock: another tab may have sent the transaction before.
        const args = [audited, places.esplora, guards, replaces.trim() || null, memory.log(txid)] as const;
        return engine.online(hosts, "broadcast", [...args], { step, signal });
      });
      setSent(sent);
    });

  const confirm = () =>
    run("confirmations", async (signal) => {
      setProgress(null);
      const seconds = network === "regtest" ? POLL_SECONDS_REGTEST : POLL_SECONDS;
      const args = [audited, places.esplora, seconds] as const;
      const listener = { progress: setProgress, signal };
      setConfirmations(await engine.online([places.esplora], "wait_confirmed", [...args], listener));
    });

  const report = () =>
    run("report", async (signal) => {
      const to = await loggedIn(signal);
      const told = await alone(treasury, () => {
        const args = [audited, to, places.esplora, again, memory.log(txid)] as const;
        return engine.online([places.esplora, root], "report", [...args], { step, signal });
      });
      setReported(told);
      if (isDone(told)) act({ did: "reported", from: [handle] });
    });

  // The next action has the filled button. After the report there is none, and the forms are folded away.
  const next: Doing | null = desk.reported ? null : sent === null ? "broadcast" : confirmations === null ? "confirmations" : "report";
  const quietUnless = (at: Doing) => (at === next ? undefined : "quiet");
  const folded = desk.reported && !unfolded;
  const failure = (at: Doing) => (failed?.at === at ? failed.failure : null);
  const busy = doing !== null;
  // A request that was cancelled, or that the page was closed on, may have arrived all the same.
  const begun = busy ? null : unanswered(memory.log(txid));
  const hosts = [
    { address: places.esplora, what: "receives the transaction, and is asked for its coins and confirmations." },
    ...(without ? [] : [{ address: root, what: `${ampGets} It is asked first for lost outputs and for distributions that are already paid.` }]),
  ];
  return (
    <>
      <ol class="sends">
        <li>
          <h3>Broadcast</h3>
          <form
            hidden={folded}
            noValidate
            onSubmit={(event) => {
              event.preventDefault();
              void broadcast();
            }}
          >
            <ServerField
              label="Send through"
              hint="an Esplora server: the root of its API, https://…"
              value={places.esplora}
              disabled={busy}
              failure={aboutChain(failure("broadcast"), places.esplora)}
              onChange={(esplora) => act({ did: "places", places: { esplora } })}
            />
            {amp === null ? (
              <LogIn
                credentials={credentials}
                disabled={busy}
                failure={aboutChain(failure("broadcast"), places.esplora) ? null : failure("broadcast")}
              />
            ) : (
              <p class="good">Logged in at {answeringServer(root, desk.served)}.</p>
            )}
            <details>
              <summary>Special cases</summary>
              <Field label="Transaction that this one replaces" hint="its transaction id, if this one was prepared to replace it">
                {(aria) => (
                  <input
                    {...aria}
                    spellcheck={false}
                    disabled={busy}
                    value={replaces}
                    onInput={(event) => setReplaces(event.currentTarget.value)}
                  />
                )}
              </Field>
              <Tick
                label="Send without asking AMP first"
                checked={without}
                disabled={busy}
                hint="Lost outputs, and assignments that are already paid, are then not checked."
                onChange={setWithout}
              />
            </details>
            <Hosts hosts={hosts} />
            <button
              type="submit"
              class={quietUnless("broadcast")}
              disabled={busy || places.esplora === "" || (!without && amp === null && !credentials.whole)}
            >
              {doing === "broadcast" ? "Sending…" : sent ? "Broadcast again" : "Ask these hosts and broadcast"}
            </button>
            {doing === "broadcast" && <Cancel wait={wait} />}
          </form>
          <div role="status">
            {sent && (
              <p class="good">
                {sent.sent === "now" ? "Sent." : "It was sent before. Nothing was sent now."}
                {sent.confirmations !== null && ` ${sent.confirmations} confirmations.`}
              </p>
            )}
          </div>
          {begun === "sending" && !refusedByNode(failure("broadcast")) && (
            <Warnings
              of={[
                {
                  code: "MAY_BE_SENT",
                  message:
                    "The transaction may have been sent. Broadcast again: the page looks for the transaction first, and sends it only if it is not there. Do not cancel the distribution at AMP before that.",
                },
              ]}
            />
          )}
          {!aboutChain(failure("broadcast"), places.esplora) && (
            <Beside failure={failure("broadcast")} but={amp === null} />
          )}
        </li>
        <li>
          <h3>Two confirmations</h3>
          {(doing === "confirmations" || (progress && !folded)) && <Bar progress={progress} />}
          <div class="row" hidden={folded}>
            <button type="button" class={quietUnless("confirmations")} disabled={busy || sent === null} onClick={() => void confirm()}>
              {doing === "confirmations" ? "Waiting…" : "Wait for two confirmations"}
            </button>
            {doing === "confirmations" && <Cancel wait={wait} label="Stop waiting" />}
          </div>
          <div role="status">{confirmations !== null && <p class="good">{confirmations} confirmations.</p>}</div>
          <Beside failure={failure("confirmations")} />
        </li>
        <li>
          <h3>Report to AMP</h3>
          <div hidden={folded}>
            {without && amp === null && <LogIn credentials={credentials} disabled={busy} failure={failure("report")} />}
            <Hosts
              hosts={[
                { address: places.esplora, what: "is asked again for the confirmations." },
                { address: root, what: "receives the report: every amount and blinder of this transaction." },
              ]}
            />
            <Tick
              label="Report again, though an earlier report may have arrived"
              checked={again}
              disabled={busy}
              onChange={setAgain}
            />
            <button
              type="button"
              class={quietUnless("report")}
              disabled={busy || confirmations === null || (amp === null && !credentials.whole)}
              onClick={() => void report()}
            >
              {doing === "report" ? "Reporting…" : "Report to AMP"}
            </button>
            {doing === "report" && <Cancel wait={wait} />}
          </div>
          {begun === "posting" && (
            <Warnings
              of={[
                {
                  code: "MAY_BE_REPORTED",
                  message:
                    "The report may have reached AMP. Report again without the tick: the page reads AMP’s record first, and does not post a report that AMP has.",
                },
              ]}
            />
          )}
          <Beside failure={failure("report")} but={without && amp === null} />
          {reported && <Reported reported={reported} txid={txid} log={memory.log(txid)} />}
        </li>
      </ol>
      {folded && (
        <button type="button" class="quiet" onClick={() => setUnfolded(true)}>
          Broadcast or report again…
        </button>
      )}
    </>
  );
}
