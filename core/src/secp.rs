//! The secp256k1 context that every curve operation takes, and the threads that range proofs and their like are spread over.
//!
//! Core makes no context and asks no machine for its cores: the binaries hand in both as one value, [`Secp`]. Neither changes
//! any output. What is computed on several threads is always a list whose items do not depend on each other. It is put
//! together in its order ([`Threads::map`]).
//!
//! The threads are those of the standard library and not of a thread pool from another package. They end before the call
//! returns, so that no thread and no stack with blinding factors outlives the work, and `coldamp` is built with no further
//! package. A thread takes some ten microseconds to start, a range proof some thousand.

use std::num::NonZeroUsize;
use std::ops::Deref;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use elements::secp256k1_zkp::{All, Secp256k1};

/// The secp256k1 context, and the threads that curve operations may be spread over.
///
/// A command makes one and uses it throughout. Threads share it: nothing writes to it. The air-gapped binary has it blinded
/// against side channels with the system's randomness, which changes no output.
#[derive(Debug)]
pub struct Secp {
    context: Secp256k1<All>,
    threads: Threads,
}

/// How many threads compute at a time, the calling one among them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Threads(NonZeroUsize);

impl Secp {
    /// A new context for one thread.
    pub fn new() -> Self {
        Secp::with(Secp256k1::new(), Threads::ONE)
    }

    /// A given context, for this many threads.
    pub fn with(context: Secp256k1<All>, threads: Threads) -> Self {
        Secp { context, threads }
    }

    /// The threads.
    pub fn threads(&self) -> Threads {
        self.threads
    }
}

impl Default for Secp {
    fn default() -> Self {
        Secp::new()
    }
}

impl Deref for Secp {
    type Target = Secp256k1<All>;

    fn deref(&self) -> &Secp256k1<All> {
        &self.context
    }
}

impl Threads {
    /// The calling thread alone.
    pub const ONE: Threads = Threads(NonZeroUsize::MIN);

    /// The most that make sense: a transaction that nodes relay has fewer blinded outputs.
    pub const MAX: usize = 256;

    /// This many threads. `None` for 0, and for more than [`Threads::MAX`].
    pub fn new(count: usize) -> Option<Self> {
        NonZeroUsize::new(count).filter(|count| count.get() <= Threads::MAX).map(Threads)
    }

    /// Does `work` for every item, and returns the results in the order of the items, whatever the number of threads.
    ///
    /// Where the system starts fewer threads than asked for, those that run do all of the work. In WASM the calling one does it,
    /// and the page is spared the rest of this function, 28 KB for all types of results.
    /// If `work` panics on any of them, this panics with the same payload when all have ended, so that no panic is lost.
    pub fn map<I: Sync, T: Send>(self, items: &[I], work: impl Fn(&I) -> T + Sync) -> Vec<T> {
        let threads = self.0.get().min(items.len());
        if threads < 2 || cfg!(target_arch = "wasm32") {
            return items.iter().map(work).collect();
        }
        // Each thread takes the next item that is left, so that none waits for a thread whose items take longer.
        let next = AtomicUsize::new(0);
        let done = Mutex::new(Vec::with_capacity(items.len()));
        on_threads(threads, &|| {
            loop {
                let index = next.fetch_add(1, Ordering::Relaxed);
                let Some(item) = items.get(index) else { return };
                let result = work(item);
                // Nothing panics while it holds this lock.
                done.lock().unwrap_or_else(PoisonError::into_inner).push((index, result));
            }
        });
        let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
        done.sort_unstable_by_key(|(index, _)| *index);
        done.into_iter().map(|(_, result)| result).collect()
    }

    /// The same where `work` can fail.
    ///
    /// # Errors
    /// With the error of the first item that has one, whatever the number of threads.
    pub fn try_map<I: Sync, T: Send, E: Send>(
        self,
        items: &[I],
        work: impl Fn(&I) -> Result<T, E> + Sync,
    ) -> Result<Vec<T>, E> {
        self.map(items, work).into_iter().collect()
    }
}

/// Does the same work on `count` threads at a time, the calling one among them, and ends when all have ended.
fn on_threads(count: usize, work: &(dyn Fn() + Sync)) {
    thread::scope(|scope| {
        let start = |_| thread::Builder::new().spawn_scoped(scope, work).ok();
        let started: Vec<_> = (1..count).map_while(start).collect();
        work();
        for thread in started {
            if let Err(panic) = thread.join() {
                resume_unwind(panic);
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::panic::{AssertUnwindSafe, catch_unwind};

    const COUNTS: [usize; 4] = [1, 2, 16, Threads::MAX];

    fn threads(count: usize) -> Threads {
        Threads::new(count).unwrap()
    }

    fn items(count: u64) -> Vec<u64> {
        (0..count).collect()
    }

    #[test]
    fn results_come_in_the_order_of_the_items_on_any_number_of_threads() {
        // The first items take longest, so that later ones are done before them.
        let work = |item: &u64| (0..2_000 / (item + 1)).fold(*item, |sum, step| sum.rotate_left(1) ^ step);
        let expected: Vec<u64> = items(300).iter().map(work).collect();
        for count in COUNTS {
            assert_eq!(threads(count).map(&items(300), work), expected, "{count} threads");
            assert_eq!(threads(count).map(&items(1), work), [work(&0)], "{count} threads");
            assert_eq!(threads(count).map(&items(0), work), [0; 0], "{count} threads");
        }
    }

    #[test]
    fn several_threads_work_at_a_time() {
        // Nobody passes before all four have come: with fewer threads this would never end.
        let barrier = std::sync::Barrier::new(4);
        let leaders = threads(4).map(&items(4), |_| barrier.wait().is_leader());
        assert_eq!(leaders.into_iter().filter(|leader| *leader).count(), 1);
    }

    #[test]
    fn of_several_errors_that_of_the_first_item_is_told() {
        let work = |item: &u64| if item % 7 == 5 { Err(*item) } else { Ok(*item) };
        for count in COUNTS {
            assert_eq!(threads(count).try_map(&items(100), work), Err(5), "{count} threads");
            assert_eq!(threads(count).try_map(&items(5), work), Ok(items(5)), "{count} threads");
        }
    }

    #[test]
    fn a_panic_on_any_thread_reaches_the_caller_with_its_payload() {
        for count in COUNTS {
            let work = |item: &u64| if *item == 40 { std::panic::panic_any(*item) } else { *item };
            let caught = catch_unwind(AssertUnwindSafe(|| threads(count).map(&items(64), work)));
            assert_eq!(caught.unwrap_err().downcast_ref::<u64>(), Some(&40), "{count} threads");
        }
    }

    #[test]
    fn no_thread_and_absurdly_many_are_refused() {
        assert_eq!(Threads::new(0), None);
        assert_eq!(Threads::new(Threads::MAX + 1), None);
        assert_eq!(Threads::new(1), Some(Threads::ONE));
    }
}
