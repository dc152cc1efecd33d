//! Descriptors of several keys: read, derived from and refused.

use std::collections::BTreeMap;

use elements::Script;
use elements::bitcoin::PublicKey;
use elements::bitcoin::bip32::{Xpriv, Xpub};
use elements_miniscript::descriptor::{Sh, Wsh};
use elements_miniscript::{Miniscript, Segwitv0, Terminal};

use super::*;
use crate::code::Code;
use crate::limits::MAX_QUORUM_KEYS;
use crate::network::Chain;

const VIEW_KEY: &str = "slip77(9c8e4f05c7711a98c838be228bcb84924d4570ca53f35fa1c793e58841d47023)";

/// Keys of seeds that everybody knows, each with the origin that BIP-48 gives it.
fn keys(count: usize) -> Vec<String> {
    let secp = Secp::new();
    let key = |seed: usize| {
        let master =
            Xpriv::new_master(Chain::Regtest.key_kind(), &[u8::try_from(seed).unwrap(); 32]).unwrap();
        let path: elements::bitcoin::bip32::DerivationPath = "m/48h/1h/0h/2h".parse().unwrap();
        let account = Xpub::from_priv(&secp, &master.derive_priv(&secp, &path).unwrap());
        format!("[{}/48h/1h/0h/2h]{account}/<0;1>/*", master.fingerprint(&secp))
    };
    (1..=count).map(key).collect()
}

fn text(script: &str, threshold: usize, keys: &[String]) -> String {
    let multi = format!("{}({threshold},{})", script.rsplit_once('(').unwrap().1, keys.join(","));
    let closing = ")".repeat(script.matches('(').count());
    format!("ct({VIEW_KEY},{}({multi}{closing})", script.rsplit_once('(').unwrap().0)
}

fn parsed(text: &str) -> CtDescriptor {
    CtDescriptor::parse(text, Chain::Regtest).unwrap()
}

const FORMS: [(&str, Kind, bool); 4] = [
    ("elwsh(multi", Kind::Wsh, false),
    ("elwsh(sortedmulti", Kind::Wsh, true),
    ("elsh(wsh(multi", Kind::ShWsh, false),
    ("elsh(wsh(sortedmulti", Kind::ShWsh, true),
];

fn path(index: u32) -> KeyPath {
    KeyPath { branch: Branch::Internal, index }
}

#[test]
fn a_quorum_is_read_and_written_in_one_form() {
    let keys = keys(3);
    for (form, kind, _) in FORMS {
        let text = text(form, 2, &keys);
        let descriptor = parsed(&text);
        assert_eq!(
            (descriptor.canonical(), descriptor.kind(), descriptor.threshold()),
            (text.as_str(), kind, 2)
        );
        assert_eq!(parsed(&descriptor.with_checksum()), descriptor);
        assert_eq!(parsed(&text.replace("48h/1h/0h/2h", "48H/1'/0h/2H")), descriptor);
        let branch = descriptor.node_range_descriptor(Branch::Internal);
        let expected = text.split_once(",el").unwrap().1.replace("<0;1>", "1");
        assert_eq!(branch, expected.strip_suffix(')').unwrap());
        for (key, expected) in descriptor.keys().iter().zip(&keys) {
            assert!(expected.starts_with(&key.origin()), "{expected}");
            assert_eq!(descriptor.path_of(&key.source(path(7))), Some(path(7)));
        }
    }
}

/// The scripts that the library derives by itself, from keys sorted here.
#[test]
fn scripts_are_those_of_the_library() {
    let secp = Secp::new();
    for (form, kind, is_sorted) in FORMS {
        let descriptor = parsed(&text(form, 3, &keys(5)));
        let mut orders = std::collections::BTreeSet::new();
        for index in 0..8 {
            let own = descriptor.script_at(&secp, path(index)).unwrap();
            let derived = |key: &TreasuryKey| {
                let steps = [1, index].map(|index| elements::bitcoin::bip32::ChildNumber::Normal { index });
                PublicKey::new(key.xpub().derive_pub(&secp, &steps).unwrap().public_key)
            };
            let mut expected: Vec<PublicKey> = descriptor.keys().iter().map(derived).collect();
            let unsorted = expected.clone();
            if is_sorted {
                expected.sort_by_key(|key| key.inner.serialize());
            }
            orders.insert(expected == unsorted);
            let found: Vec<PublicKey> = own.keys().iter().map(|key| key.public_key).collect();
            assert_eq!(found, expected);
            let ms = Miniscript::<PublicKey, Segwitv0>::from_ast(Terminal::Multi(3, expected)).unwrap();
            let script = ms.encode();
            assert_eq!((own.witness_script.as_ref(), own.script_code()), (Some(&script), script.clone()));
            let wsh = Wsh::new(ms).unwrap();
            let (script_pubkey, script_sig) = match kind {
                Kind::ShWsh => {
                    let sh = Sh::new_with_wsh(wsh);
                    (sh.script_pubkey(), sh.unsigned_script_sig())
                }
                _ => (wsh.script_pubkey(), Script::new()),
            };
            assert_eq!((&own.script_pubkey, own.script_sig()), (&script_pubkey, script_sig));
            assert_eq!(own.script_pubkey.len(), kind.script_length());
            for key in own.keys() {
                assert_eq!(descriptor.path_of(&key.source), Some(path(index)));
            }
        }
        assert!(!is_sorted || orders.contains(&false), "no index whose keys are in another order");
    }
}

#[test]
fn a_witness_has_the_first_k_signatures_in_the_order_of_the_keys() {
    let own = parsed(&text("elwsh(sortedmulti", 2, &keys(3))).script_at(&Secp::new(), path(0)).unwrap();
    let script = own.witness_script.clone().unwrap().to_bytes();
    let signature =
        |position: usize| (own.keys()[position].public_key, vec![u8::try_from(position).unwrap(); 71]);
    let with = |positions: &[usize]| {
        let signatures: BTreeMap<_, _> = positions.iter().map(|position| signature(*position)).collect();
        own.witness(&signatures)
    };
    let of = |first: usize, second: usize| {
        Some(vec![Vec::new(), signature(first).1, signature(second).1, script.clone()])
    };
    assert_eq!(with(&[0, 2]), of(0, 2));
    assert_eq!(with(&[2, 1]), of(1, 2));
    assert_eq!(with(&[2, 1, 0]), of(0, 1));
    assert_eq!((with(&[2]), with(&[])), (None, None));
}

#[test]
fn what_no_quorum_may_be_is_refused_by_name() {
    let keys = keys(16);
    let refused = |text: &str| CtDescriptor::parse(text, Chain::Regtest).unwrap_err().code();
    for (form, ..) in FORMS {
        let of = |threshold, keys: &[String]| refused(&text(form, threshold, keys));
        assert_eq!(of(0, &keys[..3]), Code::Quorum);
        assert_eq!(of(4, &keys[..3]), Code::Quorum);
        assert_eq!(of(2, &keys), Code::Quorum);
        assert_eq!(of(2, &[keys[0].clone(), keys[1].clone(), keys[0].clone()]), Code::KeyTwice);
        // The same key under another fingerprint, and another account of the same seed.
        let renamed = keys[0].replacen(keys[0].get(1..9).unwrap(), "01020304", 1);
        assert_eq!(of(2, &[keys[0].clone(), renamed]), Code::KeyTwice);
        let same_seed = keys[1].replacen(keys[1].get(1..9).unwrap(), keys[0].get(1..9).unwrap(), 1);
        assert_eq!(of(2, &[keys[0].clone(), same_seed]), Code::KeyTwice);
        assert_eq!(of(1, &[keys[0].replace("<0;1>/*", "0/*"), keys[1].clone()]), Code::KeyShape);
        assert_eq!(of(1, &[keys[0].clone(), keys[1].split_once(']').unwrap().1.to_owned()]), Code::KeyShape);
        let liquid = CtDescriptor::parse(&text(form, 1, &keys[..2]), Chain::Liquid).unwrap_err();
        assert_eq!(liquid.code(), Code::Network);
        let bare = text(form, 1, &keys[..2]).replace(VIEW_KEY, &format!("02{}", "ab".repeat(32)));
        assert_eq!(refused(&bare), Code::NotSlip77);
    }
}

#[test]
fn the_size_bound_covers_the_heaviest_witness_of_every_quorum() {
    let secp = Secp::new();
    let all = keys(MAX_QUORUM_KEYS);
    for count in 1..=MAX_QUORUM_KEYS {
        for threshold in 1..=count {
            for (form, ..) in [FORMS[0], FORMS[3]] {
                let descriptor = parsed(&text(form, threshold, &all[..count]));
                let own = descriptor.script_at(&secp, path(0)).unwrap();
                // The longest signature of low S: DER of 71 bytes with its sighash byte.
                let signatures = own.keys().iter().map(|key| (key.public_key, vec![0x30; 72])).collect();
                let witness: elements::Witness = own.witness(&signatures).unwrap().into();
                let real = u64::try_from(elements::encode::serialize(&witness).len()).unwrap();
                let script_sig = u64::try_from(own.script_sig().len()).unwrap();
                assert_eq!(
                    descriptor.spend_size(),
                    SpendSize { script_sig, witness: real },
                    "{threshold} of {count}"
                );
            }
        }
    }
}

/// The view key of [`VIEW_KEY`].
fn view_key() -> MasterBlindingKey {
    VIEW_KEY.trim_start_matches("slip77(").trim_end_matches(')').parse().unwrap()
}

#[test]
fn keys_are_assembled_to_the_descriptor_that_names_them() {
    let whole = keys(3);
    let bare: Vec<String> = whole.iter().map(|key| key.replace("/<0;1>/*", "")).collect();
    let mixed =
        [bare[0].replace("48h/1h/0h/2h", "48H/1'/0h/2H"), whole[1].clone(), format!(" {}\n", bare[2])];
    for (form, kind, is_sorted) in FORMS {
        let shape = QuorumForm { threshold: 2, is_nested: kind == Kind::ShWsh, is_sorted };
        for given in [&whole, &bare, &mixed.to_vec()] {
            let made = CtDescriptor::of_quorum(shape, &view_key(), given, Chain::Regtest).unwrap();
            assert_eq!(made, parsed(&text(form, 2, &whole)));
        }
    }
}

#[test]
fn keys_that_make_no_descriptor_are_refused_by_name() {
    let all = keys(16);
    let form = |threshold| QuorumForm { threshold, is_nested: false, is_sorted: true };
    let refused = |threshold, keys: &[String], chain| {
        let error = CtDescriptor::of_quorum(form(threshold), &view_key(), keys, chain).unwrap_err();
        (error.code(), error.to_string())
    };
    let with = |second: &str| refused(1, &[all[0].clone(), second.to_owned()], Chain::Regtest);
    let (plain, bare) = (&all[1], all[1].replace("/<0;1>/*", ""));
    for (second, problem) in [
        (format!("{plain},{plain}"), "key 2 is more than one key"),
        (format!("{plain}))"), "key 2 is more than one key"),
        (format!("{plain}#abcdefgh"), "key 2 is more than one key"),
        (format!("{bare} {bare}"), "key 2 is more than one key"),
        (bare.split_once(']').unwrap().1.to_owned(), "key 2 has no origin"),
        (format!("{bare}/0/*"), "key 2 has no /<0;1>/*"),
        (format!("{bare}/<1;0>/*"), "key 2 has no /<0;1>/*"),
        (bare.replace("48h", "48x"), "key 2 cannot be read"),
        (format!("{bare}z"), "key 2 cannot be read"),
        (String::new(), "key 2 cannot be read"),
        ("9c".repeat(32), "key 2 cannot be read"),
    ] {
        let (code, words) = with(&second);
        assert_eq!((code, words.starts_with(problem)), (Code::KeyShape, true), "{second}: {words}");
    }
    assert_eq!(with(&all[0]).0, Code::KeyTwice);
    assert_eq!(refused(0, &all[..3], Chain::Regtest).0, Code::Quorum);
    assert_eq!(refused(4, &all[..3], Chain::Regtest).0, Code::Quorum);
    assert_eq!(refused(2, &all, Chain::Regtest).0, Code::Quorum);
    assert_eq!(refused(2, &all[..3], Chain::Liquid).0, Code::Network);
}
