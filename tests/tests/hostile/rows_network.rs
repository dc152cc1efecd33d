//! PSETs of another chain (docs/rules.md#network).

use coldamp_core::code::Code;
use coldamp_core::elements::{BlockHash, encode::serialize};
use coldamp_core::network::{Chain, Network};
use coldamp_core::pset::{UnsignedPset, genesis_key};
use coldamp_core::sign::review::{JournalState, ReviewOptions, review};

use super::job::{DISTRIBUTE, EACH, Honest};
use super::pairs::{pset_key, set};
use super::row::Expected::{Among, Only};
use super::row::{raw, refused, typed};

#[test]
fn a_pset_of_a_public_network_is_not_signed_on_a_private_one() {
    let mut rows = Vec::new();
    for job in EACH {
        for chain in [Chain::Liquid, Chain::LiquidTestnet] {
            let genesis = Network::new(chain).genesis().unwrap();
            rows.push(typed(job, format!("the genesis of {chain}"), Only(Code::Network), move |bench| {
                bench.pset.global.proprietary.insert(genesis_key(), serialize(&genesis));
            }));
        }
        for length in [0, 31, 33] {
            rows.push(raw(job, format!("a genesis of {length} bytes"), Among(Code::Network), move |pairs| {
                set(&mut pairs.global, &pset_key(0x02), vec![1; length]);
            }));
        }
    }
    refused(rows);
}

#[test]
fn a_public_network_asks_for_its_own_genesis() {
    let honest = Honest::of(DISTRIBUTE);
    let treasury = &honest.treasury;
    let private = BlockHash::from_byte_array([7; 32]);
    for chain in [Chain::Liquid, Chain::LiquidTestnet] {
        let network = Network::new(chain);
        for (genesis, accepted) in [(None, false), (Some(private), false), (network.genesis(), true)] {
            let mut pset = UnsignedPset::read(honest.text.as_bytes()).unwrap();
            pset.genesis = genesis;
            let (journal, options) = (JournalState::default(), ReviewOptions::default());
            let review = review(&treasury.secp, &network, &treasury.descriptor, &pset, &journal, options);
            let named = review.mismatches.iter().any(|mismatch| mismatch.code == Code::Network);
            assert_eq!(named, !accepted, "{chain}: {genesis:?}");
            // Addresses and L-BTC are regtest's either way.
            assert!(review.checked().is_none(), "{chain}: {genesis:?}");
        }
    }
}

/// The tests above that refuse rows, for `codes`.
pub(crate) const LISTS: &[fn()] = &[a_pset_of_a_public_network_is_not_signed_on_a_private_one];
