/** The steps of a log that the engine has announced and the page has to keep. */

interface Waiting {
  readonly promise: Promise<void>;
  readonly kept: () => void;
  readonly lost: (reason: Error) => void;
  /** Whether the page could not keep it. */
  isLost: boolean;
}

/** The steps that are announced and not kept: the page has not answered, or could not keep them. */
export class Steps {
  readonly #unkept = new Map<number, Waiting>();
  #next = 0;

  /** Announces a step. Returns its number. */
  announce(): number {
    const step = this.#next;
    this.#next += 1;
    let kept!: () => void;
    let lost!: (reason: Error) => void;
    const promise = new Promise<void>((yes, no) => {
      kept = yes;
      lost = no;
    });
    // The next request gets the rejection. Until then it must not count as unhandled.
    promise.catch(() => undefined);
    this.#unkept.set(step, { promise, kept, lost, isLost: false });
    return step;
  }

  /** The answer of the page; `failure` is null if the step is kept. */
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

  /** Resolves when every step announced so far is kept. Rejects if one could not be kept. */
  async stepsKept(): Promise<void> {
    await Promise.all([...this.#unkept.values()].map(({ promise }) => promise));
  }

  /** Forgets steps that could not be kept: they stopped their own call, and do not concern a later one. */
  forgetLost(): void {
    for (const [step, { isLost }] of this.#unkept) if (isLost) this.#unkept.delete(step);
  }
}
