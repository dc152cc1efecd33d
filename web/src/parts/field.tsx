import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import type { Failure } from "../failure.ts";
import { Refusal } from "./refusal.tsx";

/** The attributes with which a screen reader reads the hint and the failure of an input. */
export interface Aria {
  readonly id: string;
  readonly "aria-describedby": string | undefined;
  readonly "aria-invalid": boolean | undefined;
}

/** A labelled input with a hint and, below it, what is wrong with it. */
export function Field(props: {
  readonly label: string;
  readonly hint?: ComponentChildren;
  readonly failure?: Failure | null | undefined;
  readonly children: (aria: Aria) => ComponentChildren;
}) {
  const id = useId();
  const [hint, wrong] = [`${id}-hint`, `${id}-wrong`];
  const describing = [props.hint ? hint : "", props.failure ? wrong : ""].filter((part) => part !== "").join(" ");
  const aria: Aria = {
    id,
    "aria-describedby": describing === "" ? undefined : describing,
    "aria-invalid": props.failure ? true : undefined,
  };
  return (
    <div class="field">
      <label for={id}>{props.label}</label>
      {props.children(aria)}
      {props.hint && (
        <p class="hint" id={hint}>
          {props.hint}
        </p>
      )}
      {props.failure && <Refusal id={wrong} failure={props.failure} />}
    </div>
  );
}

/** A checkbox with its label and a hint. */
export function Tick(props: {
  readonly label: string;
  readonly checked: boolean;
  readonly disabled?: boolean;
  readonly hint?: ComponentChildren;
  readonly onChange: (checked: boolean) => void;
}) {
  const id = useId();
  return (
    <div class="tick">
      <input
        id={id}
        type="checkbox"
        checked={props.checked}
        disabled={props.disabled}
        aria-describedby={props.hint ? `${id}-hint` : undefined}
        onChange={(event) => props.onChange(event.currentTarget.checked)}
      />
      <label for={id}>{props.label}</label>
      {props.hint && (
        <p class="hint" id={`${id}-hint`}>
          {props.hint}
        </p>
      )}
    </div>
  );
}
