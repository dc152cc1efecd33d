/** The engine's objects stay in the worker. The page holds a number for each. */

declare const KIND: unique symbol;

/** The number of an object of the engine, of the kind `K`. */
export type Handle<K extends string> = number & { readonly [KIND]: K };

/** An object of the engine, which has to be freed. */
interface Owned {
  free(): void;
}

/** A class of the engine. Most have no public constructor. */
interface Class<T> {
  readonly name: string;
  readonly prototype: T;
}

function isOf<T extends Owned>(object: Owned, kind: Class<T>): object is T {
  return Object.prototype.isPrototypeOf.call(kind.prototype, object);
}

/** The objects of one worker. */
export class Handles {
  #next = 1;
  readonly #objects = new Map<number, Owned>();

  /** Keeps an object. */
  keep<K extends string>(object: Owned): Handle<K> {
    const handle = this.#next;
    this.#next += 1;
    this.#objects.set(handle, object);
    return handle as Handle<K>;
  }

  /** The object of a handle. */
  get<T extends Owned>(handle: number, kind: Class<T>): T {
    const object = this.#objects.get(handle);
    if (object !== undefined && isOf(object, kind)) return object;
    throw new TypeError(`handle ${handle}: found no ${kind.name}, it was freed`);
  }

  /** Frees an object. Its handle is not valid after that. */
  drop(handle: number): void {
    this.#objects.get(handle)?.free();
    this.#objects.delete(handle);
  }
}
