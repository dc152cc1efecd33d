/**
 * What is kept. In memory always: the record of promised coins and the log lines of this sitting. On this computer only
 * where the person ticked it, and the descriptor only where that was ticked as well. A password never.
 */

import type { Failure } from "./failure.ts";

/** Where text is kept: the browser's localStorage, or what a test gives. */
export type Store = Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">;

const PREFIX = "coldamp.";

const CHANGED: Failure = {
  code: "RECORD_CHANGED",
  message: "another request was prepared meanwhile, here or in another tab: both may have taken the same coins",
  hint: "prepare again; coins that the other one was promised are left alone then",
};

/** What the page remembers. */
export class Remembered {
  readonly #sitting = new Map<string, string>();

  /** `store` is null where the browser has none. */
  constructor(private readonly store: Store | null) {}

  /** Whether the person wants things kept on this computer. */
  get onThisComputer(): boolean {
    return this.#stored("on") === "yes";
  }

  /** Turns it on, with what this sitting has so far; or off, and everything is removed. Throws where the browser keeps nothing. */
  keepOnThisComputer(on: boolean): void {
    if (!on) {
      this.#forget();
      return;
    }
    this.#write("on", "yes");
    for (const [name, text] of this.#sitting) this.#write(name, text);
  }

  /** The record of promised coins of a treasury, known by its first address. */
  record(firstAddress: string): string | null {
    return this.#read(`record.${firstAddress}`);
  }

  /**
   * Keeps it. `before` is the record that it was made from: throws where another job, here or in another tab, has
   * promised coins since, which would be forgotten and promised a second time.
   */
  keepRecord(firstAddress: string, record: string, before: string | null): void {
    if (this.record(firstAddress) !== before) throw CHANGED;
    this.#keep(`record.${firstAddress}`, record);
  }

  /** The log of a transaction or of an asset's requests: lines of JSON, as FILE.log has them. */
  log(of: string): string {
    return this.#read(`log.${of}`) ?? "";
  }

  /** Adds a line. Throws where it should be kept on this computer and cannot. */
  addToLog(of: string, line: string): void {
    const whole = line.endsWith("\n") ? line : `${line}\n`;
    this.#keep(`log.${of}`, this.log(of) + whole);
  }

  /** The descriptor and its network, where that was ticked. */
  get descriptor(): { readonly network: string; readonly text: string } | null {
    const [network, text] = [this.#stored("network"), this.#stored("descriptor")];
    return network === null || text === null ? null : { network, text };
  }

  /** Keeps the descriptor on this computer; null removes it. */
  keepDescriptor(descriptor: { readonly network: string; readonly text: string } | null): void {
    if (descriptor === null) {
      this.store?.removeItem(`${PREFIX}network`);
      this.store?.removeItem(`${PREFIX}descriptor`);
    } else {
      this.#write("network", descriptor.network);
      this.#write("descriptor", descriptor.text);
    }
  }

  #read(name: string): string | null {
    // What is stored comes first: another tab may have promised coins since.
    return (this.onThisComputer ? this.#stored(name) : null) ?? this.#sitting.get(name) ?? null;
  }

  #keep(name: string, text: string): void {
    if (this.onThisComputer) this.#write(name, text);
    this.#sitting.set(name, text);
  }

  #stored(name: string): string | null {
    try {
      return this.store?.getItem(PREFIX + name) ?? null;
    } catch {
      // A browser set to keep nothing throws; then nothing is kept.
      return null;
    }
  }

  #write(name: string, text: string): void {
    if (this.store === null) throw new Error("this browser keeps nothing for this page");
    this.store.setItem(PREFIX + name, text);
  }

  #forget(): void {
    if (this.store === null) return;
    const names = Array.from({ length: this.store.length }, (_, index) => this.store?.key(index) ?? "");
    for (const name of names.filter((name) => name.startsWith(PREFIX))) this.store.removeItem(name);
  }
}

/** The browser's own store. */
export function browserStore(): Store | null {
  try {
    return globalThis.localStorage;
  } catch {
    return null;
  }
}
