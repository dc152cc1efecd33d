//! A burn: one explicit output to a bare OP_RETURN, from coins that AMP listed (docs/rules.md#burn).

use elements::OutPoint;
use elements::opcodes::all::OP_RETURN;

use super::super::role::Role;
use super::Rules;
use crate::code::Code;
use crate::listed::CoinName;
use crate::units::AssetAmount;

impl Rules<'_> {
    pub(super) fn burn(&mut self, amount: AssetAmount, listed: &[OutPoint]) {
        self.no_issuance();
        self.only_asset_and_policy_inputs();
        for (index, input) in self.effects.inputs.iter().enumerate() {
            let of_the_asset = input.secrets.is_some_and(|secrets| secrets.asset == self.request.asset);
            if of_the_asset && !listed.contains(&input.outpoint) {
                self.report(
                    Code::UnlistedInput,
                    &format!("input {index}"),
                    CoinName(input.outpoint),
                    "an output that the request lists",
                );
            }
        }

        let op_return = OP_RETURN.into_u8();
        let outputs = self.effects.outputs.iter().enumerate();
        let burns: Vec<usize> = outputs
            .filter(|(_, output)| output.script_pubkey.as_bytes().first() == Some(&op_return))
            .map(|(index, _)| index)
            .collect();
        let [index] = burns.as_slice() else {
            return self.report(
                Code::BurnScript,
                "the outputs",
                format!("{} burn outputs", burns.len()),
                "exactly one",
            );
        };
        let Some(output) = self.effects.outputs.get(*index) else { return };
        self.assign(*index, Role::Burn);
        let place = format!("burn output {index}");
        // Exactly one byte: with data it could be a peg-out, and AMP reads only the bare form.
        if output.script_pubkey.as_bytes() != [op_return] {
            self.report(
                Code::BurnScript,
                &place,
                format!("script {:x}", output.script_pubkey),
                "a bare OP_RETURN (6a)",
            );
        }
        if output.blinding_key.is_some() {
            self.report(Code::BurnScript, &place, "a blinding key", "an explicit output, which AMP can see");
        }
        if output.asset != self.request.asset {
            self.report(Code::BurnAsset, &place, output.asset, self.request.asset);
        }
        if output.amount != amount {
            self.report(Code::BurnAmount, &place, output.amount.in_base_units(), amount.in_base_units());
        }
    }
}
