import type { Desk } from "../desk.ts";
import type { Standing } from "./step.tsx";

/** The five steps and the way back, and how each stands, in one look. */
export function Rail({ desk }: { readonly desk: Desk }) {
  return (
    <nav class="rail" aria-label="Steps">
      <ol>
        {stages(desk).map(({ id, mark, title, standing }) => (
          <li key={id} class={standing}>
            <a href={`#${id}`} aria-current={standing === "now" ? "step" : undefined}>
              <span class="mark" aria-hidden="true">
                {standing === "done" ? "✓" : mark}
              </span>
              {title}
              <span class="unseen">, {standing}</span>
            </a>
          </li>
        ))}
      </ol>
    </nav>
  );
}

function stages(desk: Desk): readonly { id: string; mark: string; title: string; standing: Standing }[] {
  const approved = desk.prepared !== null && desk.prepared.review.approval !== null;
  const done = [
    desk.treasury !== null,
    desk.request !== null,
    desk.coins !== null && desk.request !== null,
    approved,
    approved && desk.signed !== null,
    desk.reported,
  ];
  // A signed file can come back another day, when only the treasury is open.
  const now = desk.signed !== null ? BACK : done.indexOf(false);
  return NAMES.map(([id, mark, title], index) => ({
    id,
    mark,
    title,
    standing: done[index] ? "done" : index === now ? "now" : "later",
  }));
}

const BACK = 5;

const NAMES = [
  ["treasury", "1", "Treasury"],
  ["request", "2", "Request"],
  ["coins", "3", "Coins"],
  ["review", "4", "Review"],
  ["handover", "5", "Hand over"],
  ["back", "↩", "Coming back"],
] as const;
