/** Step 2: AMP's request, from a file or from AMP itself. */

import { useState } from "preact/hooks";
import { NODE_DECIMALS, type Names, decimal } from "../amounts.ts";
import { openTreasury, useDesk } from "../desk.ts";
import { Intake, useInlet } from "../parts/intake.tsx";
import { Digits, Groups, Money } from "../parts/money.tsx";
import { Warnings } from "../parts/refusal.tsx";
import { Facts, Step } from "../parts/step.tsx";
import { visible } from "../visible.ts";
import { Check } from "./request/check.tsx";
import { FromAmp } from "./request/from-amp.tsx";
import type { RequestView } from "coldamp-wasm";

/** The step. */
export function RequestStep() {
  const { desk } = useDesk();
  return (
    <Step id="request" mark="2" title="Request" waits="Open the treasury first.">
      {/* Keyed: the comparison with AMP belongs to one request. */}
      {desk.request ? <Taken key={desk.request.handle} /> : <Take />}
    </Step>
  );
}

function Take() {
  const { desk, act, engine } = useDesk();
  const [from, setFrom] = useState<"file" | "amp">("file");
  const { handle } = openTreasury(desk);
  const file = useInlet("Request file", {
    read: ({ bytes }) => engine.call("read_request", [handle, bytes]),
    onRead: (request, { name }) =>
      act({
        did: "request",
        request: { ...request, name: name === "" ? called(request.view) : name },
        from: [handle],
      }),
    letGo: (request) => engine.drop(request.handle),
  });

  return (
    <>
      <fieldset class="choice">
        <legend>Where the request comes from</legend>
        <label>
          <input type="radio" name="from" checked={from === "file"} onChange={() => setFrom("file")} />A file from AMP
        </label>
        <label>
          <input type="radio" name="from" checked={from === "amp"} onChange={() => setFrom("amp")} />
          Ask AMP for it
        </label>
      </fieldset>
      {from === "file" ? (
        <Intake
          inlet={file}
          hint="AMP’s answer as a JSON file, unchanged: every byte counts."
          accept=".json,application/json"
        />
      ) : null}
      {/* It is hidden and not removed: it may hold an answer of AMP. */}
      <div hidden={from !== "amp"}>
        <FromAmp />
      </div>
    </>
  );
}

/** The file name for a request that was pasted. */
export function called(view: RequestView): string {
  return `${view.command}-${(view.distribution_uuid ?? view.asset_uuid).slice(0, 8)}.request.json`;
}

function Taken() {
  const { desk, act } = useDesk();
  if (desk.request === null || desk.treasury === null) return null;
  const { view, name } = desk.request;
  const known: Names = {
    asset: view.asset,
    ticker: null,
    precision: null,
    token: null,
    policy_asset: desk.treasury.view.policy_asset,
  };
  return (
    <>
      <Warnings of={odd(view)} />
      <Facts
        of={[
          ["Job", view.command.toUpperCase()],
          ["In total", <Money amount={view.total} asset={view.asset} names={known} />],
          ...(view.command === "distribute" ? ([["Recipients", String(view.recipients.length)]] as const) : []),
          ["Asset", <Groups text={view.asset} />],
          ["Asset at AMP", view.asset_uuid],
          ...(view.distribution_uuid ? ([["Distribution", view.distribution_uuid]] as const) : []),
          ["AMP", view.amp],
          ["File", visible(name)],
          ["SHA-256 of the request", <Groups text={view.sha256} />],
        ]}
      />
      <p class="hint">
        <code>coldamp review</code> prints the SHA-256 of the request too. Compare them: if they are equal, it is this very file.
      </p>
      {view.recipients.length > 0 && <Recipients view={view} />}
      <Check />
      <button type="button" class="quiet" onClick={() => act({ did: "request", request: null })}>
        Take another request
      </button>
    </>
  );
}

/** The client version of AMP's script whose rules Coldamp follows. */
const CLIENT_VERSION = 2;

function odd(view: RequestView) {
  const fields = view.not_understood.join(", ");
  const unknown = { code: "NOT_UNDERSTOOD", message: `The request has fields that Coldamp does not know: ${fields}.` };
  const old = { code: "OLD_CLIENT_VERSION", message: `The request is for client version ${view.client_version}, which is older than ${CLIENT_VERSION}.` };
  return [...(fields === "" ? [] : [unknown]), ...(view.client_version < CLIENT_VERSION ? [old] : [])];
}

function Recipients({ view }: { readonly view: RequestView }) {
  return (
    <details class="list">
      <summary>The {view.recipients.length} recipients that AMP names</summary>
      <div class="scroll" tabIndex={0} role="region" aria-label="Recipients of the request">
        <table>
          <thead>
            <tr>
              <th scope="col">Number</th>
              <th scope="col">Address</th>
              <th scope="col">Amount</th>
              <th scope="col">Base units</th>
            </tr>
          </thead>
          <tbody>
            {view.recipients.map(({ address, amount, confidential }, index) => (
              <tr key={address}>
                <td class="what">
                  <span class="unit">recipient </span>
                  {index + 1}
                </td>
                <td>
                  <Groups text={address} /> {!confidential && <strong class="code">NOT CONFIDENTIAL</strong>}
                </td>
                <td class="amount">
                  <Digits number={decimal(amount, NODE_DECIMALS)} />
                </td>
                <td class="amount">
                  <Digits number={amount} /> <span class="unit">base units</span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
