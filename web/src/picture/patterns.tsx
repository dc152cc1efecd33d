import type { ComponentChildren } from "preact";
import type { Kind } from "./lanes.ts";

/** A pattern for each kind of flow, so that kinds differ without colour too. Colours are in the stylesheet. */
export function Patterns() {
  return (
    <defs>
      <Pattern kind="input" side={8}>{null}</Pattern>
      <Pattern kind="issued" side={8}>
        <path d="M4 1.5V6.5M1.5 4H6.5" />
      </Pattern>
      <Pattern kind="recipient" side={8}>
        <path d="M-2 2L2 -2M0 8L8 0M6 10L10 6" />
      </Pattern>
      <Pattern kind="reissued" side={8}>
        <path d="M-2 6L2 10M0 0L8 8M6 -2L10 2" />
      </Pattern>
      <Pattern kind="change" side={6}>
        <circle cx="3" cy="3" r="0.8" />
      </Pattern>
      <Pattern kind="token" side={8}>
        <path d="M0 4H8M4 0V8" />
      </Pattern>
      <Pattern kind="burn" side={10}>
        <path d="M0 8L2.5 2L5 8L7.5 2L10 8" />
      </Pattern>
      <Pattern kind="fee" side={4}>
        <path d="M0 2H4" />
      </Pattern>
      <Pattern kind="other" side={6}>
        <path d="M0 0L6 6M6 0L0 6" />
      </Pattern>
    </defs>
  );
}

function Pattern(props: { readonly kind: Kind; readonly side: number; readonly children: ComponentChildren }) {
  const { kind, side } = props;
  return (
    <pattern id={`pattern-${kind}`} class="hatch" width={side} height={side} patternUnits="userSpaceOnUse">
      {props.children}
    </pattern>
  );
}
