//! AMP's API.

use crate::exchange::{Answer, Question};
use crate::ledger::Ledger;

/// AMP: its users, assets, assignments and what it was told.
#[derive(Debug, Default)]
pub struct Amp {}

impl Amp {
    /// Answers one request.
    pub fn answer(&mut self, _ledger: &dyn Ledger, _question: &Question) -> Answer {
        Answer::text(404, "Not Found")
    }
}
