//! Descriptors that are read, derived from and refused.

use std::str::FromStr;

use elements::bitcoin::bip32::DerivationPath;

use super::*;
use crate::network::Chain;

const WPKH: &str = "ct(slip77(9c8e4f05c7711a98c838be228bcb84924d4570ca53f35fa1c793e58841d47023),elwpkh([73c5da0a/84h/1h/0h]tpubDC8msFGeGuwnKG9Upg7DM2b4DaRqg3CUZa5g8v2SRQ6K4NSkxUgd7HsL2XVWbVm39yBA4LAxysQAm397zwQSQoQgewGiYZqrA9DsP4zbQ1M/<0;1>/*))";
const SH_WPKH: &str = "ct(slip77(9c8e4f05c7711a98c838be228bcb84924d4570ca53f35fa1c793e58841d47023),elsh(wpkh([73c5da0a/49h/1h/0h]tpubDD7tXK8KeQ3YY83yWq755fHY2JW8Ha8Q765tknUM5rSvjPcGWfUppDFMpQ1ScziKfW3ZNtZvAD7M3u7bSs7HofjTD3KP3YxPK7X6hwV8Rk2/<0;1>/*)))";

fn wpkh() -> CtDescriptor {
    CtDescriptor::parse(WPKH, Chain::Regtest).unwrap()
}

#[test]
fn equal_descriptors_have_one_canonical_text() {
    let plain = wpkh();
    assert_eq!(plain.canonical(), WPKH);
    let with_checksum = CtDescriptor::parse(&plain.with_checksum(), Chain::Regtest).unwrap();
    let apostrophes =
        CtDescriptor::parse(&WPKH.replace('h', "'").replace("elwpk'", "elwpkh"), Chain::Regtest);
    assert_eq!(with_checksum, plain);
    assert_eq!(apostrophes.unwrap(), plain);
}

#[test]
fn a_capital_h_is_read_as_a_hardened_step_and_its_checksum_is_that_of_the_text_given() {
    for small in [WPKH, SH_WPKH] {
        let plain = CtDescriptor::parse(small, Chain::Regtest).unwrap();
        let capital = small.replace("h/", "H/").replace("h]", "H]");
        assert!(capital.contains("H/1H/0H]"), "{capital}");
        let checksum = desc_checksum(&capital).unwrap();
        for text in [capital.clone(), format!("{capital}#{checksum}"), capital.replacen("H/", "h/", 1)] {
            let read = CtDescriptor::parse(&text, Chain::Regtest).unwrap();
            assert_eq!((read.canonical(), read.canonical_hash()), (small, plain.canonical_hash()), "{text}");
        }
        // The checksum of the same descriptor with small letters is another text's.
        let other = desc_checksum(small).unwrap();
        for text in [format!("{capital}#{other}"), format!("{capital}#"), format!("{capital}#{checksum}#")] {
            let error = CtDescriptor::parse(&text, Chain::Regtest).unwrap_err();
            assert!(matches!(error, DescriptorError::Unreadable { .. }), "{text}");
        }
        // Nowhere else does it stand for anything.
        let outside = small.replace("<0;1>/*", "<0;1>/*H");
        assert!(CtDescriptor::parse(&outside, Chain::Regtest).is_err());
    }
}

#[test]
fn addresses_and_descriptors_are_those_the_node_listed() {
    let secp = Secp::new();
    let network = Network::new(Chain::Regtest);
    let path = KeyPath { branch: Branch::External, index: 1 };
    let own = wpkh().script_at(&secp, path).unwrap();
    assert_eq!(
        own.node_descriptor(),
        "wpkh([73c5da0a/84'/1'/0'/0/1]03eeed205a69022fed4a62a02457f3699b19c06bf74bf801acc6d9ae84bc16a9e1)#w4l74hm0"
    );
    assert_eq!(
        wpkh().address_at(&secp, path, &network).unwrap().to_string(),
        "el1qqv8pmjjq942l6cjq69ygtt6gvmdmhesqmzazmwfsq7zwvan4kewdqmaqzegq50r2wdltkfsw9hw20zafydz4sqljz0eqe0vhc"
    );
}

#[test]
fn a_path_and_its_key_source_say_the_same() {
    let path = KeyPath { branch: Branch::Internal, index: 77 };
    let descriptor = wpkh();
    let source = descriptor.keys()[0].source(path);
    assert_eq!(source.1.to_string(), "84'/1'/0'/1/77");
    assert_eq!(descriptor.path_of(&source), Some(path));
    let other_fingerprint = (Fingerprint::from([1, 2, 3, 4]), source.1.clone());
    assert_eq!(descriptor.path_of(&other_fingerprint), None);
    for wrong in [
        "84h/1h/1h/1/77",
        "84h/1h/0h/2/77",
        "84h/1h/0h/1/77h",
        "84h/1h/0h/1h/77",
        "84h/1h/0h/1",
        "84h/1h/0h/1/7/7",
    ] {
        let wrong = DerivationPath::from_str(&format!("m/{wrong}")).unwrap();
        assert_eq!(descriptor.path_of(&(source.0, wrong.clone())), None, "{wrong}");
    }
}

#[test]
fn what_is_no_single_key_descriptor_of_this_network_is_refused_by_name() {
    let parse = |text: &str| CtDescriptor::parse(text, Chain::Regtest).unwrap_err();
    assert!(matches!(parse("hello"), DescriptorError::Unreadable { .. }));
    assert!(matches!(parse(&format!("{WPKH}#aaaaaaaa")), DescriptorError::Unreadable { .. }));
    assert!(matches!(parse(&WPKH.replace("<0;1>/*", "0/*")), DescriptorError::KeyShape { .. }));
    assert!(matches!(parse(&WPKH.replace("<0;1>", "<1;0>")), DescriptorError::KeyShape { .. }));
    assert!(matches!(parse(&WPKH.replace("[73c5da0a/84h/1h/0h]", "")), DescriptorError::KeyShape { .. }));
    let bare = WPKH.replace(
        "slip77(9c8e4f05c7711a98c838be228bcb84924d4570ca53f35fa1c793e58841d47023)",
        "02dce16018bbbb8e36de7b394df5b5166e9adb7498be7d881a85a09aeecf76b623",
    );
    assert_eq!(parse(&bare), DescriptorError::NotSlip77);
    let liquid = CtDescriptor::parse(WPKH, Chain::Liquid).unwrap_err();
    assert!(matches!(liquid, DescriptorError::WrongNetwork { expected: Chain::Liquid, .. }));
}

#[test]
fn a_nested_script_carries_its_redeem_script() {
    let descriptor = CtDescriptor::parse(SH_WPKH, Chain::Regtest).unwrap();
    let own = descriptor.script_at(&Secp::new(), KeyPath { branch: Branch::Internal, index: 7 }).unwrap();
    // As the node listed it: scenarios/sh-wpkh/hot-node/distribute/confirm.json.
    assert_eq!(format!("{:x}", own.script_pubkey), "a9148c7eee3a95b66426c650b8f52a9cf15f487d39fa87");
    assert_eq!(
        format!("{:x}", own.redeem_script.as_ref().unwrap()),
        "0014cfbe8bebc668980be48c820d35634f55a86c6d02"
    );
    assert_eq!(
        own.node_descriptor(),
        "sh(wpkh([73c5da0a/49'/1'/0'/1/7]021a93e1082a1eab5a95c2ee88623f8c3714378439a0d27fc599deab6600eecc43))#mczngast"
    );
}

#[test]
fn an_index_that_only_hardened_keys_have_is_refused() {
    let path = KeyPath { branch: Branch::External, index: 1 << 31 };
    assert_eq!(wpkh().script_at(&Secp::new(), path), Err(DescriptorError::Index { index: 1 << 31 }));
}

#[test]
fn no_error_quotes_the_text() {
    let key = "9c8e4f05c7711a98c838be228bcb84924d4570ca53f35fa1c793e58841d47023";
    let groups = key.as_bytes().chunks(8).map(|group| std::str::from_utf8(group).unwrap());
    let groups: Vec<&str> = groups.collect();
    let texts = [
        WPKH.replace(&format!("slip77({key})"), &format!("{key}(slip77)")),
        WPKH.replace(&format!("slip77({key})"), &format!("slip77({key}())")),
        WPKH.replace(&format!("slip77({key})"), &format!("slip77{key}")),
        WPKH.replace(key, &groups.join("),(")),
        with_script(&format!("elwsh(multi({},x))", groups.join(")"))),
        with_script(&format!("el9c8e4f05({})", groups.join(","))),
        with_script(&format!("9c8e4f05({key})")),
        groups.join(", "),
        // Backup words as people number them.
        format!("1) {}", groups.join(" 2) ")),
        groups.join(","),
        format!("{{{}", groups.join("}")),
    ];
    for text in texts {
        let error = CtDescriptor::parse(&text, Chain::Regtest).unwrap_err();
        assert!(!groups.iter().any(|group| format!("{error} {error:?}").contains(group)), "{error}");
    }
}

#[test]
fn a_node_is_given_one_branch_in_its_own_words() {
    let external = wpkh().node_range_descriptor(Branch::External);
    assert!(
        external.starts_with("wpkh([73c5da0a/84h/1h/0h]tpub") && external.ends_with("/0/*)"),
        "{external}"
    );
    let nested = CtDescriptor::parse(SH_WPKH, Chain::Regtest).unwrap();
    let internal = nested.node_range_descriptor(Branch::Internal);
    assert!(
        internal.starts_with("sh(wpkh([73c5da0a/49h/1h/0h]tpub") && internal.ends_with("/1/*))"),
        "{internal}"
    );
}

#[test]
fn debug_text_holds_no_view_key() {
    assert!(!format!("{:?}", wpkh()).contains("9c8e4f05"));
}

#[test]
fn a_script_has_the_length_of_its_kind() {
    for text in [WPKH, SH_WPKH] {
        let descriptor = CtDescriptor::parse(text, Chain::Regtest).unwrap();
        let path = KeyPath { branch: Branch::External, index: 0 };
        let own = descriptor.script_at(&Secp::new(), path).unwrap();
        assert_eq!(own.script_pubkey.len(), descriptor.kind().script_length());
    }
}

/// Three keys of a quorum, as shared by its co-signers.
const QUORUM: [&str; 3] = [
    "[73c5da0a/48h/1h/0h/2h]tpubDFH9dgzveyD8zTbPUFuLrGmCydNvxehyNdUXKJAQN8x4aZ4j6UZqGfnqFrD4NqyaTVGKbvEW54tsvPTK2UoSbCC1PJY8iCNiwTL3RWZEheQ/<0;1>/*",
    "[b8688df1/48h/1h/0h/2h]tpubDEfobrrtptRTbKf4gysDhoabneABDTAcdj3Vbn4XwPsLE2pmqpizSPRG6zHsbAMuiSgWmWPsYCLHTKTPpyrGJ5rAoTpKoQNZcxodiPf2tSJ/<0;1>/*",
    "[28645006/48h/1h/0h/2h]tpubDEwqCvJxKwKWX9xvRe48uofWJn1Y89Jn8UeH1Efrjb1UEVjUDy3URYTiqWaVCW7WdvHrL8XrSihHEhTwv5H3VDJoakjuCHiAnr6xcF2Xm4s/<0;1>/*",
];

fn with_script(script: &str) -> String {
    format!("ct(slip77(9c8e4f05c7711a98c838be228bcb84924d4570ca53f35fa1c793e58841d47023),{script})")
}

#[test]
fn what_is_read_is_what_the_library_reads() {
    use elements_miniscript::{ConfidentialDescriptor, DescriptorPublicKey, NoExt};

    let keys = QUORUM.join(",");
    let quorums = [
        "elwsh(multi(2,K))",
        "elwsh(sortedmulti(3,K))",
        "elsh(wsh(multi(1,K)))",
        "elsh(wsh(sortedmulti(2,K)))",
    ];
    let texts = quorums.map(|script| with_script(&script.replace('K', &keys)));
    for text in texts.iter().map(String::as_str).chain([WPKH, SH_WPKH]) {
        let library = ConfidentialDescriptor::<DescriptorPublicKey, NoExt>::from_str(text).unwrap();
        let own = CtDescriptor::parse(text, Chain::Regtest).unwrap();
        assert_eq!(own.canonical(), format!("{library:#}").replace('\'', "h"));
        for index in [0, 7] {
            let path = KeyPath { branch: Branch::Internal, index };
            let [_, internal] =
                <[_; 2]>::try_from(library.descriptor.clone().into_single_descriptors().unwrap()).unwrap();
            let expected = internal.derived_descriptor(secp256k1_zkp::SECP256K1, index).unwrap();
            let script = own.script_at(&Secp::new(), path).unwrap();
            assert_eq!(script.script_pubkey, expected.script_pubkey(), "{text}");
            assert_eq!(script.script_code(), expected.script_code().unwrap(), "{text}");
        }
    }
}

#[test]
fn scripts_that_are_no_treasury_are_refused_by_name() {
    let parse = |script: &str| CtDescriptor::parse(&with_script(script), Chain::Regtest).unwrap_err();
    let [first, second, _] = QUORUM;
    for (script, kind) in [
        (format!("eltr({first})"), "eltr (taproot)"),
        (format!("elpkh({first})"), "elpkh"),
        (format!("elmulti(1,{first},{second})"), "elmulti"),
        (format!("elsh(multi(1,{first}))"), "elsh without wsh or wpkh"),
        (format!("elsh(sortedmulti(1,{first},{second}))"), "elsh without wsh or wpkh"),
        (format!("elwsh(pk({first}))"), "elwsh of another miniscript than multi"),
        (format!("elsh(wsh(and_v(v:pk({first}),older(5))))"), "elwsh of another miniscript than multi"),
    ] {
        let expected = DescriptorError::ScriptTypeUnsupported { found: kind.to_owned() };
        assert_eq!(parse(&script), expected, "{script}");
    }
    let two = format!("{first},{second}");
    for script in [
        format!("wsh(multi(1,{first}))"),
        format!("elwsh(multi(-1,{two}))"),
        format!("elwsh(multi(01,{two}))"),
        format!("elwsh(multi({two}))"),
        format!("elwsh(multi(1,{two}(x)))"),
        format!("elsh(wsh(multi(1,{first}),multi(1,{second})))"),
        format!("elwpkh({two})"),
    ] {
        assert!(matches!(parse(&script), DescriptorError::Unreadable { .. }), "{script}");
    }
}
