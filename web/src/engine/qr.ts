/** QR codes: drawing one, and joining what the camera saw of many. */

import encodeQR from "qr";
import decodeQR from "qr/decode.js";
import { BbqrJoin } from "coldamp-wasm";

/** A QR code with its quiet zone: `size` modules a side, row by row, 1 is dark. */
export interface Matrix {
  readonly size: number;
  readonly dark: Uint8Array;
}

/** What the camera's pictures came to so far. */
export type Scanned =
  | { readonly state: "nothing" }
  | { readonly state: "some"; readonly have: number; readonly of: number }
  | { readonly state: "whole"; readonly bytes: Uint8Array };

/** Modules of white around the code, as the standard asks. */
const QUIET = 4;

/** Draws. */
export function matrix(text: string): Matrix {
  // Error correction is low because a frame that is missed comes round again.
  const rows = encodeQR(text, "raw", { ecc: "low", border: QUIET });
  return { size: rows.length, dark: Uint8Array.from(rows.flat(), Number) };
}

/** One scan: of a single code, or of the frames of a BBQr. */
export class Scan {
  #join: BbqrJoin | null = null;

  /** Looks at a picture. A code that is no BBQr frame is whole by itself. */
  picture(picture: ImageData): Scanned {
    let text: string;
    try {
      text = decodeQR(picture);
    } catch {
      // No code in this picture, which is what most pictures are like.
      return { state: "nothing" };
    }
    if (!text.startsWith("B$")) return { state: "whole", bytes: new TextEncoder().encode(text) };
    this.#join ??= new BbqrJoin();
    const { have, of } = this.#join.add(text);
    const bytes = this.#join.bytes();
    return bytes === undefined ? { state: "some", have, of } : { state: "whole", bytes };
  }

  /** Lets go of the frames. */
  close(): void {
    this.#join?.free();
    this.#join = null;
  }
}
