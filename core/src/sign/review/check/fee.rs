//! The fee: one explicit output of L-BTC, the last (docs/rules.md#fee-output), between what nodes relay and the cap
//! (docs/rules.md#fee-limits).

use super::super::role::Role;
use super::Rules;
use crate::code::Code;
use crate::limits::MIN_RELAY_FEE_RATE;
use crate::units::Satoshi;

impl Rules<'_> {
    pub(super) fn fee(&mut self) {
        let outputs = self.effects.outputs.iter().enumerate();
        let fees: Vec<usize> =
            outputs.filter(|(_, output)| output.script_pubkey.is_empty()).map(|(index, _)| index).collect();
        for index in &fees {
            self.assign(*index, Role::Fee);
        }
        let last = self.effects.outputs.len().checked_sub(1);
        let [index] = fees.as_slice() else {
            return self.report(
                Code::FeeShape,
                "the outputs",
                format!("{} fee outputs", fees.len()),
                "exactly one",
            );
        };
        let Some(output) = self.effects.outputs.get(*index) else { return };
        let place = format!("fee output {index}");
        if Some(*index) != last {
            self.report(Code::FeeShape, &place, "not the last output", "the fee last");
        }
        if output.blinding_key.is_some() {
            self.report(Code::FeeShape, &place, "a blinding key", "an explicit fee");
        }
        if output.asset != self.policy_asset() {
            return self.report(
                Code::FeeAsset,
                &place,
                output.asset,
                format!("L-BTC, {}", self.policy_asset()),
            );
        }
        let fee = Satoshi::from_sat(output.amount.base_units());
        let bound = self.effects.bound;
        let cap = self.options.fee_cap.on(bound.full_size());
        if fee > cap {
            let expected = format!("at most {cap}: {}, {}", self.options.fee_cap, bound.full_size());
            self.report(Code::FeeTooHigh, &place, fee, expected);
        }
        match MIN_RELAY_FEE_RATE.fee(bound.discounted_size()) {
            Some(floor) if fee >= floor => {}
            floor => {
                let floor =
                    floor.map_or_else(|| "a size that can be paid for".to_owned(), |floor| floor.to_string());
                let expected =
                    format!("at least {floor} ({MIN_RELAY_FEE_RATE} of {})", bound.discounted_size());
                self.report(Code::FeeTooLow, &place, fee, expected);
            }
        }
    }
}
