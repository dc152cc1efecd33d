//! For each asset, inputs and issued units equal outputs (docs/rules.md#balance), and enough outputs are blinded.

use std::collections::BTreeMap;

use elements::AssetId;

use super::super::effects::{Effects, InputEffect, shape};
use super::super::role::Role;
use super::Rules;
use crate::code::Code;
use crate::units::base_units;

/// What goes in and out of one asset, in base units. Issued units count as inputs.
#[derive(Default)]
struct Sums {
    inputs: u128,
    outputs: u128,
}

impl Rules<'_> {
    pub(super) fn balance(&mut self) {
        // A coin that cannot be opened has a mismatch of its own. Sums without it would only repeat that.
        if self.effects.inputs.iter().any(|input| input.secrets.is_none()) {
            return;
        }
        let mut sums: BTreeMap<AssetId, Sums> = BTreeMap::new();
        for input in &self.effects.inputs {
            if let Some(secrets) = &input.secrets {
                let sum = &mut sums.entry(secrets.asset).or_default().inputs;
                *sum = sum.saturating_add(secrets.value.into());
            }
            let claimed = input.claimed_issuance.and_then(|claimed| claimed.entropy.zip(claimed.amount));
            if let Some((entropy, amount)) = claimed {
                let sum = &mut sums.entry(AssetId::from_entropy(entropy)).or_default().inputs;
                *sum = sum.saturating_add(amount.into());
            }
        }
        for output in &self.effects.outputs {
            let sum = &mut sums.entry(output.asset).or_default().outputs;
            *sum = sum.saturating_add(output.amount.base_units().into());
        }
        for (asset, Sums { inputs, outputs }) in sums {
            if inputs != outputs {
                let inputs = base_units(inputs);
                let expected = format!("{inputs}, as much as the inputs hold and the issuance makes");
                self.report(
                    Code::AssetUnbalanced,
                    &format!("asset {asset}"),
                    format!("{} out", base_units(outputs)),
                    expected,
                );
            }
        }
    }

    /// Requires one blinded output, or two where no input is blinded. A single one would have the commitment value·H there, and
    /// everybody could read its amount (docs/rules.md#enough-blinded).
    pub(super) fn enough_blinded(&mut self) {
        let blinded_issuance = self
            .effects
            .inputs
            .iter()
            .any(|input| input.claimed_issuance.is_some_and(|claim| claim.blinded_flag.is_none()));
        let blinded_input = self.effects.inputs.iter().any(InputEffect::is_blinded);
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

    /// How many recipients fit the weight, if the last ones of the request are left out.
    pub(super) fn recipients_that_fit(&self) -> usize {
        let position =
            |wanted| self.verdict.roles.iter().position(|role| *role == Some(Role::Recipient(wanted)));
        let recipients: Vec<usize> = (0..self.verdict.roles.len()).filter_map(position).collect();
        let Effects { inputs, outputs, .. } = self.effects;
        shape(self.descriptor.spend_size(), inputs, outputs).recipients_that_fit(&recipients)
    }
}
