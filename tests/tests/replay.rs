//! The committed corpus through the fuzz targets' own code, without a fuzzer: what fuzzing has found once stays found.

use std::fs;
use std::path::{Path, PathBuf};

use coldamp_core::elements::encode::serialize;
use coldamp_core::sign::SignatureSet;
use coldamp_core::transport::bbqr::{FileType, split};
use coldamp_tests::fuzzing::TARGETS;
use coldamp_tests::{Honest, RequestKind, Scenario, VARIED, signed_pset};

fn fuzz() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz")
}

/// The seeds of a target. Those that a fuzzer has added and nobody has named have no extension.
fn corpus(target: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let folder = fuzz().join("corpus").join(target);
    let entries = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some());
    paths.sort();
    paths.into_iter().map(|path| (path.clone(), fs::read(path).unwrap())).collect()
}

#[test]
fn every_seed_keeps_what_its_target_promises_and_some_get_to_the_end() {
    for (name, target) in TARGETS {
        let seeds = corpus(name);
        assert!(!seeds.is_empty(), "{name} has no seed");
        let taken = |(path, seed): &(PathBuf, Vec<u8>)| {
            let taken = std::panic::catch_unwind(|| target(seed));
            taken.unwrap_or_else(|_| panic!("{name}: {}", path.display()))
        };
        let taken = seeds.iter().map(taken).filter(|taken| *taken).count();
        assert!(taken > 0, "none of the {} seeds of {name} is what the target reads", seeds.len());
    }
}

#[test]
fn every_target_is_one_of_the_fuzzers_and_the_other_way_round() {
    let manifest = fs::read_to_string(fuzz().join("Cargo.toml")).unwrap();
    let files = fs::read_dir(fuzz().join("fuzz_targets")).unwrap();
    let mut files: Vec<String> =
        files.map(|file| file.unwrap().file_name().to_string_lossy().into_owned()).collect();
    files.sort();
    let mut names: Vec<&str> = TARGETS.iter().map(|(name, _)| *name).collect();
    names.sort_unstable();
    assert_eq!(files, names.iter().map(|name| format!("{name}.rs")).collect::<Vec<_>>());
    for name in names {
        assert!(manifest.contains(&format!("name = \"{name}\"\n")), "fuzz/Cargo.toml has no {name}");
        let file = fs::read_to_string(fuzz().join("fuzz_targets").join(format!("{name}.rs"))).unwrap();
        assert!(file.contains(&format!("fuzzing::{name}(data)")), "{name} runs something else");
    }
}

/// A name, and the bytes.
type Seed = (String, Vec<u8>);

#[test]
#[ignore = "writes fuzz/corpus; run it after a change of a format"]
fn write_the_seeds() {
    let all = [
        ("request", requests()),
        ("pset_decode", psets()),
        ("pset_review", psets()),
        ("pset_mutated", edits()),
        ("descriptor", descriptors()),
        ("keystore", keystores()),
        ("signed_json", signed()),
        ("journal", vec![("two-entries.journal".to_owned(), coldamp::fuzzing::journal_seed())]),
        ("contract", contracts()),
        ("backup", backups()),
        ("part", parts()),
        ("bbqr_join", scans()),
        ("bbqr_split", shown()),
        ("ur_join", ur_scans()),
    ];
    for (target, seeds) in all {
        let folder = fuzz().join("corpus").join(target);
        fs::create_dir_all(&folder).unwrap();
        for (name, seed) in seeds {
            fs::write(folder.join(name), seed).unwrap();
        }
    }
}

fn requests() -> Vec<Seed> {
    let of = |name, kind: RequestKind| {
        (format!("{name}-{}.json", kind.name()), Scenario::load(name).request(kind))
    };
    let mut seeds: Vec<Seed> = RequestKind::ALL.map(|kind| of("wpkh", kind)).into();
    seeds.push(of("wpkh-split-token", RequestKind::Reissue));
    seeds
}

/// Two kinds of job in binary, one as text, and one with redeem scripts.
fn psets() -> Vec<Seed> {
    let binary = |job| serialize(&Honest::of(job).pset);
    vec![
        ("wpkh-burn.bin".to_owned(), binary((RequestKind::Burn, "wpkh"))),
        ("wpkh-reissue.bin".to_owned(), binary((RequestKind::Reissue, "wpkh"))),
        ("sh-wpkh-burn.bin".to_owned(), binary((RequestKind::Burn, "sh-wpkh"))),
        ("wpkh-burn.pset".to_owned(), Honest::of((RequestKind::Burn, "wpkh")).text.clone().into_bytes()),
    ]
}

/// No edit of each honest PSET, and one edit of each kind.
fn edits() -> Vec<Seed> {
    let untouched =
        (0..VARIED.len()).map(|job| (format!("job-{job}.edits"), vec![u8::try_from(job).unwrap()]));
    let edited =
        (0..8).map(|kind| (format!("change-{kind}.edits"), vec![0, kind, 3, 1, 2, 0, 3, 1, 2, 3, 1, 9]));
    untouched.chain(edited).collect()
}

fn descriptors() -> Vec<Seed> {
    let of = |name| Scenario::load(name).ct_descriptor().to_owned();
    let treasury = |name| &Honest::of((RequestKind::Burn, name)).treasury;
    vec![
        ("wpkh.txt".to_owned(), of("wpkh").into_bytes()),
        ("sh-wpkh.txt".to_owned(), of("sh-wpkh").into_bytes()),
        ("wpkh-checksum.txt".to_owned(), treasury("wpkh").descriptor.with_checksum().into_bytes()),
        ("wpkh-apostrophes.txt".to_owned(), of("wpkh").replace("h/", "'/").into_bytes()),
    ]
}

fn keystores() -> Vec<Seed> {
    let words = Scenario::load("wpkh").mnemonic().to_owned();
    let plain = format!(
        "coldamp keystore 1\nnetwork: regtest\nscript: wpkh\nfingerprint: 73c5da0a\n\
         chain: 000102030405060708090a0b0c0d0e0f\nbip39-passphrase: no\nmnemonic: {words}\n"
    );
    let own_policy_asset = format!("network: regtest\npolicy-asset: {}", "11".repeat(32));
    vec![
        ("regtest.txt".to_owned(), plain.clone().into_bytes()),
        ("policy-asset.txt".to_owned(), plain.replace("network: regtest", &own_policy_asset).into_bytes()),
        (
            "liquid-nested.txt".to_owned(),
            plain.replace("regtest", "liquid").replace("script: wpkh", "script: sh-wpkh").into_bytes(),
        ),
    ]
}

/// One with a journal, and one whose journal is longer than its line says.
fn backups() -> Vec<Seed> {
    let (_, keystore) = keystores().remove(0);
    let keystore = String::from_utf8(keystore).unwrap();
    let journal = String::from_utf8(coldamp::fuzzing::journal_seed()).unwrap();
    let of = |length: usize| {
        format!(
            "coldamp backup 1\nkeystore: {}\n{keystore}journal: {length}\n{journal}head: 6\n1 a b\n",
            keystore.len()
        )
    };
    vec![
        ("two-entries.txt".to_owned(), of(journal.len()).into_bytes()),
        ("cut.txt".to_owned(), of(journal.len() - 1).into_bytes()),
    ]
}

/// The smallest job's, and one whose journal's place is missing.
fn signed() -> Vec<Seed> {
    let honest = Honest::of((RequestKind::Burn, "wpkh"));
    let file = honest.job().sign(honest.text.as_bytes()).to_json().unwrap();
    // The transaction's proofs would be most of the seed, and are no matter of this reader.
    let (before, rest) = file.split_once("\"transaction\": \"").unwrap();
    let (_, after) = rest.split_once('"').unwrap();
    let short = format!("{before}\"transaction\": \"0200\"{after}");
    let without = short.replace("\"signer\"", "\"singer\"");
    vec![("burn.json".to_owned(), short.into_bytes()), ("no-signer.json".to_owned(), without.into_bytes())]
}

/// Signatures alone, with a journal and without, and a signed PSET.
fn parts() -> Vec<Seed> {
    let honest = Honest::of((RequestKind::Burn, "wpkh"));
    let set = honest.job().part(honest.text.as_bytes(), &honest.treasury.signing_key(), 1);
    let without = SignatureSet { signer: None, ..set.clone() };
    vec![
        ("burn.json".to_owned(), set.to_json().unwrap().into_bytes()),
        ("no-journal.json".to_owned(), without.to_json().unwrap().into_bytes()),
        ("burn.bin".to_owned(), signed_pset(&honest.text, &[&set])),
    ]
}

/// A whole row of each encoding, a row with a frame missing, and what other codes a camera sees.
fn scans() -> Vec<Seed> {
    let text = |lines: &[String]| lines.join("\n").into_bytes();
    let deflated = split(&b"coldamp ".repeat(40), FileType::Text, 24).unwrap();
    let plain = split(b"0123456789", FileType::Json, 16).unwrap();
    let hexadecimal = ["B$HP0201FF", "https://example.org/", "B$HP0200000102"].map(str::to_owned);
    vec![
        ("deflated.txt".to_owned(), text(&deflated)),
        ("missing.txt".to_owned(), text(&plain[1..])),
        ("plain.txt".to_owned(), text(&[&plain[1..], &plain].concat())),
        ("hexadecimal.txt".to_owned(), text(&hexadecimal)),
    ]
}

/// The vectors: a whole file, pieces and mixed pieces in another order, and what is refused.
fn ur_scans() -> Vec<Seed> {
    let vector = |name: &str| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors/ur").join(name);
        fs::read_to_string(path).unwrap()
    };
    let lines = |text: &str| -> Vec<String> {
        text.lines()
            .filter_map(|line| line.strip_prefix("ur "))
            .map(|line| line.replace("ur:bytes", "ur:psbt"))
            .collect()
    };
    let (whole, mut row) = (lines(&vector("bcr-2020-006-psbt.txt")), lines(&vector("bc-ur-256-bytes.txt")));
    row.reverse();
    let hostile = vector("hostile.txt");
    let hostile: Vec<&str> = hostile.lines().filter_map(|line| line.rsplit(" | ").next()).collect();
    vec![
        ("whole.txt".to_owned(), whole.join("\n").into_bytes()),
        ("mixed.txt".to_owned(), row.join("\n").into_bytes()),
        ("hostile.txt".to_owned(), hostile.join("\n").replace(' ', "\n").into_bytes()),
    ]
}

/// The size of the frames, and a file.
fn shown() -> Vec<Seed> {
    let compresses = [&[2][..], &b"coldamp ".repeat(40)].concat();
    vec![("compresses.bin".to_owned(), compresses), ("one-byte.bin".to_owned(), vec![0, 7])]
}

fn contracts() -> Vec<Seed> {
    let contract = Honest::of((RequestKind::Burn, "wpkh")).contract();
    let doubled = contract.replace("\"version\"", "\"precision\":3,\"version\"");
    let vector = |name: &str| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors/contract").join(name);
        (name.to_owned(), fs::read(path).unwrap())
    };
    vec![
        ("wpkh.json".to_owned(), contract.into_bytes()),
        ("doubled.json".to_owned(), doubled.into_bytes()),
        vector("contract_with_blanks.json"),
        vector("whole_registry_answer.json"),
        vector("no_ticker.json"),
    ]
}
