//! Per asset, inputs and issued units equal outputs (docs/rules.md#balance), and enough outputs are blinded.

use std::collections::BTreeMap;

use elements::AssetId;

use super::Rules;
use crate::amp::Job;
use crate::code::Code;

impl Rules<'_> {
    pub(super) fn balance(&mut self) {
        // A coin that cannot be opened has a mismatch of its own; sums without it would only repeat that.
        if self.effects.inputs.iter().any(|input| input.secrets.is_none()) {
            return;
        }
        let mut sums: BTreeMap<AssetId, (u128, u128)> = BTreeMap::new();
        for input in &self.effects.inputs {
            if let Some(secrets) = &input.secrets {
                let sum = &mut sums.entry(secrets.asset).or_default().0;
                *sum = sum.saturating_add(secrets.value.into());
            }
            let claimed = input.claimed_issuance.and_then(|claimed| claimed.entropy.zip(claimed.amount));
            if let Some((entropy, amount)) = claimed {
                let sum = &mut sums.entry(AssetId::from_entropy(entropy)).or_default().0;
                *sum = sum.saturating_add(amount.into());
            }
        }
        for output in &self.effects.outputs {
            let sum = &mut sums.entry(output.asset).or_default().1;
            *sum = sum.saturating_add(output.amount.base_units().into());
        }
        for (asset, (inputs, outputs)) in sums {
            if inputs != outputs {
                let expected = format!("{inputs}, as much as goes in and is issued");
                self.report(
                    Code::AssetUnbalanced,
                    &format!("asset {asset}"),
                    format!("{outputs} base units out"),
                    expected,
                );
            }
        }
    }

    /// One blinded output, and two where nothing on the input side is blinded. Otherwise the commitment of the single one
    /// is value·H, and everybody can read its amount (docs/rules.md#enough-blinded).
    pub(super) fn enough_blinded(&mut self) {
        let blinded_issuance = self
            .effects
            .inputs
            .iter()
            .any(|input| input.claimed_issuance.is_some_and(|claim| claim.blinded_flag.is_none()));
        let blinded_input = self.effects.inputs.iter().any(super::super::effects::InputEffect::is_blinded);
        let needed = if blinded_issuance || blinded_input { 1 } else { 2 };
        let found = self.effects.outputs.iter().filter(|output| output.blinding_key.is_some()).count();
        if found < needed {
            self.report(
                Code::TooFewBlinded,
                "the outputs",
                format!("{found} to be blinded"),
                format!("at least {needed}"),
            );
        }
    }

    /// How many recipients fit the weight, dropping the last one at a time.
    pub(super) fn recipients_that_fit(&self) -> usize {
        let Job::Distribute { recipients, .. } = &self.request.job else { return 0 };
        let per_recipient = |recipient: &crate::amp::Recipient| {
            let shape = crate::consensus::OutputShape {
                script_length: recipient.address.script_pubkey().len(),
                blinded_value: recipient.address.blinding_pubkey.map(|_| recipient.amount.base_units()),
            };
            shape.weight(self.effects.inputs.len()).units()
        };
        let mut weight = self.effects.bound.full.units();
        let mut fit = recipients.len();
        for recipient in recipients.iter().rev() {
            if weight <= crate::limits::MAX_STANDARD_WEIGHT.units() {
                break;
            }
            weight = weight.saturating_sub(per_recipient(recipient));
            fit = fit.saturating_sub(1);
        }
        fit
    }
}
