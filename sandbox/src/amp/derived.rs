//! What AMP would draw at random: each value is SHA-256 of its name and number.

use crate::secp::SECP;
use coldamp_core::amp::request::Uuid;
use coldamp_core::elements::hashes::sha256;
use coldamp_core::elements::hex::DisplayHex as _;
use coldamp_core::elements::opcodes::all::OP_CHECKMULTISIG;
use coldamp_core::elements::script::Builder;
use coldamp_core::elements::secp256k1_zkp::{PublicKey, SecretKey};
use coldamp_core::elements::{Address, AddressParams};

/// Letters of a GAID after its first two.
const GAID_ALPHABET: &[u8; 58] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/// How many values were derived.
#[derive(Debug, Clone, Default)]
pub(super) struct Derived {
    number: u64,
}

impl Derived {
    fn next(&mut self, name: &str) -> [u8; 32] {
        let number = self.number;
        self.number = number.saturating_add(1);
        sha256::Hash::hash(format!("coldamp sandbox amp/{name}/{number}").as_bytes()).to_byte_array()
    }

    /// A session's token: 40 hexadecimal digits.
    pub(super) fn token(&mut self) -> String {
        self.next("token").as_hex().to_string().chars().take(40).collect()
    }

    /// A uuid.
    pub(super) fn uuid(&mut self) -> Uuid {
        loop {
            let mut digits = self.next("uuid").as_hex().to_string().into_bytes().into_iter().map(char::from);
            let groups: Vec<String> =
                [8, 4, 4, 4, 12].into_iter().map(|length| digits.by_ref().take(length).collect()).collect();
            if let Some(uuid) = Uuid::parse(&groups.join("-")) {
                return uuid;
            }
        }
    }

    /// A Green subaccount's name.
    pub(super) fn gaid(&mut self) -> String {
        let letters = self.next("gaid").into_iter().take(28);
        let letters = letters.filter_map(|byte| GAID_ALPHABET.get(usize::from(byte % 58)));
        "GA".chars().chain(letters.map(|letter| char::from(*letter))).collect()
    }

    /// A holder's address, of the form that AMP gives: P2SH of two keys of two, holder and AMP, confidential, of regtest.
    pub(super) fn address(&mut self) -> Address {
        let (holder, cosigner, blinder) = (self.public_key(), self.public_key(), self.public_key());
        let script = Builder::new()
            .push_int(2)
            .push_slice(&holder.serialize())
            .push_slice(&cosigner.serialize())
            .push_int(2)
            .push_opcode(OP_CHECKMULTISIG)
            .into_script();
        Address::p2sh(&script, Some(blinder), &AddressParams::ELEMENTS)
    }

    fn public_key(&mut self) -> PublicKey {
        loop {
            if let Ok(secret) = SecretKey::from_slice(&self.next("key")) {
                return PublicKey::from_secret_key(&SECP, &secret);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_look_like_amps_and_never_repeat() {
        let mut derived = Derived::default();
        let tokens = [derived.token(), derived.token()];
        assert_ne!(tokens[0], tokens[1]);
        assert!(tokens.iter().all(|token| token.len() == 40));
        assert_ne!(derived.uuid(), derived.uuid());
        let gaid = derived.gaid();
        assert!(gaid.starts_with("GA") && gaid.len() == 30, "{gaid}");
        let address = derived.address();
        assert!(address.to_string().starts_with("Azp"), "{address}");
        assert!(address.is_blinded() && address.script_pubkey().is_p2sh());
        assert_ne!(address.script_pubkey(), derived.address().script_pubkey());
    }

    #[test]
    fn the_same_calls_give_the_same_values() {
        let once =
            |mut derived: Derived| (derived.token(), derived.uuid(), derived.gaid(), derived.address());
        assert_eq!(once(Derived::default()), once(Derived::default()));
    }
}
