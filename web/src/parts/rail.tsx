import type { Desk } from "../desk.ts";
import { stepStates } from "../step-state.ts";

/** The list of the steps, each with its state. */
export function Rail({ desk }: { readonly desk: Desk }) {
  const states = stepStates(desk);
  return (
    <nav class="rail" aria-label="Steps">
      <ol>
        {NAMES.map(([id, mark, title]) => (
          <li key={id} class={states[id]}>
            <a href={`#${id}`} aria-current={states[id] === "now" ? "step" : undefined}>
              <span class="mark" aria-hidden="true">
                {states[id] === "done" ? "✓" : mark}
              </span>
              {title}
              <span class="unseen">, {states[id]}</span>
            </a>
          </li>
        ))}
      </ol>
    </nav>
  );
}

const NAMES = [
  ["treasury", "1", "Treasury"],
  ["request", "2", "Request"],
  ["coins", "3", "Coins"],
  ["review", "4", "Review"],
  ["handover", "5", "Hand over"],
  ["back", "↩", "Coming back"],
] as const;
