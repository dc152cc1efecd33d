//! Runs the code that waits for the network: one thread, and a clock that only requests and pauses use.

use std::future::Future;
use std::sync::LazyLock;
use std::time::Duration;

use coldamp_cli::Failure;
use coldamp_online::pace::Pause;
use tokio::time::Instant;

/// Runs a command that waits to its end.
///
/// # Errors
/// The command's, or when the system gives no event loop.
pub(crate) fn wait_for<T>(command: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(|error| Failure::internal(format!("no event loop: {error}")))?.block_on(command)
}

/// The same for one that starts tasks of its own, all on this thread.
///
/// # Errors
/// As [`wait_for`].
pub(crate) fn wait_for_all<T>(command: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    wait_for(async { tokio::task::LocalSet::new().run_until(command).await })
}

/// What the time is measured from. It says when something is asked, and nothing of what comes out.
static START: LazyLock<Instant> = LazyLock::new(Instant::now);

/// Lets time pass by the system's clock.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Clock;

impl Clock {
    /// Seconds since 1970, as this machine has it; 0 where its clock is before that.
    #[expect(
        clippy::disallowed_types,
        reason = "the age of a source's newest block is told and decides nothing, and a job's folder is named by its day"
    )]
    pub(crate) fn now(self) -> u64 {
        use std::time::{SystemTime, UNIX_EPOCH};
        SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
    }
}

impl Pause for Clock {
    async fn pause(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }

    fn elapsed(&self) -> Duration {
        START.elapsed()
    }
}
