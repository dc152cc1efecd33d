import type { Failure } from "../failure.ts";
import { visible } from "../visible.ts";

/** A failure: code, what was found, what to do. */
export function Refusal({ id, failure }: { readonly id?: string; readonly failure: Failure }) {
  return (
    <div class="refusal" id={id} role="alert">
      <p>
        <strong class="code">{failure.code}</strong> {visible(failure.message)}
      </p>
      {failure.hint !== "" && <p class="hint">What to do: {failure.hint}</p>}
    </div>
  );
}

/** A list of warnings, with their codes if they have one. What to do is shown once, below the last warning of its code in a row. */
export function Warnings({ of }: { readonly of: readonly Warning[] }) {
  if (of.length === 0) return null;
  return (
    <ul class="warnings" aria-label="Warnings">
      {of.map(({ code, message, hint }, position) => (
        <li key={code + message}>
          <strong class="code">{code === undefined ? "WARNING" : `WARNING ${code}`}</strong> {visible(message)}
          {hint !== undefined && hint !== "" && of[position + 1]?.code !== code && <p class="hint">What to do: {hint}</p>}
        </li>
      ))}
    </ul>
  );
}

/** A warning: what was found, and what to do. */
interface Warning {
  readonly code?: string;
  readonly message: string;
  readonly hint?: string;
}
