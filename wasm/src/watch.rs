//! The page's function that hears how far something has come, and stops it by throwing.

use coldamp_core::code::Code;
use std::cell::Cell;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;

use coldamp_online::pace::{self, Watch};
use js_sys::Function;
use serde::Serialize;
use tsify::Tsify;
use wasm_bindgen::JsValue;

use crate::Failure;

/// How far something has come.
#[derive(Serialize, Tsify)]
#[serde(tag = "stage", rename_all = "snake_case")]
#[tsify(missing_as_null)]
pub enum Progress {
    /// The treasury's scripts: looked at, of so many that are known to be needed by now.
    Scripts {
        /// Looked at.
        done: usize,
        /// Needed; grows when one of the last ones was used.
        of: usize,
        /// Seconds that the rest takes at the pace that the server is asked at; null where it is not paced.
        seconds_left: Option<u32>,
    },
    /// The treasury's coins: read and opened.
    Coins {
        /// Opened.
        done: usize,
        /// In all.
        of: usize,
    },
    /// A transaction's confirmations.
    Confirmations {
        /// Seen; null while the transaction is nowhere to be seen.
        found: Option<u32>,
        /// Enough.
        of: u32,
    },
}

/// The page's function.
pub(crate) struct Watching {
    page: Function,
    stopped: Cell<bool>,
}

impl Watching {
    pub(crate) fn new(page: Function) -> Self {
        Watching { page, stopped: Cell::new(false) }
    }

    /// Goes on with `work` until it is done, or the page's function has thrown.
    pub(crate) async fn unless_stopped<T, E: Into<Failure>>(
        &self,
        work: impl Future<Output = Result<T, E>>,
    ) -> Result<T, Failure> {
        let mut work = pin!(work);
        poll_fn(|context| match work.as_mut().poll(context) {
            Poll::Ready(done) => Poll::Ready(done.map_err(Into::into)),
            Poll::Pending if self.stopped.get() => {
                Poll::Ready(Err(Failure::new(Code::Cancelled, "stopped by the page")))
            }
            Poll::Pending => Poll::Pending,
        })
        .await
    }
}

impl Watch for Watching {
    fn at(&self, progress: pace::Progress) {
        let progress = match progress {
            pace::Progress::Scripts { done, total, seconds_left } => {
                let whole = |seconds| u32::try_from(seconds).unwrap_or(u32::MAX);
                Progress::Scripts { done, of: total, seconds_left: seconds_left.map(whole) }
            }
            pace::Progress::Coins { done, total } => Progress::Coins { done, of: total },
            // The page reads no node.
            pace::Progress::Transactions { .. } => return,
            pace::Progress::Confirmations { found, total } => Progress::Confirmations { found, of: total },
        };
        let told = progress.into_js().map(JsValue::from);
        let heard = told.map_err(JsValue::from).and_then(|told| self.page.call1(&JsValue::UNDEFINED, &told));
        if heard.is_err() {
            self.stopped.set(true);
        }
    }
}
