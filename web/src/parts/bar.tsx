import type { Progress } from "coldamp-wasm";

/** A progress bar with its text. */
export function Bar({ progress }: { readonly progress: Progress | null }) {
  const { label, done, of, left } = words(progress);
  const text = of === 0 ? label : `${label}: ${done} of ${of}${left}`;
  return (
    <div class="bar">
      <progress max={of === 0 ? 1 : of} value={of === 0 ? 0 : Math.min(done, of)} aria-label={label} />
      <p>{text}</p>
    </div>
  );
}

interface Words {
  readonly label: string;
  readonly done: number;
  readonly of: number;
  readonly left: string;
}

function words(progress: Progress | null): Words {
  if (progress === null) return { label: "Starting", done: 0, of: 0, left: "" };
  switch (progress.stage) {
    case "scripts":
      return { label: "Addresses looked up", done: progress.done, of: progress.of, left: timeLeft(progress.seconds_left) };
    case "coins":
      return { label: "Coins decrypted", done: progress.done, of: progress.of, left: "" };
    case "confirmations":
      return progress.found === null
        ? { label: "Not on the chain", done: 0, of: 0, left: "" }
        : { label: "Confirmations", done: progress.found, of: progress.of, left: "" };
  }
}

/** How long the rest takes at the request rate. A few seconds are not worth a line. */
function timeLeft(seconds: number | null): string {
  if (seconds === null || seconds < 5) return "";
  return seconds < 60 ? ", less than a minute left" : `, about ${Math.ceil(seconds / 60)} minutes left`;
}
