import { useEffect, useRef, useState } from "preact/hooks";
import type { ReviewDocument } from "coldamp-wasm";
import { type Names, grouped, shown } from "../amounts.ts";
import { type Flow, type Kind, type Lane, folded, folds, lanes, names } from "./lanes.ts";
import { type Band, layout } from "./layout.ts";
import { Patterns } from "./patterns.tsx";

/** The transaction as bands, one lane per asset. The table below it has the same content. */
export function Picture({ review }: { readonly review: ReviewDocument }) {
  const [unfolded, setUnfolded] = useState(false);
  const frame = useRef<HTMLDivElement>(null);
  const width = useWidth(frame);
  const all = lanes(review);
  const known = names(review);
  const letters = (flow: Flow, lane: Lane) => Math.max(flow.label.length, written(flow, lane.asset, known).length);
  const drawn = layout(unfolded ? all : all.map(folded), width, letters);
  return (
    <figure class="picture">
      <div ref={frame}>
        <svg
          viewBox={`0 0 ${drawn.width} ${drawn.height}`}
          width={drawn.width}
          height={drawn.height}
          role="img"
          aria-labelledby="picture-title picture-desc"
        >
          <title id="picture-title">Picture of the transaction</title>
          <desc id="picture-desc">{described(review)}</desc>
          <Patterns />
          {drawn.lanes.map(({ lane, top, bands, knot }) => (
            <g key={lane.asset}>
              <text class="lane" x={drawn.width / 2} y={top + 20} text-anchor="middle">
                {lane.asset === review.policy_asset ? `${lane.name}, in sat` : lane.name}
              </text>
              {bands.map((band, index) => (
                <g key={index} class={`band ${band.flow.kind}`}>
                  <path d={band.path} class="ground" />
                  <path d={band.path} fill={`url(#pattern-${band.flow.kind})`} />
                  <Label band={band} asset={lane.asset} names={known} />
                </g>
              ))}
              <rect class="knot" {...knot} />
            </g>
          ))}
        </svg>
      </div>
      <figcaption>
        <ul class="legend" aria-label="Legend">
          {legend(all.flatMap(({ ins, outs }) => [...ins, ...outs].map(({ kind }) => kind))).map((kind) => (
            <li key={kind} class={`band ${kind}`}>
              <svg width="28" height="16" aria-hidden="true">
                <rect width="28" height="16" class="ground" />
                <rect width="28" height="16" fill={`url(#pattern-${kind})`} />
              </svg>
              {MEANING[kind]}
            </li>
          ))}
        </ul>
        <p class="hint">Each lane is one asset. Compare widths within a lane only.</p>
        {all.some(folds) && (
          <button type="button" class="quiet" aria-expanded={unfolded} onClick={() => setUnfolded(!unfolded)}>
            {unfolded ? "Show fewer in the picture" : "Show every recipient in the picture"}
          </button>
        )}
      </figcaption>
    </figure>
  );
}

const MEANING: Readonly<Record<Kind, string>> = {
  input: "inputs",
  issued: "newly issued",
  recipient: "to a recipient",
  reissued: "reissued, to the treasury",
  change: "change, back to the treasury",
  token: "reissuance token, back to the treasury",
  burn: "burned (irreversible)",
  fee: "fee",
  other: "not understood",
};

function legend(kinds: readonly Kind[]): Kind[] {
  return (Object.keys(MEANING) as Kind[]).filter((kind) => kinds.includes(kind));
}

function Label({ band, asset, names }: { readonly band: Band; readonly asset: string; readonly names: Names }) {
  return (
    <text x={band.x} y={band.y} text-anchor={band.anchor}>
      <tspan class="label" x={band.x} dy="-0.2em">
        {band.flow.label}
      </tspan>
      <tspan class="amount" x={band.x} dy="1.25em">
        {written(band.flow, asset, names)}
      </tspan>
    </text>
  );
}

/** An amount in a label. Its unit is in the heading of the lane. */
function written(flow: Flow, asset: string, names: Names): string {
  return grouped(shown(flow.amount, asset, names).number).join("\u202f");
}

/** The picture in words: a sentence per lane. The amounts are in the table. */
function described(review: ReviewDocument): string {
  const sentences = lanes(review).map(
    ({ name, ins, outs }) => `${name}: ${ins.length} in, ${outs.length} out (${outs.map(({ label }) => label).join(", ")}).`,
  );
  return `${sentences.join(" ")} The table “In numbers” has the same content.`;
}

/** The width of the frame. The picture is drawn for it, so that text keeps its size on a phone. */
function useWidth(frame: { readonly current: HTMLElement | null }): number {
  const [width, setWidth] = useState(720);
  useEffect(() => {
    const { current } = frame;
    if (current === null) return;
    const observer = new ResizeObserver(([entry]) => entry && setWidth(Math.max(280, Math.round(entry.contentRect.width))));
    observer.observe(current);
    return () => observer.disconnect();
  }, []);
  return width;
}
