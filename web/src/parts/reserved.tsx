import { useEffect, useState } from "preact/hooks";
import type { ReservationView } from "coldamp-wasm";
import { openTreasury, useDesk } from "../desk.ts";
import type { Handle } from "../engine/handles.ts";
import type { Answer } from "../engine/protocol.ts";
import { type Failure, failureOf } from "../failure.ts";
import { alone } from "../locks.ts";
import { visible } from "../visible.ts";
import { Groups } from "./money.tsx";
import { Refusal } from "./refusal.tsx";

/**
 * Lists the prepared requests that reserve coins, and releases one of them. Every other request, and every log, stays as
 * it is. Shows nothing if no coins are reserved.
 */
export function Reserved(props: {
  readonly coins: Handle<"Coins">;
  /** The request of step 2, if there is one. */
  readonly request: Handle<"Request"> | null;
  /** Whether reserved coins are the reason of a failure. */
  readonly isWhy: boolean;
  readonly onRelease: () => void;
}) {
  const { coins, request, isWhy, onRelease } = props;
  const { desk, engine, memory } = useDesk();
  const [found, setFound] = useState<Answer<"reservations"> | null>(null);
  const [chosen, setChosen] = useState<string | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const treasury = openTreasury(desk).view.first_address;
  const record = memory.record(treasury);

  useEffect(() => {
    // An answer that comes after the record has changed is about the old one.
    let wanted = true;
    setFailure(null);
    engine.call("reservations", [coins, request, record]).then(
      (answer) => wanted && setFound(answer),
      (thrown: unknown) => wanted && setFailure(failureOf(thrown)),
    );
    return () => void (wanted = false);
  }, [coins, request, record]);

  async function release({ request: id }: ReservationView) {
    setFailure(null);
    try {
      await alone(treasury, async () => {
        const before = memory.record(treasury);
        memory.keepRecord(treasury, await engine.call("release", [before ?? "", id]), before);
      });
      setChosen(null);
      onRelease();
    } catch (thrown) {
      setFailure(failureOf(thrown));
    }
  }

  const own = found?.own ?? null;
  const all = [...(own === null ? [] : [own]), ...(found?.others ?? [])];
  if (failure === null && all.length === 0) return null;
  return (
    <details open={isWhy || chosen !== null} class="reserved">
      <summary>Reserved coins</summary>
      <p class="hint">
        A prepared request reserves the coins of its PSET, so that no other request takes them. Release a request only if its
        PSET will not be signed and its signed file will not be sent.
      </p>
      <ul>
        {all.map((held) => (
          <li key={held.request}>
            <p>
              {held === own && <strong>This request: </strong>}
              {visible(held.what)}, {held.coins.length} {held.coins.length === 1 ? "coin" : "coins"}
            </p>
            <ul>
              {held.coins.map((coin) => (
                <li key={coin}>
                  <Groups text={coin} />
                </li>
              ))}
            </ul>
            {chosen === held.request ? (
              <>
                <p>{held === own ? OWN : OTHER}</p>
                <div class="row">
                  <button type="button" onClick={() => void release(held)}>
                    Release its coins
                  </button>
                  <button type="button" class="quiet" onClick={() => setChosen(null)}>
                    Keep them reserved
                  </button>
                </div>
              </>
            ) : (
              <button type="button" class="quiet" onClick={() => setChosen(held.request)}>
                Release {held === own ? "this request" : "this other request"}…
              </button>
            )}
          </li>
        ))}
      </ul>
      {failure && <Refusal failure={failure} />}
    </details>
  );
}

const OWN =
  "If a transaction of this request spent one of these coins, the request is paid: do not release it, report that transaction. After a release, this request can be prepared with other coins. If an earlier PSET or signed file of it is then used as well, the recipients are paid twice.";

const OTHER =
  "A PSET or a signed file of that request stays usable. If it is signed or sent later, it spends these coins. What was prepared here with the same coins can then never be sent.";
