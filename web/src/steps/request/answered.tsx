/** AMP's answer. It is saved byte for byte before anything reads it. */

import { useEffect, useState } from "preact/hooks";
import { useDesk } from "../../desk.ts";
import { type Failure, failureOf } from "../../failure.ts";
import { Refusal } from "../../parts/refusal.tsx";
import { type Given, type Wanted, letGo, nameOf, saveAnswer } from "./wanted.ts";

/** Offers to read the answer as the request of step 2. */
export function Answered({ wanted, answer }: { readonly wanted: Wanted; readonly answer: Given }) {
  const { desk, act, engine } = useDesk();
  const [failure, setFailure] = useState<Failure | null>(null);
  const name = nameOf(wanted);
  useEffect(() => {
    // Closing the page would lose the answer: the browser asks first.
    const ask = (event: Event) => event.preventDefault();
    addEventListener("beforeunload", ask);
    return () => removeEventListener("beforeunload", ask);
  }, []);

  async function goOn() {
    if (desk.treasury === null) return;
    try {
      const { amp, job, uuid, asset } = wanted;
      const request = await engine.call("read_answer", [amp, answer.bytes, job, uuid, asset, answer.total]);
      letGo(engine, wanted);
      act({ did: "request", request: { ...request, name }, from: [desk.treasury.handle] });
    } catch (thrown) {
      setFailure(failureOf(thrown));
    }
  }

  return (
    <>
      <p class="good" role="status">
        AMP answered. Keep the file <code>{name}</code> that was just offered for saving.
      </p>
      <div class="row">
        <button type="button" onClick={() => void goOn()}>
          Go on with this request
        </button>
        <button type="button" class="quiet" onClick={() => saveAnswer(wanted, answer.bytes)}>
          Save it again
        </button>
      </div>
      {failure && <Refusal failure={failure} />}
    </>
  );
}
