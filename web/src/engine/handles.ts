/** The engine's objects stay in the worker; the page holds numbers that stand for them. */

declare const KIND: unique symbol;

/** Stands for an object of the engine; `K` says which kind. */
export type Handle<K extends string> = number & { readonly [KIND]: K };

/** Something of the engine's that has to be freed. */
interface Owned {
  free(): void;
}

/** A class of the engine's. Most have no public constructor. */
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

  /** The object that a handle stands for. */
  get<T extends Owned>(handle: number, kind: Class<T>): T {
    const object = this.#objects.get(handle);
    if (object !== undefined && isOf(object, kind)) return object;
    throw new TypeError(`found no ${kind.name} under ${handle}: it was let go of`);
  }

  /** Frees an object; its handle stands for nothing from here on. */
  drop(handle: number): void {
    this.#objects.get(handle)?.free();
    this.#objects.delete(handle);
  }
}
