//! Progress reports to the page. The page's function can stop the work by throwing.

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

/// The progress of some work.
#[derive(Serialize, Tsify)]
#[serde(tag = "stage", rename_all = "snake_case")]
#[tsify(missing_as_null)]
pub enum Progress {
    /// Reading the treasury's scripts.
    Scripts {
        /// Scripts that were read.
        done: usize,
        /// Scripts to read. The number grows when one of the last ones was used.
        of: usize,
        /// Seconds for the rest, if requests to the server are limited in number; else null.
        seconds_left: Option<u32>,
    },
    /// Reading and decrypting the treasury's coins.
    Coins {
        /// Coins that were decrypted.
        done: usize,
        /// All coins.
        of: usize,
    },
    /// Waiting for confirmations.
    Confirmations {
        /// Confirmations so far; null while the chain source does not show the transaction.
        found: Option<u32>,
        /// Confirmations that are needed.
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

    /// Runs `work` until it is done, or until the page's function has thrown.
    pub(crate) async fn unless_stopped<T, E: Into<Failure>>(
        &self,
        work: impl Future<Output = Result<T, E>>,
    ) -> Result<T, Failure> {
        let mut work = pin!(work);
        poll_fn(|context| match work.as_mut().poll(context) {
            Poll::Ready(done) => Poll::Ready(done.map_err(Into::into)),
            Poll::Pending if self.stopped.get() => {
                Poll::Ready(Err(Failure::new(Code::Cancelled, "the page stopped it")))
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
