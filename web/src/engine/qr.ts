/** QR codes: encodes one, and joins the frames that the camera saw. */

import encodeQR from "qr";
import decodeQR from "qr/decode.js";
import { BbqrJoin } from "coldamp-wasm";

/** A QR code with its quiet zone: `size` modules a side, row by row, 1 is dark. */
export interface Matrix {
  readonly size: number;
  readonly dark: Uint8Array;
}

/** The result of the camera's pictures so far. */
export type Scanned =
  | { readonly state: "nothing" }
  | { readonly state: "some"; readonly have: number; readonly of: number; readonly missing: string }
  | { readonly state: "whole"; readonly bytes: Uint8Array; readonly type: FileType };

/** What QR codes carry: a PSET, JSON, or text. */
export type FileType = "P" | "J" | "U";

/** The white border in modules, as ISO/IEC 18004 requires. */
const QUIET = 4;

/** Encodes a text. */
export function matrix(text: string): Matrix {
  // Error correction is low, since a frame that was missed is shown again.
  const rows = encodeQR(text, "raw", { ecc: "low", border: QUIET });
  return { size: rows.length, dark: Uint8Array.from(rows.flat(), Number) };
}

/** One scan: of a single code, or of the frames of a BBQr. */
export class Scan {
  #join: BbqrJoin | null = null;

  /** Decodes a picture. A code that is not a BBQr frame is the whole text. */
  picture(picture: ImageData): Scanned {
    let text: string;
    try {
      text = decodeQR(picture);
    } catch {
      // Most pictures contain no code.
      return { state: "nothing" };
    }
    if (!text.startsWith("B$")) return { state: "whole", bytes: new TextEncoder().encode(text), type: "U" };
    this.#join ??= new BbqrJoin();
    const progress = this.#join.add(text);
    const bytes = this.#join.bytes();
    if (bytes === undefined) return { state: "some", ...progress };
    return { state: "whole", bytes, type: this.#join.file_type() as FileType };
  }

  /** Frees the frames. */
  close(): void {
    this.#join?.free();
    this.#join = null;
  }
}
