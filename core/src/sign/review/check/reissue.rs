//! A reissue: the listed tokens are spent and merged into one blinded output of the treasury, and the new units go to another
//! one. If the operator allows it, some listed tokens are not spent (AMP's split token, docs/rules.md#token-inputs). A token
//! that is not listed is never spent.

use elements::OutPoint;

use super::super::role::Role;
use super::super::warning::Warning;
use super::Rules;
use super::issuance::ProvenToken;
use crate::code::Code;
use crate::listed::{CoinName, coins};
use crate::treasury::Branch;
use crate::units::{AssetAmount, base_units};

impl Rules<'_> {
    pub(super) fn reissue(&mut self, amount: AssetAmount, listed: &[OutPoint]) {
        let proven = self.one_issuance(amount);
        self.listed_tokens(listed);
        for (index, input) in self.effects.inputs.iter().enumerate() {
            let Some(secrets) = &input.secrets else { continue };
            if secrets.asset == self.policy_asset() {
                continue;
            }
            let place = format!("input {index}");
            if !listed.contains(&input.outpoint) {
                let found = format!("{} with asset {}", CoinName(input.outpoint), secrets.asset);
                self.report(Code::UnlistedInput, &place, found, "only listed token outputs and L-BTC");
            } else if proven.as_ref().is_some_and(|proven| proven.token != secrets.asset) {
                let found = format!("{} with asset {}", CoinName(input.outpoint), secrets.asset);
                self.report(Code::UnlistedInput, &place, found, "the reissuance token");
            }
        }
        self.reissued_units(amount);
        if let Some(proven) = proven {
            self.check_token_returned(&proven);
        }
    }

    fn listed_tokens(&mut self, listed: &[OutPoint]) {
        let is_spent =
            |outpoint: &&OutPoint| self.effects.inputs.iter().any(|input| input.outpoint == **outpoint);
        let (spent, left_out): (Vec<&OutPoint>, Vec<&OutPoint>) = listed.iter().partition(is_spent);
        if left_out.is_empty() {
            return;
        }
        if self.options.allow_missing_tokens && !spent.is_empty() {
            let message = format!(
                "TOKENS LEFT OUT: {} of the {} token outputs that AMP lists are not spent, as you allowed: {}; sign only if Blockstream support asked for it",
                left_out.len(),
                listed.len(),
                coins(left_out.iter().copied())
            );
            self.verdict.warnings.push(Warning { code: Code::TokensLeftOut, message });
            return;
        }
        for outpoint in left_out {
            let expected = match self.options.allow_missing_tokens {
                true => "one token output at least that the request lists",
                false => "every token output that the request lists",
            };
            self.report(Code::RequiredUtxo, "the inputs", format!("no {}", CoinName(*outpoint)), expected);
        }
    }

    fn reissued_units(&mut self, amount: AssetAmount) {
        let asset = self.request.asset;
        let own =
            self.unexplained().into_iter().find(|(_, output)| output.asset == asset && output.own.is_some());
        let Some((index, output)) = own else {
            let expected = format!("{} of {asset} to ourselves", amount.in_base_units());
            return self.report(Code::RecipientMissing, "the outputs", "none", expected);
        };
        self.assign(index, Role::Reissued);
        self.own_output(index, Branch::External, Code::MustBeBlinded);
        if output.amount != amount {
            let (found, expected) = (output.amount.in_base_units(), amount.in_base_units());
            self.report(Code::AmountMismatch, &format!("output {index}"), found, expected);
        }
    }

    fn check_token_returned(&mut self, proven: &ProvenToken) {
        let token = proven.token;
        let secrets = self.effects.inputs.iter().filter_map(|input| input.secrets.as_ref());
        let held: u128 =
            secrets.filter(|secrets| secrets.asset == token).map(|secrets| u128::from(secrets.value)).sum();
        let outputs = self.unexplained().into_iter().filter(|(_, output)| output.asset == token);
        let (own, foreign): (Vec<_>, Vec<_>) = outputs.partition(|(_, output)| output.own.is_some());
        for (index, output) in foreign {
            let amount = output.amount.in_base_units();
            let found = format!("{amount} of the token to script {:x}", output.script_pubkey);
            self.report(Code::TokenEscapes, &format!("output {index}"), found, "tokens to ourselves only");
        }
        let [(index, output)] = own.as_slice() else {
            let expected = format!("{} of the token in one output of ours", base_units(held));
            return self.report(
                Code::TokenNotConserved,
                "the outputs",
                format!("{} of them", own.len()),
                expected,
            );
        };
        self.assign(*index, Role::Token);
        self.own_output(*index, Branch::External, Code::TokenUnblinded);
        if u128::from(output.amount.base_units()) != held {
            let found = format!("{} of the token", output.amount.in_base_units());
            self.report(
                Code::TokenNotConserved,
                &format!("output {index}"),
                found,
                format!("{}, all that the inputs hold", base_units(held)),
            );
        }
    }
}
