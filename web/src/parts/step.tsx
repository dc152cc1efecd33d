import type { ComponentChildren } from "preact";
import { useDesk } from "../desk.ts";
import { type StepId, stepStates } from "../step-state.ts";

/** One step: a section of the page under its own heading. */
export function Step(props: {
  readonly id: StepId;
  readonly mark: string;
  readonly title: string;
  /** What it waits for, while it does. */
  readonly waits?: string;
  readonly children: ComponentChildren;
}) {
  const state = stepStates(useDesk().desk)[props.id];
  return (
    <section id={props.id} class={`step ${state}`} aria-labelledby={`${props.id}-title`}>
      <header>
        <span class="mark" aria-hidden="true">
          {state === "done" ? "✓" : props.mark}
        </span>
        <h2 id={`${props.id}-title`}>{props.title}</h2>
        <span class="state">{state}</span>
      </header>
      {state === "later" && props.waits ? <p class="waits">{props.waits}</p> : props.children}
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
