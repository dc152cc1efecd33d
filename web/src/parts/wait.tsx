import { useRef, useState } from "preact/hooks";

/** Work that takes a while and that can be cancelled by itself. */
export interface Wait {
  readonly running: boolean;
  /** Whether it was cancelled and has not ended yet. */
  readonly stopping: boolean;
  /** Runs it; `signal` goes with every call to the engine. */
  readonly run: <T>(work: (signal: AbortSignal) => Promise<T>) => Promise<T>;
  readonly cancel: () => void;
}

/** One work at a time. It goes on even if its part of the page is closed: AMP's answer is saved all the same. */
export function useWait(): Wait {
  const [running, setRunning] = useState(false);
  const [stopping, setStopping] = useState(false);
  const controller = useRef<AbortController | null>(null);
  return {
    running,
    stopping,
    async run(work) {
      const own = new AbortController();
      controller.current = own;
      setRunning(true);
      setStopping(false);
      try {
        return await work(own.signal);
      } finally {
        setRunning(false);
        setStopping(false);
      }
    },
    cancel() {
      setStopping(true);
      controller.current?.abort();
    },
  };
}

/** The button that cancels it. */
export function Cancel({ wait, label = "Cancel" }: { readonly wait: Wait; readonly label?: string }) {
  if (!wait.running) return null;
  return (
    <button type="button" class="quiet" disabled={wait.stopping} onClick={wait.cancel}>
      {wait.stopping ? "Stopping…" : label}
    </button>
  );
}
