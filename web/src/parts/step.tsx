import type { ComponentChildren } from "preact";

/** How a step stands. */
export type Standing = "done" | "now" | "later";

const WORDS: Record<Standing, string> = { done: "done", now: "now", later: "later" };

/** One step: a section of the page under its own heading. */
export function Step(props: {
  readonly id: string;
  readonly mark: string;
  readonly title: string;
  readonly standing: Standing;
  /** What it waits for, while it does. */
  readonly waits?: string;
  readonly children: ComponentChildren;
}) {
  return (
    <section id={props.id} class={`step ${props.standing}`} aria-labelledby={`${props.id}-title`}>
      <header>
        <span class="mark" aria-hidden="true">
          {props.standing === "done" ? "✓" : props.mark}
        </span>
        <h2 id={`${props.id}-title`}>{props.title}</h2>
        <span class="standing">{WORDS[props.standing]}</span>
      </header>
      {props.standing === "later" && props.waits ? <p class="waits">{props.waits}</p> : props.children}
    </section>
  );
}

/** Names and values under one another. */
export function Facts({ of }: { readonly of: readonly (readonly [string, ComponentChildren])[] }) {
  return (
    <dl class="facts">
      {of.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
