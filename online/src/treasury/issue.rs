//! A new asset: AMP issues it to addresses of the cold treasury, and pays the fee. It can never be undone.
//!
//! [`Terms`] are what a person decides, [`Order`] adds the two addresses and is the body that AMP gets. The order is on the
//! disk, and the log has the step, before AMP is asked ([`ask`]). It is asked once: where the answer is lost, [`alike()`] shows
//! what AMP lists, and a person decides. AMP's answer ([`Answered`]) is saved byte for byte and then held against the order and
//! against the transaction on the chain ([`prove()`]). What remains to be done at AMP is in [`setup`].

mod answer;
mod known;
mod order;
mod prove;
pub mod setup;
mod terms;

use coldamp_core::code::Code;
use coldamp_core::elements::{AssetId, Txid};
use coldamp_core::listed::listed;
use coldamp_core::treasury::{ContractError, DescriptorError};

use crate::amp::{Amp, AmpError, ListedAsset};
use crate::state::log::{Log, LogError, Step};
pub use answer::{Answered, rebuilt};
pub use known::alike;
pub use order::{Order, OrderError};
pub use prove::{ProvenIssue, prove};
pub(crate) use terms::contract_of;
pub use terms::{Terms, TermsError};

/// Why no asset is issued, or an issued one is not what was asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IssueError {
    /// AMP has such an asset already. Nothing was asked for.
    #[error("AMP has an asset of ticker {ticker} and domain {domain} already: {}", places(.found))]
    Exists {
        /// The ticker of both.
        ticker: String,
        /// The domain of both.
        domain: String,
        /// The assets that AMP has.
        found: Vec<ListedAsset>,
    },
    /// Such an asset was asked for before, from this file or another one, and here is no answer.
    #[error("AMP was asked before for an asset of ticker {ticker} and domain {domain}, and here is no answer; {}", lost(.found))]
    Unknown {
        /// The ticker.
        ticker: String,
        /// The domain.
        domain: String,
        /// The assets of AMP's that may be it.
        found: Vec<ListedAsset>,
    },
    /// AMP refused, or its answer was lost.
    #[error(transparent)]
    Amp(#[from] AmpError),
    /// The step could not be written to the log, so it was not taken.
    #[error(transparent)]
    Log(#[from] LogError),
    /// AMP's answer has another shape than its API documents.
    #[error("AMP's answer: {reason}")]
    Shape {
        /// What is wrong with it.
        reason: String,
    },
    /// AMP's answer is not what was asked for.
    #[error("AMP's answer: found {field} {found}, expected {expected} as asked for")]
    Answer {
        /// The field.
        field: &'static str,
        /// What the answer has.
        found: String,
        /// What was asked for.
        expected: String,
    },
    /// The issuance on the chain is not what was asked for.
    #[error("issuance {txid}: found {what} {found}, expected {expected}")]
    Chain {
        /// The transaction.
        txid: Txid,
        /// What differs.
        what: &'static str,
        /// What the chain has.
        found: String,
        /// What was asked for.
        expected: String,
    },
    /// The contract that was asked for does not lead to the asset.
    #[error("asset {asset}: {error}")]
    Contract {
        /// The asset.
        asset: AssetId,
        /// Why the contract is not proven.
        error: ContractError,
    },
    /// A script cannot be derived.
    #[error(transparent)]
    Descriptor(#[from] DescriptorError),
}

impl IssueError {
    /// Its code.
    pub fn code(&self) -> Code {
        match self {
            IssueError::Exists { .. } => Code::AssetExists,
            IssueError::Unknown { .. } => Code::IssueUnknown,
            IssueError::Amp(error) => error.code(),
            IssueError::Log(_) => Code::Log,
            IssueError::Shape { .. } => Code::AmpAnswer,
            IssueError::Answer { .. } => Code::AnswerDiffers,
            IssueError::Chain { .. } => Code::IssueDiffers,
            IssueError::Contract { .. } => Code::Contract,
            IssueError::Descriptor(error) => error.code(),
        }
    }
}

/// Assets by AMP's uuid and their id.
fn places(found: &[ListedAsset]) -> String {
    listed(found.iter().map(|facts| format!("{} ({})", facts.uuid, facts.asset)).collect::<Vec<_>>())
}

fn lost(found: &[ListedAsset]) -> String {
    match found {
        [] => "AMP lists no such asset now".to_owned(),
        found => format!("AMP lists such an asset: {}", places(found)),
    }
}

/// Whether the log's last question has no outcome: AMP may have issued.
pub fn may_have_been_issued(steps: &[Step]) -> bool {
    let about = |step: &&Step| matches!(step, Step::Issuing | Step::Refused { .. } | Step::Unposted);
    steps.iter().rev().find(about) == Some(&Step::Issuing)
}

/// Checks that the asset may be asked for: no earlier question is open, and AMP has no asset of this ticker and domain. AMP's
/// list alone is no proof that none was issued: it may be behind. `again` asks although an earlier question is open.
///
/// # Errors
/// When it may not, or AMP cannot be asked.
pub async fn may_be_asked(amp: &Amp, terms: &Terms, steps: &[Step], again: bool) -> Result<(), IssueError> {
    let found = alike(amp, terms).await?;
    let (ticker, domain) = (terms.ticker.clone(), terms.domain.clone());
    if may_have_been_issued(steps) && !again {
        return Err(IssueError::Unknown { ticker, domain, found });
    }
    match found.is_empty() {
        true => Ok(()),
        false => Err(IssueError::Exists { ticker, domain, found }),
    }
}

/// Asks AMP to issue, once, and returns its answer byte for byte. The step is in the log before AMP is asked.
///
/// # Errors
/// When the log cannot be written, AMP refuses, or its answer is lost.
pub async fn ask(amp: &Amp, order: &Order, log: &mut dyn Log, again: bool) -> Result<Vec<u8>, IssueError> {
    // Once more, directly before: a person has read and typed meanwhile.
    may_be_asked(amp, &order.terms, log.steps(), again).await?;
    log.add(Step::Issuing)?;
    match amp.issue(&order.body()).await {
        Ok(answer) => Ok(answer),
        Err(error) if error.may_have_acted() => Err(error.into()),
        Err(error) => {
            log.add(match error {
                AmpError::Refused { status, .. } => Step::Refused { status },
                AmpError::Credentials { .. } => Step::Refused { status: 401 },
                _ => Step::Unposted,
            })?;
            Err(error.into())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_without_an_outcome_stays_open() {
        let of = Step::Of { sha256: String::new() };
        let refused = Step::Refused { status: 400 };
        assert!(!may_have_been_issued(std::slice::from_ref(&of)));
        assert!(may_have_been_issued(&[of.clone(), Step::Issuing]));
        assert!(!may_have_been_issued(&[of.clone(), Step::Issuing, refused.clone()]));
        assert!(!may_have_been_issued(&[of.clone(), Step::Issuing, Step::Unposted]));
        assert!(may_have_been_issued(&[of, Step::Issuing, refused, Step::Issuing]));
    }
}
