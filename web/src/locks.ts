/**
 * Locks between tabs. Only one tab at a time works with a treasury’s log and reservations: otherwise two tabs could both
 * read a log without a report, and both post one. No tab changes what is kept on this computer while any tab works. The
 * tabs of one origin share the lock. It does not cover another browser, another computer or the command line.
 */

import { type Failure, failed } from "./failure.ts";

/** The browser’s locks, or what a test gives. */
export type Locks = Pick<LockManager, "request">;

const BUSY: Failure = failed("LOG_BUSY", "another tab or window is working with this treasury");

const NO_LOCKS: Failure = failed("NO_LOCKS", "this browser has no Web Locks, so two tabs could do one job twice");

const AT_WORK: Failure = failed("LOG_BUSY", "a tab is working with a treasury; what is kept cannot change until it has finished");

/** All working tabs share this lock. A tab that changes what is kept on this computer holds it alone. */
const KEPT = "coldamp.kept";

/**
 * Runs `work` while no other tab runs any for this treasury, known by its first address. Throws a failure, and does not
 * run it, if another tab does, or if the browser has no locks.
 */
export async function alone<T>(firstAddress: string, work: () => Promise<T>, locks = browserLocks()): Promise<T> {
  if (locks === null) throw NO_LOCKS;
  return held(locks, KEPT, { mode: "shared", ifAvailable: true }, BUSY, () =>
    held(locks, `coldamp.treasury.${firstAddress}`, { ifAvailable: true }, BUSY, work),
  );
}

/**
 * Runs `change`, which changes what is kept on this computer, while no tab works. Throws a failure, and does not run
 * it, if one works, or if the browser has no locks. With `wait` it waits instead.
 */
export async function whileNobodyWorks<T>(
  change: () => T,
  { wait = false, locks = browserLocks() }: { readonly wait?: boolean; readonly locks?: Locks | null } = {},
): Promise<T> {
  if (locks === null) throw NO_LOCKS;
  return held(locks, KEPT, wait ? {} : { ifAvailable: true }, AT_WORK, () => Promise.resolve(change()));
}

/** Runs `work` with the lock of this name. Throws `busy` if another tab holds it. */
async function held<T>(
  locks: Locks,
  name: string,
  options: LockOptions,
  busy: Failure,
  work: () => Promise<T>,
): Promise<T> {
  // If `work` has not begun, the browser refused the lock itself.
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
