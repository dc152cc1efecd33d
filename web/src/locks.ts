/**
 * One tab at a time works with a treasury’s log and record. Without this two tabs could both read a log that says nothing
 * was posted, and both post. And no tab changes what is kept on this computer while any tab is at work. The browser’s lock
 * is shared by the tabs of one origin; another browser, computer or the command line is not kept apart by it.
 */

import { type Failure, failed } from "./failure.ts";

/** The browser’s locks, or what a test gives. */
export type Locks = Pick<LockManager, "request">;

const BUSY: Failure = failed("LOG_BUSY", "another tab or window is at work with this treasury");

const NO_LOCKS: Failure = failed("NO_LOCKS", "this browser cannot keep two tabs of the page apart");

const AT_WORK: Failure = failed("LOG_BUSY", "a tab is at work with a treasury, and what is kept must not change meanwhile");

/** Every work holds this lock together with the others; whoever changes what is kept on this computer holds it alone. */
const KEPT = "coldamp.kept";

/**
 * Runs `work` while no other tab runs any for this treasury, known by its first address. Throws a failure, and does not
 * run it, where another tab does or where the browser has no locks.
 */
export async function alone<T>(firstAddress: string, work: () => Promise<T>, locks = browserLocks()): Promise<T> {
  if (locks === null) throw NO_LOCKS;
  return held(locks, KEPT, { mode: "shared", ifAvailable: true }, BUSY, () =>
    held(locks, `coldamp.treasury.${firstAddress}`, { ifAvailable: true }, BUSY, work),
  );
}

/**
 * Runs `change`, which changes what is kept on this computer, while no tab is at work. Throws a failure, and does not run
 * it, where one is or where the browser has no locks. With `wait` it waits until none is.
 */
export async function whileNobodyWorks<T>(
  change: () => T,
  { wait = false, locks = browserLocks() }: { readonly wait?: boolean; readonly locks?: Locks | null } = {},
): Promise<T> {
  if (locks === null) throw NO_LOCKS;
  return held(locks, KEPT, wait ? {} : { ifAvailable: true }, AT_WORK, () => Promise.resolve(change()));
}

/** Runs `work` with a lock of this name. Throws `busy` where it is not to be had. */
async function held<T>(
  locks: Locks,
  name: string,
  options: LockOptions,
  busy: Failure,
  work: () => Promise<T>,
): Promise<T> {
  // Whether the work has begun: what fails before that is the browser’s refusal.
  let begun = false;
  try {
    return await locks.request(name, options, (lock) => {
      begun = true;
      if (lock === null) throw busy;
      return work();
    });
  } catch (thrown) {
    throw begun ? thrown : NO_LOCKS;
  }
}

function browserLocks(): Locks | null {
  return globalThis.navigator?.locks ?? null;
}
