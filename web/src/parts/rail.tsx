import type { Desk } from "../desk.ts";
import { standings } from "../standing.ts";

/** The five steps and the way back, and how each stands, in one look. */
export function Rail({ desk }: { readonly desk: Desk }) {
  const stands = standings(desk);
  return (
    <nav class="rail" aria-label="Steps">
      <ol>
        {NAMES.map(([id, mark, title]) => (
          <li key={id} class={stands[id]}>
            <a href={`#${id}`} aria-current={stands[id] === "now" ? "step" : undefined}>
              <span class="mark" aria-hidden="true">
                {stands[id] === "done" ? "✓" : mark}
              </span>
              {title}
              <span class="unseen">, {stands[id]}</span>
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
