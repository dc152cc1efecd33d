/** The positions of everything in the picture, in CSS pixels. */

import { share } from "../amounts.ts";
import type { Flow, Lane } from "./lanes.ts";

/** A flow and its band. */
export interface Band {
  readonly flow: Flow;
  /** The band's outline. */
  readonly path: string;
  /** The position of its label. */
  readonly x: number;
  readonly y: number;
  readonly anchor: "start" | "end";
}

/** A lane, drawn. */
export interface Drawn {
  readonly lane: Lane;
  readonly top: number;
  readonly height: number;
  readonly bands: readonly Band[];
  /** The transaction itself, in the middle. */
  readonly knot: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
}

/** The whole picture. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly narrow: boolean;
  readonly lanes: readonly Drawn[];
}

/** Below this there is no room for an amount in one line with its label. */
const NARROW = 560;
/** Largest part of the width for labels: the bands need the rest. */
const WIDEST_LABEL = 0.44;
/** Height of a label: two lines of text. */
const ROW = 40;
/** Height of a lane's heading. */
const HEAD = 34;
/** Space below a lane. */
const GAP = 22;
/** Height of the knot: as thick as all bands of a side together. */
const KNOT = 88;
/** The smallest amount must still be visible. */
const THINNEST = 2;
const KNOT_WIDTH = 6;

/**
 * Places the lanes below one another. Each has its own scale, since amounts of two assets cannot be compared. `letters`
 * gives the length of a flow's label: the longest one must fit.
 */
export function layout(
  lanes: readonly Lane[],
  width: number,
  letters: (flow: Flow, lane: Lane) => number,
): Layout {
  const narrow = width < NARROW;
  const longest = Math.max(...lanes.flatMap((lane) => [...lane.ins, ...lane.outs].map((flow) => letters(flow, lane))), 0);
  const labels = Math.round(Math.min(width * WIDEST_LABEL, longest * (narrow ? 6.6 : 7.4) + 14));
  const drawn: Drawn[] = [];
  let top = 0;
  for (const lane of lanes) {
    const rows = Math.max(lane.ins.length, lane.outs.length, 1);
    const height = Math.max(rows * ROW, KNOT + 12);
    const middle = top + HEAD + height / 2;
    const knot = { x: width / 2 - KNOT_WIDTH / 2, y: middle - KNOT / 2, width: KNOT_WIDTH, height: KNOT };
    const bands = [
      ...side(lane.ins, lane.total, middle, labels, knot.x, "end"),
      ...side(lane.outs, lane.total, middle, width - labels, knot.x + KNOT_WIDTH, "start"),
    ];
    drawn.push({ lane, top, height: HEAD + height, bands, knot });
    top += HEAD + height + GAP;
  }
  return { width, height: Math.max(0, top - GAP), narrow, lanes: drawn };
}

/** The bands of one side: from the knot at `inner`, stacked without gaps, to their labels at `outer`, a row each. */
function side(
  flows: readonly Flow[],
  total: string,
  middle: number,
  outer: number,
  inner: number,
  anchor: Band["anchor"],
): Band[] {
  const thick = flows.map((flow) => Math.max(THINNEST, share(flow.amount, total, KNOT)));
  const all = thick.reduce((sum, one) => sum + one, 0);
  let from = middle - all / 2;
  return flows.map((flow, row) => {
    const thickness = thick[row] ?? THINNEST;
    const y = middle + (row - (flows.length - 1) / 2) * ROW;
    // At its label a band is not thicker than a row: otherwise neighbours would overlap.
    const end = Math.min(thickness, ROW - 6);
    const path = band(inner, from, from + thickness, outer, y - end / 2, y + end / 2);
    from += thickness;
    return { flow, path, x: anchor === "end" ? outer - 8 : outer + 8, y, anchor };
  });
}

/** A curved band between two upright edges. */
function band(x0: number, top0: number, bottom0: number, x1: number, top1: number, bottom1: number): string {
  const bend = (x0 + x1) / 2;
  const over = `M${r(x0)} ${r(top0)}C${r(bend)} ${r(top0)} ${r(bend)} ${r(top1)} ${r(x1)} ${r(top1)}`;
  return `${over}V${r(bottom1)}C${r(bend)} ${r(bottom1)} ${r(bend)} ${r(bottom0)} ${r(x0)} ${r(bottom0)}Z`;
}

/** A length in tenths of a pixel. */
const r = (length: number): string => length.toFixed(1);
