//! A signed file that agrees with its PSET: broadcast, confirmations and report.

use std::rc::Rc;
use std::time::Duration;

use coldamp_online::broadcast::{self, Sent, same_chain};
use coldamp_online::pace::Unwatched;
use coldamp_online::report::{self, Posted};
use coldamp_online::source::esplora::{Esplora, EsploraError};
use coldamp_online::state::log::LogError;
use js_sys::Function;
use serde::Serialize;
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::call::in_call;
use crate::log::PageLog;
use crate::signed::File;
use crate::source::{Timer, esplora};
use crate::watch::Watching;
use crate::{Amp, Failure, read};

/// A signed file whose audit agreed. Only `Signed.audit` makes it, so that the page cannot send a file that it has not
/// compared with the PSET that was handed over (docs/rules.md#recompute-signed-file).
#[wasm_bindgen]
pub struct Audited {
    file: Rc<File>,
}

/// The outcome of a broadcast.
#[derive(Serialize, Tsify)]
#[tsify(missing_as_null)]
pub struct BroadcastView {
    /// Whether it was sent now, or was on the chain before.
    #[tsify(type = "\"now\" | \"before\"")]
    pub sent: String,
    /// Confirmations, if it was on the chain before.
    pub confirmations: Option<u32>,
}

/// The outcome of a report.
#[derive(Serialize, Tsify)]
#[tsify(missing_as_null)]
pub struct ReportView {
    /// Whether AMP accepted it now, or has it by its own record; or only the log says that AMP accepted it, and AMP's record
    /// does not show it.
    #[tsify(type = "\"now\" | \"before\" | \"by_log_alone\"")]
    pub posted: String,
    /// Confirmations of the transaction at the time of the report.
    pub confirmations: u32,
    /// AMP's answer; empty if nothing was posted.
    pub answer: String,
    /// Where AMP's own record differs from the report; null if AMP has no record of it.
    pub differences: Option<Vec<String>>,
    /// What AMP's record does not show, and other notices.
    pub notices: Vec<String>,
}

#[wasm_bindgen]
impl Audited {
    /// Sends the transaction if the chain does not have it, after the checks of AMP's script and more. `replaces` is an
    /// unconfirmed transaction that it was prepared to replace. `log` is the log of this transaction so far. `step` receives
    /// each further line before the step is taken; if it throws, the step is not taken.
    ///
    /// # Errors
    /// Throws a Failure when a check fails, the chain refuses, or no answer came. It can be called again.
    pub async fn broadcast(
        &self,
        amp: &Amp,
        esplora: &str,
        replaces: Option<String>,
        log: &str,
        #[wasm_bindgen(unchecked_param_type = "(line: string) => void")] step: Function,
    ) -> Result<Ts<BroadcastView>, Failure> {
        in_call(self.send(Some(amp), esplora, replaces.as_deref(), log, step)).await
    }

    /// As `broadcast`, without asking AMP for lost outputs and for distributions that are already paid.
    ///
    /// # Errors
    /// As `broadcast`.
    pub async fn broadcast_without_amp(
        &self,
        esplora: &str,
        replaces: Option<String>,
        log: &str,
        #[wasm_bindgen(unchecked_param_type = "(line: string) => void")] step: Function,
    ) -> Result<Ts<BroadcastView>, Failure> {
        in_call(self.send(None, esplora, replaces.as_deref(), log, step)).await
    }

    /// Waits for two confirmations and asks every `poll_seconds` seconds. After a reorganisation the number can fall. If
    /// `watch` throws, it ends with CANCELLED.
    ///
    /// # Errors
    /// Throws a Failure when the chain does not show the transaction, or cannot be asked.
    pub async fn wait_confirmed(
        &self,
        esplora: &str,
        poll_seconds: u32,
        #[wasm_bindgen(unchecked_param_type = "(progress: Progress) => void")] watch: Function,
    ) -> Result<u32, Failure> {
        let watch = Watching::new(watch);
        let every = Some(Duration::from_secs(u64::from(poll_seconds.max(1))));
        in_call(async {
            let chain = self.chain(esplora).await?;
            watch.unless_stopped(report::confirmed(&chain, &self.file.signed, &Timer, every, &watch)).await
        })
        .await
    }

    /// Reads the confirmations again, posts the report unless AMP has it, and reads AMP's record of it. `again` posts although
    /// an earlier report may have arrived. `log` and `step` are as for `broadcast`.
    ///
    /// # Errors
    /// Throws a Failure when there are fewer than two confirmations, AMP refuses, it is not known whether AMP accepted the
    /// report, or AMP accepted it and its record does not have it.
    pub async fn report(
        &self,
        amp: &Amp,
        esplora: &str,
        again: bool,
        log: &str,
        #[wasm_bindgen(unchecked_param_type = "(line: string) => void")] step: Function,
    ) -> Result<Ts<ReportView>, Failure> {
        in_call(self.tell(amp, esplora, again, log, step)).await
    }
}

impl Audited {
    pub(crate) fn of(file: Rc<File>) -> Self {
        Audited { file }
    }

    async fn chain(&self, root: &str) -> Result<Esplora<Timer>, Failure> {
        let chain = esplora(root)?;
        same_chain(&chain, self.file.signed.chain()).await?;
        Ok(chain)
    }

    /// The log of the transaction. All copies of its signed file share it, so that it is reported once.
    fn log(&self, text: &str, step: Function) -> Result<PageLog, LogError> {
        PageLog::open(text, self.file.signed.txid().to_string().as_bytes(), step)
    }

    async fn tell(
        &self,
        amp: &Amp,
        esplora: &str,
        again: bool,
        log: &str,
        step: Function,
    ) -> Result<Ts<ReportView>, Failure> {
        let chain = self.chain(esplora).await?;
        let mut log = self.log(log, step)?;
        let confirmations = report::confirmed(&chain, &self.file.signed, &Timer, None, &Unwatched).await?;
        let posted =
            report::post::<EsploraError>(&amp.amp, &self.file.signed, confirmations, again, &mut log).await?;
        let look = report::read_back::<EsploraError>(&amp.amp, &self.file.signed, &posted).await?;
        let (posted, answer) = match posted {
            Posted::Now { answer, .. } => {
                ("now", amp.amp.without_credentials(String::from_utf8_lossy(&answer).trim()))
            }
            Posted::AlreadyReported { .. } => ("before", String::new()),
            Posted::ByLogAlone { .. } => ("by_log_alone", String::new()),
        };
        let differences = (look.compared || !look.differences.is_empty()).then_some(look.differences);
        let (posted, notices) = (posted.to_owned(), look.notices);
        Ok(ReportView { posted, confirmations, answer, differences, notices }.into_ts()?)
    }

    async fn send(
        &self,
        amp: Option<&Amp>,
        esplora: &str,
        replaces: Option<&str>,
        log: &str,
        step: Function,
    ) -> Result<Ts<BroadcastView>, Failure> {
        let replaces = replaces.map(read::txid).transpose()?;
        let mut log = self.log(log, step)?;
        let chain = self.chain(esplora).await?;
        let amp = amp.map(|amp| &amp.amp);
        let (sent, confirmations) =
            match broadcast::broadcast(&chain, amp, &self.file.signed, replaces, &mut log).await? {
                Sent::Now => ("now", None),
                Sent::AlreadyOnChain(place) => ("before", place.confirmations()),
            };
        Ok(BroadcastView { sent: sent.to_owned(), confirmations }.into_ts()?)
    }
}
