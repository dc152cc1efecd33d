//! Constructor: the plan's inputs and outputs.

use elements::bitcoin::PublicKey;
use elements::pset::{Input, Output, PartiallySignedTransaction};

use super::plan::{Plan, PlannedInput, PlannedOutput};
use crate::limits::SEQUENCE;
use crate::treasury::IssuanceKind;

/// Adds inputs and outputs to a PSET (BIP-370 Constructor).
pub(super) struct Constructor {
    pset: PartiallySignedTransaction,
}

impl Constructor {
    pub(super) fn new(pset: PartiallySignedTransaction) -> Self {
        Constructor { pset }
    }

    pub(super) fn construct(mut self, plan: &Plan) -> PartiallySignedTransaction {
        for input in plan.inputs() {
            self.pset.add_input(construct_input(input));
        }
        for output in plan.outputs() {
            self.pset.add_output(construct_output(output));
        }
        self.pset
    }
}

fn construct_input(planned: &PlannedInput) -> Input {
    // `Input::from_txin` would set flags in the output index, and elementsd 23.3.3 aborts on such a PSET.
    let mut input = Input::from_prevout(planned.coin.outpoint);
    input.sequence = Some(SEQUENCE);
    if let Some(issuance) = &planned.issuance {
        input.issuance_value_amount = Some(issuance.amount.base_units());
        input.issuance_blinding_nonce = Some(issuance.nonce);
        input.issuance_asset_entropy = Some(issuance.entropy);
        // Absent means blinded; 0 means that the amount stays explicit (docs/rules.md#token-kind).
        input.blinded_issuance = match issuance.kind {
            IssuanceKind::Explicit => Some(0),
            IssuanceKind::Blinded => None,
        };
    }
    input
}

fn construct_output(planned: &PlannedOutput) -> Output {
    let mut output = Output::new_explicit(
        planned.script_pubkey.clone(),
        planned.amount.base_units(),
        planned.asset,
        planned.blinding_key.map(PublicKey::new),
    );
    // `blinder_index` names the input whose owner blinds. All inputs are the treasury's, so the first will do.
    output.blinder_index = planned.blinding_key.map(|_| 0);
    output
}
