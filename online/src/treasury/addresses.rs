//! The treasury's receiving addresses: the next one, and whose the addresses are that AMP lists as the treasury's.

use coldamp_core::Secp;
use coldamp_core::elements::Address;
use coldamp_core::limits::MAX_INDEX;
use coldamp_core::network::Network;
use coldamp_core::treasury::{Branch, CtDescriptor, DescriptorError, FreeIndices, KeyPath, UsedIndices};

use super::scripts::Scripts;
use crate::state::reservations::Reservations;

/// Characters of a group of an address that is read aloud.
const GROUP: usize = 4;

/// Groups in a row, so that a row fits 80 columns.
const GROUPS_IN_A_ROW: usize = 13;

/// A receiving address of the treasury.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceivingAddress {
    /// Its path.
    pub path: KeyPath,
    /// The confidential address.
    pub address: Address,
}

/// Whose an address is that AMP lists as the treasury's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whose {
    /// The treasury's.
    Ours {
        /// Its path.
        path: KeyPath,
    },
    /// It pays a script of the treasury, blinded to a key that is not the treasury's: nobody can open what is paid there.
    OtherKey {
        /// The path of the script.
        path: KeyPath,
    },
    /// It pays no script of the treasury, up to the last index.
    Foreign,
    /// It is no address of the network.
    Unreadable,
}

/// An address that AMP lists as the treasury's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedAddress {
    /// As AMP lists it.
    pub text: String,
    /// Whose it is.
    pub whose: Whose,
    /// Whether it has a blinding key. What is paid to an address without one is public.
    pub is_confidential: bool,
}

impl ReceivingAddress {
    /// The address at an index of the external branch.
    ///
    /// # Errors
    /// When the index has no address.
    pub fn at(
        secp: &Secp,
        descriptor: &CtDescriptor,
        network: &Network,
        index: u32,
    ) -> Result<Self, DescriptorError> {
        let path = KeyPath { branch: Branch::External, index };
        Ok(ReceivingAddress { path, address: descriptor.address_at(secp, path, network)? })
    }

    /// `count` addresses of the external branch from an index on, up to the last index that is searched for coins.
    ///
    /// # Errors
    /// When an address cannot be derived.
    pub fn from_index(
        secp: &Secp,
        descriptor: &CtDescriptor,
        network: &Network,
        first: u32,
        count: u32,
    ) -> Result<Vec<Self>, DescriptorError> {
        let end = first.saturating_add(count).min(MAX_INDEX.saturating_add(1));
        (first..end).map(|index| Self::at(secp, descriptor, network, index)).collect()
    }
}

/// The first index of the external branch that neither history nor reservations use.
pub fn next(used: UsedIndices, record: &Reservations) -> KeyPath {
    let free = FreeIndices::besides(used);
    free.reserved_for(UsedIndices::default(), &record.reserved()).next(Branch::External)
}

/// An address in groups of four characters, a row of them at a time: a person reads it aloud to another one.
pub fn in_groups(address: &str) -> Vec<String> {
    let characters: Vec<char> = address.chars().collect();
    let groups: Vec<String> = characters.chunks(GROUP).map(|group| group.iter().collect()).collect();
    groups.chunks(GROUPS_IN_A_ROW).map(|row| row.join(" ")).collect()
}

/// Whose the addresses of AMP's list are. AMP may list either form of an address; both are the treasury's.
///
/// # Errors
/// When a script cannot be derived.
pub(super) fn whose(
    secp: &Secp,
    descriptor: &CtDescriptor,
    network: &Network,
    listed: Vec<String>,
) -> Result<Vec<ListedAddress>, DescriptorError> {
    let mut scripts = Scripts::of(secp, descriptor);
    let one = |text: String| {
        let Ok(address) = Address::parse_with_params(&text, network.address_params()) else {
            return Ok(ListedAddress { text, whose: Whose::Unreadable, is_confidential: false });
        };
        let script = address.script_pubkey();
        let whose = match scripts.find(&script)? {
            None => Whose::Foreign,
            Some(own) => match address.blinding_pubkey {
                Some(key) if key != descriptor.blinding_key(secp, &script) => {
                    Whose::OtherKey { path: own.path }
                }
                _ => Whose::Ours { path: own.path },
            },
        };
        Ok(ListedAddress { text, whose, is_confidential: address.blinding_pubkey.is_some() })
    };
    listed.into_iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use coldamp_core::elements::secp256k1_zkp::{PublicKey, SecretKey};
    use coldamp_core::network::Chain;

    // The descriptor of scenarios/wpkh.
    const DESCRIPTOR: &str = "ct(slip77(9c8e4f05c7711a98c838be228bcb84924d4570ca53f35fa1c793e58841d47023),elwpkh([73c5da0a/84h/1h/0h]tpubDC8msFGeGuwnKG9Upg7DM2b4DaRqg3CUZa5g8v2SRQ6K4NSkxUgd7HsL2XVWbVm39yBA4LAxysQAm397zwQSQoQgewGiYZqrA9DsP4zbQ1M/<0;1>/*))";

    #[test]
    fn an_address_in_groups_is_the_address() {
        let address = "el1qqvrzhdsjapk4nx76mhqxn5rwxfmgaql0tn42a8n9s5r7p56c2x99a3a2h0avfkmwemf4xkk45gy9p8feyy5ukwehzfas5ek6r";
        let rows = in_groups(address);
        assert!(rows.iter().all(|row| row.len() < 66), "{rows:?}");
        assert_eq!(rows.concat().replace(' ', ""), address);
        assert!(rows[0].starts_with("el1q qvrz hdsj"), "{rows:?}");
        assert!(in_groups("").is_empty());
    }

    #[test]
    fn both_forms_are_ours_and_another_blinding_key_is_not() {
        let (secp, network) = (Secp::new(), Network::new(Chain::Regtest));
        let descriptor = CtDescriptor::parse(DESCRIPTOR, Chain::Regtest).unwrap();
        let own = ReceivingAddress::at(&secp, &descriptor, &network, 3).unwrap();
        let mut other = own.address.clone();
        let secret = SecretKey::from_slice(&[7; 32]).unwrap();
        other.blinding_pubkey = Some(PublicKey::from_secret_key(&secp, &secret));
        let texts = [
            own.address.to_string(),
            own.address.to_unconfidential().to_string(),
            other.to_string(),
            "nowhere".to_owned(),
        ];
        let found = whose(&secp, &descriptor, &network, texts.to_vec()).unwrap();
        let found: Vec<Whose> = found.into_iter().map(|listed| listed.whose).collect();
        let path = own.path;
        assert_eq!(
            found,
            [Whose::Ours { path }, Whose::Ours { path }, Whose::OtherKey { path }, Whose::Unreadable]
        );
    }

    #[test]
    fn the_last_addresses_are_those_that_a_search_reaches() {
        let (secp, network) = (Secp::new(), Network::new(Chain::Regtest));
        let descriptor = CtDescriptor::parse(DESCRIPTOR, Chain::Regtest).unwrap();
        let of = |first, count| {
            let all = ReceivingAddress::from_index(&secp, &descriptor, &network, first, count).unwrap();
            all.iter().map(|one| one.path.index).collect::<Vec<_>>()
        };
        assert_eq!(of(5, 2), [5, 6]);
        assert_eq!(of(MAX_INDEX, 3), [MAX_INDEX]);
        assert_eq!(of(0, 0), [0_u32; 0]);
    }
}
