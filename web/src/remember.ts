/**
 * What the page keeps. In memory always: the reserved coins and the log of this sitting. On this computer only if the
 * operator ticked it, and the descriptor only if that was ticked too. Never a password.
 *
 * Tabs of one browser share what is kept on this computer, and a tick in one of them counts in all. A tab whose own record
 * or log differs from the kept one does not join: if either text replaced the other, coins would be reserved twice, or a
 * report posted twice.
 */

import { type Failure, failed } from "./failure.ts";

/** A store of text: the browser's localStorage, or a test's own. */
export type Store = Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">;

/** A change that another tab made in the store. `key` is null if everything was removed. */
export type Heard = Pick<StorageEvent, "key" | "newValue">;

const PREFIX = "coldamp.";
const ON = "on";

const CHANGED: Failure = failed("RECORD_CHANGED", "another request was prepared meanwhile, in this tab or another one; both may have taken the same coins");

/** The reason why this tab keeps nothing on this computer while another one does. */
export const APART: Failure = failed("KEPT_OTHERWISE", "another tab keeps other reserved coins or another log on this computer; this tab keeps its own in memory");

/** Reads and writes what the page keeps. */
export class Remembered {
  readonly #sitting = new Map<string, string>();
  /** Whether this tab reads and writes what is kept on this computer. */
  #shares: boolean;

  /** `store` is null if the browser has none. */
  constructor(private readonly store: Store | null) {
    this.#shares = this.#isOn();
    if (this.#shares) this.#takeOver();
  }

  /** Whether this tab keeps things on this computer. */
  get onThisComputer(): boolean {
    return this.#shares && this.#isOn();
  }

  /** Whether another tab keeps things on this computer and this one does not. */
  get isApart(): boolean {
    return !this.#shares && this.#isOn();
  }

  /**
   * Turns it on, with what this sitting has so far; or off, and everything is removed. Throws where the browser keeps
   * nothing, and, with nothing written, where the store holds another text than this tab. No tab may be at work meanwhile.
   */
  keepOnThisComputer(on: boolean): void {
    if (!on) {
      if (this.#shares) this.#takeOver();
      this.#forget();
      this.#shares = false;
      return;
    }
    const own = [...this.#sitting];
    if (own.some(([name, text]) => ![null, text].includes(this.#stored(name)))) throw APART;
    const missing = [...own, [ON, "yes"] as const].filter(([name]) => this.#stored(name) === null);
    try {
      for (const [name, text] of missing) this.#write(name, text);
    } catch (thrown) {
      for (const [name] of missing) this.store?.removeItem(PREFIX + name);
      throw thrown;
    }
    this.#takeOver();
    this.#shares = true;
  }

  /** Turns it on where another tab did, unless that tab turned it off again meanwhile. Throws as `keepOnThisComputer`. */
  follow(): void {
    if (this.isApart) this.keepOnThisComputer(true);
  }

  /**
   * Another tab changed the store. Gives whether it turned keeping on, so that this tab is to `follow` while no tab is at
   * work.
   */
  hear({ key, newValue }: Heard): boolean {
    if (key === null || key === PREFIX + ON) {
      if (newValue === "yes") return !this.#shares;
      this.#shares = false;
      return false;
    }
    // What another tab adds is known here too, also after it removes everything.
    const name = key.startsWith(PREFIX) ? key.slice(PREFIX.length) : "";
    if (this.#shares && newValue !== null && isOfJobs(name)) this.#sitting.set(name, newValue);
    return false;
  }

  /** The record of reserved coins of a treasury, known by its first address. */
  record(firstAddress: string): string | null {
    return this.#read(`record.${firstAddress}`);
  }

  /**
   * Keeps it. `before` is the record that it was made from: throws where another job, here or in another tab, has
   * reserved coins since, which would be forgotten and reserved a second time.
   */
  keepRecord(firstAddress: string, record: string, before: string | null): void {
    if (this.record(firstAddress) !== before) throw CHANGED;
    this.#keep(`record.${firstAddress}`, record);
  }

  /** The log of a transaction or of an asset's requests: lines of JSON, as FILE.log has them. */
  log(of: string): string {
    return this.#read(`log.${of}`) ?? "";
  }

  /** Adds a line. Throws if it should be kept on this computer and cannot be. */
  addToLog(of: string, line: string): void {
    const whole = line.endsWith("\n") ? line : `${line}\n`;
    this.#keep(`log.${of}`, this.log(of) + whole);
  }

  /** The descriptor and its network, if that was ticked. */
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

  #isOn(): boolean {
    return this.#stored(ON) === "yes";
  }

  #read(name: string): string | null {
    // What is stored comes first: another tab may have added to it a moment ago.
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

  /** Every record and log that is kept, in memory too: it stays known when another tab removes it from the store. */
  #takeOver(): void {
    if (!this.#isOn()) return;
    for (const name of this.#names().filter(isOfJobs)) {
      const text = this.#stored(name);
      if (text !== null) this.#sitting.set(name, text);
    }
  }

  #forget(): void {
    for (const name of this.#names()) this.store?.removeItem(PREFIX + name);
  }

  /** The names of what is kept, without the prefix. */
  #names(): string[] {
    const { store } = this;
    if (store === null) return [];
    const keys = Array.from({ length: store.length }, (_, index) => store.key(index) ?? "");
    return keys.filter((key) => key.startsWith(PREFIX)).map((key) => key.slice(PREFIX.length));
  }
}

/** Whether it is a record or a log, of which every tab has to know the same. */
function isOfJobs(name: string): boolean {
  return name.startsWith("record.") || name.startsWith("log.");
}

/** The browser's own store. */
export function browserStore(): Store | null {
  try {
    return globalThis.localStorage;
  } catch {
    return null;
  }
}
