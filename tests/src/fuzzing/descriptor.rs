//! The CT descriptor: the online machine takes it from a file, and a multisig's keystore will.

use std::sync::LazyLock;

use coldamp_core::Secp;
use coldamp_core::network::Chain;
use coldamp_core::treasury::{Branch, CtDescriptor, KeyPath};

static SECP: LazyLock<Secp> = LazyLock::new(Secp::new);

/// Whether the bytes are a descriptor of some chain. One that is has one canonical text, which reads back to it, and a
/// script at every index.
pub fn descriptor(data: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(data) else { return false };
    let mut is_one = false;
    for chain in [Chain::Liquid, Chain::LiquidTestnet, Chain::Regtest] {
        let Ok(descriptor) = CtDescriptor::parse(text, chain) else { continue };
        is_one = true;
        for written in [descriptor.canonical().to_owned(), descriptor.with_checksum()] {
            assert_eq!(CtDescriptor::parse(&written, chain).as_ref(), Ok(&descriptor), "{written}");
        }
        for branch in Branch::BOTH {
            for index in [0, (1 << 31) - 1] {
                let path = KeyPath { branch, index };
                let own = descriptor.script_at(&SECP, path).expect("an index below 2^31");
                for source in own.derivations().values() {
                    assert_eq!(descriptor.path_of(source), Some(path));
                }
                descriptor.blinding_key(&SECP, &own.script_pubkey);
            }
        }
    }
    is_one
}
