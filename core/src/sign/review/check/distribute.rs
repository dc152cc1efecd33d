//! A distribution: outputs matched to recipients one to one by script, blinding key, asset and amount
//! (docs/rules.md#recipients).

use super::super::role::Role;
use super::Rules;
use crate::amp::Recipient;
use crate::code::Code;

impl Rules<'_> {
    pub(super) fn distribute(&mut self, recipients: &[Recipient]) {
        self.no_issuance();
        self.only_asset_and_policy_inputs();
        for (position, recipient) in recipients.iter().enumerate() {
            let script = recipient.address.script_pubkey();
            let outputs = self.effects.outputs.iter().enumerate();
            let paid: Vec<usize> = outputs
                .filter(|(_, output)| output.script_pubkey == script)
                .map(|(index, _)| index)
                .collect();
            match paid.as_slice() {
                [] => self.recipient_missing(recipient),
                [index, more @ ..] => {
                    self.assign(*index, Role::Recipient(position));
                    self.recipient_paid(*index, recipient);
                    if !more.is_empty() {
                        let found = format!("{} outputs to {}", paid.len(), recipient.address);
                        self.report(Code::RecipientMismatch, "the outputs", found, "one");
                    }
                }
            }
        }
    }

    fn recipient_missing(&mut self, recipient: &Recipient) {
        let expected = format!("{} to {}", recipient.amount.in_base_units(), recipient.address);
        // Somebody else's script with this recipient's key or amount: the recipient was replaced, not forgotten.
        let replaced = self.unexplained().into_iter().find(|(_, output)| {
            let same_key =
                output.blinding_key.is_some() && output.blinding_key == recipient.address.blinding_pubkey;
            output.own.is_none() && (same_key || output.amount == recipient.amount)
        });
        match replaced {
            Some((index, output)) => {
                let found = format!("script {:x}", output.script_pubkey);
                self.report(Code::RecipientMismatch, &format!("output {index}"), found, expected);
            }
            None => self.report(Code::RecipientMissing, "the outputs", "none", expected),
        }
    }

    fn recipient_paid(&mut self, index: usize, recipient: &Recipient) {
        let Some(output) = self.effects.outputs.get(index) else { return };
        let place = format!("output {index} to {}", recipient.address);
        if output.asset != self.request.asset {
            self.report(Code::AssetMismatch, &place, output.asset, self.request.asset);
        }
        if output.amount != recipient.amount {
            let (found, expected) = (output.amount.in_base_units(), recipient.amount.in_base_units());
            self.report(Code::AmountMismatch, &place, found, expected);
        }
        match (output.blinding_key, recipient.address.blinding_pubkey) {
            (None, Some(_)) => {
                self.report(Code::MustBeBlinded, &place, "an explicit output", "a blinded one")
            }
            (Some(found), Some(expected)) if found != expected => {
                self.report(Code::BlindingKeyMismatch, &place, format!("blinding key {found}"), expected);
            }
            (Some(found), None) => {
                let expected = "none: the request names an unconfidential address";
                self.report(Code::BlindingKeyMismatch, &place, format!("blinding key {found}"), expected);
            }
            _ => {}
        }
        // A recipient that is our own address, blinded to a key that is not ours: we could not open the coin.
        if let (Some(_), Some(key)) = (&output.own, output.blinding_key) {
            let own_key = self.descriptor.blinding_key(self.secp, &output.script_pubkey);
            if key != own_key {
                self.report(
                    Code::ChangeBlinding,
                    &place,
                    format!("blinding key {key}"),
                    format!("our own {own_key}"),
                );
            }
        }
    }

    /// A distribution or burn spends its asset and L-BTC, and no reissuance token or other asset
    /// (docs/rules.md#inputs-by-job).
    pub(super) fn only_asset_and_policy_inputs(&mut self) {
        for (index, input) in self.effects.inputs.iter().enumerate() {
            let Some(secrets) = &input.secrets else { continue };
            if secrets.asset != self.request.asset && secrets.asset != self.policy_asset() {
                let expected = format!("the asset {} or L-BTC only", self.request.asset);
                self.report(
                    Code::TokenUnexpected,
                    &format!("input {index}"),
                    format!("asset {}", secrets.asset),
                    expected,
                );
            }
        }
    }
}
