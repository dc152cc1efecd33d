/** The page: the steps, and the footer with what was sent over the network. */

import { useEffect, useMemo, useReducer, useRef } from "preact/hooks";
import { type Act, type Desk, DeskContext, EMPTY, held, reduce } from "./desk.ts";
import { Engine } from "./engine/client.ts";
import { whileNobodyWorks } from "./locks.ts";
import { servedBy } from "./network.ts";
import { Bridge } from "./parts/bridge.tsx";
import { Footer } from "./parts/footer.tsx";
import { KeysExposed, useNoKeys } from "./parts/keys-exposed.tsx";
import { Rail } from "./parts/rail.tsx";
import { Refusal } from "./parts/refusal.tsx";
import { Remembered, browserStore } from "./remember.ts";
import { BackStep } from "./steps/back.tsx";
import { CoinsStep } from "./steps/coins.tsx";
import { HandoverStep } from "./steps/handover.tsx";
import { RequestStep } from "./steps/request.tsx";
import { ReviewStep } from "./steps/review.tsx";
import { TreasuryStep } from "./steps/treasury.tsx";

/** The page. */
export function App() {
  const memory = useMemo(() => new Remembered(browserStore()), []);
  const [desk, act] = useReducer(reduce, { ...EMPTY, remembers: memory.onThisComputer });
  const engine = useMemo(
    () =>
      new Engine(
        (health) => act({ did: "health", health }),
        (traffic) => act({ did: "traffic", traffic }),
      ),
    [],
  );
  useEffect(() => {
    void servedBy().then((served) => {
      if (served !== null) act({ did: "served", served });
    });
  }, []);
  useNoKeys(act as (act: Act) => void);
  useNoNavigation();
  useOtherTabs(memory, act as (act: Act) => void);
  useLetGo(desk, engine);
  useAnnounced(desk);

  return (
    <DeskContext.Provider value={{ desk, act: act as (act: Act) => void, engine, memory }}>
      <a class="skip" href="#treasury">
        Skip to the first step
      </a>
      <header class="top">
        <h1>Coldamp</h1>
        <p>
          Prepare, hand over and report. This page holds no signing key. Without a network it carries files to and from QR codes
          (<a href="#bridge">QR codes and files</a>).
        </p>
      </header>
      <Rail desk={desk} />
      <main id="steps">
        {desk.health.state === "stopped" && (
          <div class="stopped">
            <Refusal failure={desk.health.failure} />
            <button type="button" onClick={() => location.reload()}>
              Reload the page
            </button>
          </div>
        )}
        <KeysExposed />
        <TreasuryStep />
        <RequestStep />
        <CoinsStep />
        <ReviewStep />
        <HandoverStep />
        <BackStep />
        <Bridge />
      </main>
      <Footer desk={desk} onCut={() => engine.cut()} />
    </DeskContext.Provider>
  );
}

/** Keeps the browser from opening a file that is dropped beside its field: the page would be gone. */
function useNoNavigation(): void {
  useEffect(() => {
    const stay = (event: Event) => event.preventDefault();
    for (const name of ["dragover", "drop"]) addEventListener(name, stay);
    return () => {
      for (const name of ["dragover", "drop"]) removeEventListener(name, stay);
    };
  }, []);
}

/** Follows what other tabs keep on this computer, or remove from it. */
function useOtherTabs(memory: Remembered, act: (act: Act) => void): void {
  useEffect(() => {
    const told = () => act({ did: "remembers", remembers: memory.onThisComputer });
    const hear = (event: StorageEvent) => {
      if (!memory.hear(event)) return told();
      // If it cannot follow, the treasury's step says why.
      void whileNobodyWorks(() => memory.follow(), { wait: true }).then(told, told);
    };
    addEventListener("storage", hear);
    return () => removeEventListener("storage", hear);
  }, []);
}

/** Frees the engine's objects that the page no longer holds. */
function useLetGo(desk: Desk, engine: Engine): void {
  const before = useRef<readonly number[]>([]);
  useEffect(() => {
    const now = held(desk);
    if (desk.health.state !== "stopped") {
      for (const handle of before.current) if (!now.includes(handle)) engine.drop(handle);
    }
    before.current = now;
  }, [desk]);
}

/** The step to go to, by the number of steps that are done. A prepared PSET is read before it is handed over. */
const AFTER = ["treasury", "request", "coins", "review", "review"] as const;

/** Moves the focus, and the view, to the next step when one is done. A screen reader then reads its heading. */
function useAnnounced(desk: Desk): void {
  const done = [desk.treasury, desk.request, desk.coins && desk.request, desk.prepared];
  const next = done.filter((thing) => thing !== null).length;
  const before = useRef(next);
  useEffect(() => {
    if (next !== before.current) {
      const heading = document.getElementById(`${AFTER[next]}-title`);
      heading?.setAttribute("tabindex", "-1");
      heading?.focus({ preventScroll: true });
      const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
      heading?.scrollIntoView({ block: "start", behavior: calm ? "auto" : "smooth" });
    }
    before.current = next;
  }, [next]);
}
