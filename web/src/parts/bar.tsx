import type { Progress } from "coldamp-wasm";

/** A progress bar with its text. */
export function Bar({ progress }: { readonly progress: Progress | null }) {
  const { label, done, of } = words(progress);
  const text = of === 0 ? label : `${label}: ${done} of ${of}`;
  return (
    <div class="bar">
      <progress max={of === 0 ? 1 : of} value={of === 0 ? 0 : Math.min(done, of)} aria-label={label} />
      <p>{text}</p>
    </div>
  );
}

function words(progress: Progress | null): { label: string; done: number; of: number } {
  if (progress === null) return { label: "Starting", done: 0, of: 0 };
  switch (progress.stage) {
    case "scripts":
      return { label: "Addresses looked up", done: progress.done, of: progress.of };
    case "coins":
      return { label: "Coins decrypted", done: progress.done, of: progress.of };
    case "confirmations":
      return progress.found === null
        ? { label: "Not on the chain", done: 0, of: 0 }
        : { label: "Confirmations", done: progress.found, of: progress.of };
  }
}
