import type { ComponentChildren } from "preact";
import { useDesk } from "../desk.ts";
import { type StepId, stepStates } from "../step-state.ts";

/** A step: a section with a heading and its state. */
export function Step(props: {
  readonly id: StepId;
  readonly mark: string;
  readonly title: string;
  /** What has to be done first, shown until it is. */
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

/** A list of names and values. */
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
