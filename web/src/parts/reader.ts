/**
 * Reads files one after another. Only the newest counts. A file that was chosen before, or whose form was closed, is freed
 * when it has been read. As soon as a file is chosen, the one before it is gone.
 */

import { type Failure, failureOf } from "../failure.ts";

/** The bytes of a file. */
export interface Taken {
  readonly bytes: Uint8Array;
  /** The file's name; empty for pasted or scanned text. */
  readonly name: string;
}

/** Name and size of a file, known before it has been read. */
export interface FileInfo {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
}

/** The state of the reading. */
export type Reading<T> =
  | { readonly at: "nothing" }
  | { readonly at: "reading"; readonly of: FileInfo }
  | { readonly at: "read"; readonly of: FileInfo; readonly value: T }
  | { readonly at: "failed"; readonly of: FileInfo; readonly failure: Failure };

/** What is done with a file. */
export interface Uses<T> {
  /** Removes what an earlier file left elsewhere. */
  readonly onBegin?: (() => void) | undefined;
  /** Parses it. */
  readonly read: (taken: Taken) => Promise<T>;
  /** Receives the result, unless it came late, and owns it from then on. Without this the reader keeps it. */
  readonly onRead?: ((value: T, of: FileInfo) => void) | undefined;
  /** Frees a result that nobody owns. */
  readonly letGo?: ((value: T) => void) | undefined;
}

/** See the file. */
export class Reader<T> {
  #newest = 0;
  #state: Reading<T> = { at: "nothing" };

  /** `uses` is called for each file; `tell` receives every change of the state. */
  constructor(
    private readonly uses: () => Uses<T>,
    private readonly tell: (state: Reading<T>) => void,
  ) {}

  /** Reads a file. It replaces the one before. Says whether it was read and no other was chosen meanwhile. */
  async take(of: FileInfo, bytes: Promise<Uint8Array>): Promise<boolean> {
    const number = this.#begin({ at: "reading", of });
    const { onBegin, read, onRead, letGo } = this.uses();
    onBegin?.();
    try {
      const value = await read({ bytes: await bytes, name: of.name });
      if (number !== this.#newest) {
        letGo?.(value);
        return false;
      }
      this.#set({ at: "read", of, value });
      onRead?.(value, of);
      return true;
    } catch (thrown) {
      if (number === this.#newest) this.#set({ at: "failed", of, failure: failureOf(thrown) });
      return false;
    }
  }

  /** Removes the file, also one that is still being read. */
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
