/** Steps of the log between the engine, which announces them, and the page, which keeps them. */

interface Waiting {
  readonly promise: Promise<void>;
  readonly kept: () => void;
  readonly lost: (reason: Error) => void;
  /** Whether the page said that it cannot keep it. */
  isLost: boolean;
}

/** Steps that were announced and that the page has not kept: not yet, or it said that it cannot. */
export class Steps {
  readonly #unkept = new Map<number, Waiting>();
  #next = 0;

  /** A step is on its way to the page; its number. */
  announce(): number {
    const step = this.#next;
    this.#next += 1;
    let kept!: () => void;
    let lost!: (reason: Error) => void;
    const promise = new Promise<void>((yes, no) => {
      kept = yes;
      lost = no;
    });
    // Whoever sends next hears of a rejection; until then it must not count as unhandled.
    promise.catch(() => undefined);
    this.#unkept.set(step, { promise, kept, lost, isLost: false });
    return step;
  }

  /** What the page says of it; `failure` is null where it is kept. */
  answer(step: number, failure: string | null): void {
    const waiting = this.#unkept.get(step);
    if (waiting === undefined) return;
    if (failure === null) {
      this.#unkept.delete(step);
      waiting.kept();
    } else {
      waiting.isLost = true;
      waiting.lost(new Error(`the step was not kept: ${failure}`));
    }
  }

  /** Resolves once every step announced so far is kept; rejects where one is lost. */
  async stepsKept(): Promise<void> {
    await Promise.all([...this.#unkept.values()].map(({ promise }) => promise));
  }

  /** A lost step stopped its own call, and nothing of a later one. What the page still has in hand is waited for. */
  forgetLost(): void {
    for (const [step, { isLost }] of this.#unkept) if (isLost) this.#unkept.delete(step);
  }
}
