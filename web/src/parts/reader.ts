/**
 * A file that is being read. Only the newest counts: what comes late, of a file chosen before or of a form that was left,
 * is let go of, and from the moment a file is chosen nothing of the one before it is to be had.
 */

import { type Failure, failureOf } from "../failure.ts";

/** What came in. */
export interface Taken {
  readonly bytes: Uint8Array;
  /** The file's name; empty for what was pasted or scanned. */
  readonly name: string;
}

/** Where something came from, before its bytes are there. */
export interface FileInfo {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
}

/** How far it is. */
export type Reading<T> =
  | { readonly at: "nothing" }
  | { readonly at: "reading"; readonly of: FileInfo }
  | { readonly at: "read"; readonly of: FileInfo; readonly value: T }
  | { readonly at: "failed"; readonly of: FileInfo; readonly failure: Failure };

/** What a reader does with bytes. */
export interface Uses<T> {
  /** Takes away what an earlier file left elsewhere. */
  readonly onBegin?: (() => void) | undefined;
  /** Makes something of them. */
  readonly read: (taken: Taken) => Promise<T>;
  /** Hears of it, unless it came late, and has it from then on. Without this the reader keeps it. */
  readonly onRead?: ((value: T, of: FileInfo) => void) | undefined;
  /** Frees what nobody has. */
  readonly letGo?: ((value: T) => void) | undefined;
}

/** Reads files one after another. */
export class Reader<T> {
  #newest = 0;
  #state: Reading<T> = { at: "nothing" };

  /** `uses` is asked anew each time; `tell` hears of every change. */
  constructor(
    private readonly uses: () => Uses<T>,
    private readonly tell: (state: Reading<T>) => void,
  ) {}

  /** Reads a file in the place of whatever is there. */
  async take(of: FileInfo, bytes: Promise<Uint8Array>): Promise<void> {
    const number = this.#begin({ at: "reading", of });
    const { onBegin, read, onRead, letGo } = this.uses();
    onBegin?.();
    try {
      const value = await read({ bytes: await bytes, name: of.name });
      if (number !== this.#newest) {
        letGo?.(value);
        return;
      }
      this.#set({ at: "read", of, value });
      onRead?.(value, of);
    } catch (thrown) {
      if (number === this.#newest) this.#set({ at: "failed", of, failure: failureOf(thrown) });
    }
  }

  /** Takes away what is there, and whatever is on its way. */
  clear(): void {
    this.#begin({ at: "nothing" });
  }

  #begin(state: Reading<T>): number {
    const { onRead, letGo } = this.uses();
    if (this.#state.at === "read" && onRead === undefined) letGo?.(this.#state.value);
    this.#newest += 1;
    this.#set(state);
    return this.#newest;
  }

  #set(state: Reading<T>): void {
    this.#state = state;
    this.tell(state);
  }
}
