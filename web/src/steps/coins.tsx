/** Step 3: the treasury's coins. Each is decrypted with the view key and checked against its commitments. */

import { useEffect, useState } from "preact/hooks";
import { type Names, assetName } from "../amounts.ts";
import { type TheCoins, useDesk } from "../desk.ts";
import { answeringServer } from "../parts/hosts.tsx";
import { Groups, Money } from "../parts/money.tsx";
import { Warnings } from "../parts/refusal.tsx";
import { Facts, Step } from "../parts/step.tsx";
import { Sync } from "../parts/sync.tsx";

/** After this time a warning is shown: a coin may have been spent meanwhile. */
const STALE_MINUTES = 10;
const MINUTE = 60_000;
/** Rows that are drawn at a time. */
const ROWS = 100;

/** The step. */
export function CoinsStep() {
  const { desk } = useDesk();
  return (
    <Step id="coins" mark="3" title="Coins" waits="Choose the request first: it names the asset.">
      {desk.coins ? <Read coins={desk.coins} /> : desk.request && <Sync asset={desk.request.view.asset} />}
    </Step>
  );
}

function Read({ coins }: { readonly coins: TheCoins }) {
  const { desk, act } = useDesk();
  const { view, at, source } = coins;
  const token = view.assets.find(({ role }) => role === "token")?.asset ?? null;
  const policy_asset = desk.treasury?.view.policy_asset ?? "";
  const known: Names = { asset: coins.asset, ticker: null, precision: null, token, policy_asset };
  return (
    <>
      <Stale at={at} />
      <Facts
        of={[
          ["Read from", answeringServer(source, desk.served)],
          ["As of", at.toLocaleString()],
          ["Coins", String(view.coins.length)],
          ...view.assets.map(
            ({ asset, amount, coins: count }) =>
              [
                assetName(asset, known),
                <>
                  <Money amount={amount} asset={asset} names={known} /> in {count} {count === 1 ? "coin" : "coins"}
                </>,
              ] as const,
          ),
        ]}
      />
      {view.behind && <Warnings of={[{ code: "STALE", message: view.behind }]} />}
      <Warnings of={view.left_out.map((message) => ({ code: "LEFT_OUT", message }))} />
      <List coins={coins} known={known} />
      <button type="button" class="quiet" onClick={() => act({ did: "coins", coins: null })}>
        Read the coins again
      </button>
    </>
  );
}

function List({ coins, known }: { readonly coins: TheCoins; readonly known: Names }) {
  const [rows, setRows] = useState(ROWS);
  const all = coins.view.coins;
  return (
    <details class="list">
      <summary>Every coin</summary>
      <div class="scroll" tabIndex={0} role="region" aria-label="Coins in a table">
        <table>
          <thead>
            <tr>
              <th scope="col">Coin</th>
              <th scope="col">Amount</th>
              <th scope="col">Asset</th>
              <th scope="col">Path</th>
            </tr>
          </thead>
          <tbody>
            {all.slice(0, rows).map((coin) => (
              <tr key={coin.outpoint}>
                <td>
                  <Groups text={coin.outpoint} />
                </td>
                <td class="amount">
                  <Money amount={coin.amount} asset={coin.asset} names={known} brief />
                </td>
                <td>
                  {assetName(coin.asset, known)}
                  {!coin.blinded && ", not blinded"}
                </td>
                <td>{coin.path}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {rows < all.length && (
        <>
          <p class="hint">
            {rows} of {all.length} coins are shown.
          </p>
          <button type="button" class="quiet" onClick={() => setRows(rows + ROWS)}>
            Show more of {all.length} coins
          </button>
        </>
      )}
    </details>
  );
}

/** The warning for coins that were read too long ago. */
function Stale({ at }: { readonly at: Date }) {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), MINUTE);
    return () => clearInterval(timer);
  }, []);
  const minutes = Math.floor((now - at.getTime()) / MINUTE);
  if (minutes < STALE_MINUTES) return null;
  return <Warnings of={[{ code: "STALE", message: `The coins were read ${minutes} minutes ago, and may have been spent since. Read them again.` }]} />;
}
