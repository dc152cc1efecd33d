//! Fields that a PSET never has before it is signed: somebody else's blinding, signatures, scripts, locktimes, flags and unknown
//! keys (docs/rules.md#unsigned-pset).

use coldamp_core::code::Code;
use coldamp_core::elements::bitcoin::base64::Engine as _;
use coldamp_core::elements::bitcoin::base64::engine::general_purpose::STANDARD;
use coldamp_core::elements::opcodes::all::OP_PUSHNUM_1;
use coldamp_core::elements::script::Builder;
use coldamp_core::elements::{LockTime, Sequence};
use coldamp_core::sign::review::Role;
use coldamp_tests::RequestKind;

use super::bench::{Bench, attacker_key};
use super::job::{BURN, DISTRIBUTE, EACH, Honest, JobName, REISSUE, REISSUE_BLINDED};
use super::pairs::{Pair, Pairs, get, proprietary, pset_key, set, unset};
use super::row::Expected::{self, Among, Only};
use super::row::{Row, raw, refused, typed};

const NESTED: JobName = (RequestKind::Distribute, "sh-wpkh");

type Map = fn(&mut Pairs) -> &mut Vec<Pair>;

const GLOBAL: Map = |pairs| &mut pairs.global;
const INPUT: Map = |pairs| &mut pairs.inputs[0];
const LAST_INPUT: Map = |pairs| pairs.inputs.last_mut().unwrap();
const OUTPUT: Map = |pairs| &mut pairs.outputs[0];
const FEE: Map = |pairs| pairs.outputs.last_mut().unwrap();

/// A pair that must not be there, in a map of each job.
fn extra(attack: &str, code: Code, map: Map, key: &[u8], value: &[u8]) -> Vec<Row> {
    let row = |job| {
        let (key, value) = (key.to_vec(), value.to_vec());
        raw(job, attack, Among(code), move |pairs| set(map(pairs), &key, value.clone()))
    };
    EACH.into_iter().map(row).collect()
}

#[test]
fn nobody_else_has_blinded() {
    let mut rows = Vec::new();
    for subtype in [0x01, 0x03, 0x04, 0x05, 0x07, 0x09, 0x0a] {
        for map in [OUTPUT, FEE] {
            let attack = format!("the output field {subtype:#04x}");
            rows.extend(extra(&attack, Code::Preblinded, map, &pset_key(subtype), &[8; 33]));
        }
    }
    rows.extend(blinded_otherwise());
    let scalar = [pset_key(0x00), vec![7; 32]].concat();
    rows.extend(extra("a scalar", Code::Scalar, GLOBAL, &scalar, &[]));
    rows.extend(extra("a scalar without its number", Code::Scalar, GLOBAL, &pset_key(0x00), &[]));
    rows.extend(blinder_index());
    refused(rows);
}

/// A change of a blinded PSET.
type Change = fn(&mut Pairs);

/// The PSET that `prepare --blinded` writes, with one field changed.
fn blinded(job: JobName, attack: &str, expected: Expected, change: impl Fn(&mut Pairs) + 'static) -> Row {
    raw(job, attack, expected, move |pairs| {
        *pairs = blinded_pairs(job);
        change(pairs);
    })
}

fn blinded_pairs(job: JobName) -> Pairs {
    let honest = Honest::of(job);
    let text = honest.job().blinded(&honest.text);
    Pairs::split(&STANDARD.decode(text).unwrap())
}

/// The maps of outputs that are blinded.
fn blinded_outputs(pairs: &mut Pairs) -> impl Iterator<Item = &mut Vec<Pair>> {
    pairs.outputs.iter_mut().filter(|map| map.iter().any(|(key, _)| *key == pset_key(0x04)))
}

fn blinded_otherwise() -> Vec<Row> {
    let mut rows = Vec::new();
    for subtype in [0x01, 0x03, 0x04, 0x05, 0x07, 0x09, 0x0a] {
        rows.push(blinded(
            DISTRIBUTE,
            &format!("another {subtype:#04x} in one output"),
            Only(Code::Preblinded),
            move |pairs| {
                *get(blinded_outputs(pairs).last().unwrap(), &pset_key(subtype)).last_mut().unwrap() ^= 1;
            },
        ));
        rows.push(blinded(
            BURN,
            &format!("no {subtype:#04x} in one output"),
            Only(Code::Preblinded),
            move |pairs| {
                unset(blinded_outputs(pairs).next().unwrap(), &pset_key(subtype));
            },
        ));
    }
    let changes: [(&str, Change); 3] = [
        ("two range proofs exchanged", |pairs| {
            let mut maps = blinded_outputs(pairs);
            let (one, other) = (maps.next().unwrap(), maps.next().unwrap());
            std::mem::swap(get(one, &pset_key(0x04)), get(other, &pset_key(0x04)));
        }),
        ("one output not blinded", |pairs| {
            let map = blinded_outputs(pairs).next().unwrap();
            for subtype in [0x01, 0x03, 0x04, 0x05, 0x07, 0x09, 0x0a] {
                unset(map, &pset_key(subtype));
            }
        }),
        ("the fee blinded too", |pairs| set(FEE(pairs), &pset_key(0x01), [8; 33])),
    ];
    for (attack, change) in changes {
        rows.push(blinded(DISTRIBUTE, attack, Only(Code::Preblinded), change));
    }
    for subtype in [0x01, 0x02, 0x0f] {
        let attack = format!("another {subtype:#04x} of the reissued amount");
        rows.push(blinded(REISSUE_BLINDED, &attack, Only(Code::IssuanceBlinded), move |pairs| {
            let input = pairs.inputs.iter_mut().find(|map| map.iter().any(|(key, _)| *key == pset_key(0x0f)));
            *get(input.unwrap(), &pset_key(subtype)).last_mut().unwrap() ^= 1;
        }));
    }
    rows.push(blinded(
        DISTRIBUTE,
        "a commitment to a reissued amount",
        Among(Code::IssuanceUnexpected),
        |pairs| {
            set(INPUT(pairs), &pset_key(0x01), [8; 33]);
        },
    ));
    // Blinding covers the content: a PSET that pays more has other proofs.
    rows.push(blinded(
        DISTRIBUTE,
        "another amount under the same proofs",
        Among(Code::AssetUnbalanced),
        |pairs| {
            get(OUTPUT(pairs), &[0x03])[0] ^= 1;
        },
    ));
    rows
}

#[test]
fn nobody_else_has_signed() {
    let mut rows = Vec::new();
    let key = attacker_key().to_bytes();
    let keyed = |kind: u8, data: &[u8]| [&[kind], data].concat();
    let fields: [(&str, Vec<u8>); 14] = [
        ("a signature", keyed(0x02, &key)),
        ("a final script", vec![0x07]),
        ("a final witness", vec![0x08]),
        ("a RIPEMD-160 preimage", keyed(0x0a, &[1; 20])),
        ("a SHA-256 preimage", keyed(0x0b, &[1; 32])),
        ("a HASH160 preimage", keyed(0x0c, &[1; 20])),
        ("a HASH256 preimage", keyed(0x0d, &[1; 32])),
        ("a taproot key signature", vec![0x13]),
        ("a taproot script signature", keyed(0x14, &[1; 64])),
        ("a taproot leaf", keyed(0x15, &[0xc4; 33])),
        ("a taproot derivation", keyed(0x16, &[1; 32])),
        ("a taproot internal key", vec![0x17]),
        ("a taproot root", vec![0x18]),
        ("a signature without its key", vec![0x02]),
    ];
    for (attack, key) in &fields {
        for map in [INPUT, LAST_INPUT] {
            rows.extend(extra(attack, Code::SigsPresent, map, key, &[1; 64]));
        }
    }
    for (attack, key) in [
        ("an output's taproot internal key", vec![0x05]),
        ("an output's taproot tree", vec![0x06]),
        ("an output's taproot derivation", keyed(0x07, &[1; 32])),
    ] {
        rows.extend(extra(attack, Code::SigsPresent, OUTPUT, &key, &[1; 32]));
    }
    refused(rows);
}

#[test]
fn the_sighash_type_is_absent_all_or_all_with_range_proofs() {
    let mut rows = Vec::new();
    for sighash in [
        0x00_u32,
        0x02,
        0x03,
        0x04,
        0x40,
        0x42,
        0x43,
        0x44,
        0x80,
        0x81,
        0x82,
        0x83,
        0xc0,
        0xc1,
        0xc2,
        0xc3,
        0x61,
        0x0100,
        0x0101,
        0x0141,
        0x4100_0000,
        0x0100_0000,
        0xffff_ff41,
        u32::MAX,
    ] {
        for map in [INPUT, LAST_INPUT] {
            rows.extend(extra(&format!("{sighash:#x}"), Code::Sighash, map, &[0x03], &sighash.to_le_bytes()));
        }
    }
    for value in [&[0x41][..], &[], &[0x41, 0, 0], &[0x41, 0, 0, 0, 0]] {
        rows.extend(extra(&format!("{value:02x?} in bytes"), Code::Sighash, INPUT, &[0x03], value));
    }
    refused(rows);
}

#[test]
fn no_script_but_our_own() {
    let mut rows = Vec::new();
    for (map, redeem, witness) in [(INPUT, 0x04, 0x05), (LAST_INPUT, 0x04, 0x05), (OUTPUT, 0x00, 0x01)] {
        rows.extend(extra("a redeem script", Code::Script, map, &[redeem], &[0x51]));
        rows.extend(extra("an empty redeem script", Code::Script, map, &[redeem], &[]));
        rows.extend(extra("a witness script", Code::Script, map, &[witness], &[0x51]));
    }
    let another = Builder::new().push_opcode(OP_PUSHNUM_1).into_script();
    let script = another.clone();
    rows.push(typed(NESTED, "another redeem script on an input", Only(Code::Script), move |bench| {
        bench.input(0).redeem_script = Some(script.clone());
    }));
    rows.push(typed(NESTED, "another redeem script on our change", Only(Code::Script), move |bench| {
        bench.output(Role::AssetChange).redeem_script = Some(another.clone());
    }));
    rows.push(typed(NESTED, "our redeem script on a recipient", Only(Code::Script), |bench| {
        let script = bench.output(Role::AssetChange).redeem_script.clone();
        bench.output(Role::Recipient(0)).redeem_script = script;
    }));
    rows.push(typed(NESTED, "two inputs' redeem scripts exchanged", Only(Code::Script), |bench| {
        let (first, second) = (bench.input(0).redeem_script.clone(), bench.input(1).redeem_script.clone());
        bench.input(0).redeem_script = second;
        bench.input(1).redeem_script = first;
    }));
    refused(rows);
}

#[test]
fn nothing_is_delayed_or_of_another_version() {
    let mut rows = Vec::new();
    for version in [0_u32, 1, 3, 0x8000_0002, u32::MAX] {
        let value = version.to_le_bytes();
        rows.extend(extra(&format!("version {version}"), Code::Version, GLOBAL, &[0x02], &value));
    }
    for locktime in [1_u32, 499_999_999, 500_000_000, u32::MAX] {
        rows.extend(EACH.into_iter().map(|job| {
            typed(job, format!("locktime {locktime}"), Only(Code::Locktime), move |bench| {
                bench.pset.global.tx_data.fallback_locktime = Some(LockTime::from_consensus(locktime));
            })
        }));
    }
    for sequence in [0, 1, 0x0040_0001, 0x7fff_ffff, 0x8000_0000, 0xffff_fffc, 0xffff_fffe, u32::MAX] {
        rows.extend(EACH.into_iter().map(|job| {
            typed(job, format!("sequence {sequence:#x}"), Only(Code::Locktime), move |bench| {
                bench.input(0).sequence = Some(Sequence::from_consensus(sequence));
            })
        }));
    }
    rows.extend(EACH.into_iter().map(|job| {
        typed(job, "no sequence, which is final", Only(Code::Locktime), |bench| {
            bench.input(1).sequence = None
        })
    }));
    for (attack, key, value) in [
        ("a time of its own", 0x11, 500_000_000_u32),
        ("a height of its own", 0x12, 1),
        ("a height of zero of its own", 0x12, 0),
    ] {
        rows.extend(extra(attack, Code::Locktime, INPUT, &[key], &value.to_le_bytes()));
    }
    for (attack, map, key) in [
        ("version", GLOBAL, 0x02),
        ("locktime", GLOBAL, 0x03),
        ("sequence", INPUT, 0x10),
        ("height", INPUT, 0x12),
    ] {
        rows.extend(extra(
            &format!("a {attack} of five bytes"),
            Code::Locktime,
            map,
            &[key],
            &[2, 0, 0, 0, 0],
        ));
    }
    refused(rows);
}

#[test]
fn nothing_may_be_changed_later() {
    let mut rows = Vec::new();
    for flags in [0_u8, 1, 2, 3, 4, 0xff] {
        rows.extend(extra(&format!("modifiable {flags}"), Code::Modifiable, GLOBAL, &[0x06], &[flags]));
        rows.extend(extra(
            &format!("Elements' {flags}"),
            Code::Modifiable,
            GLOBAL,
            &pset_key(0x01),
            &[flags],
        ));
    }
    refused(rows);
}

#[test]
fn no_field_that_nobody_knows_and_none_twice() {
    let mut rows = Vec::new();
    let xpub = [vec![0x01], vec![4; 78]].concat();
    let unknown: [(&str, Map, Vec<u8>); 24] = [
        ("an extended key", GLOBAL, xpub),
        ("an unsigned transaction, as in version 0", GLOBAL, vec![0x00]),
        ("a global key of nobody", GLOBAL, vec![0x07]),
        ("a version with key data", GLOBAL, vec![0x02, 0x01]),
        ("another program's field", GLOBAL, proprietary(b"lwk", 0)),
        ("another field of ours", GLOBAL, proprietary(b"coldamp", 2)),
        ("the entropy with key data", GLOBAL, [proprietary(b"coldamp", 1), vec![1]].concat()),
        ("asset metadata of no asset", GLOBAL, proprietary(b"pset_hww", 0)),
        ("token metadata of half an id", GLOBAL, [proprietary(b"pset_hww", 1), vec![1; 16]].concat()),
        ("another field of ELIP-100", GLOBAL, [proprietary(b"pset_hww", 2), vec![1; 32]].concat()),
        ("asset metadata in an input", INPUT, [proprietary(b"pset_hww", 0), vec![1; 32]].concat()),
        ("the request with key data", GLOBAL, [proprietary(b"coldamp", 0), vec![1]].concat()),
        ("a proprietary key without a prefix", GLOBAL, vec![0xfc]),
        ("a proprietary key whose prefix ends early", GLOBAL, vec![0xfc, 9, b'p']),
        ("a proprietary key with a long size", GLOBAL, [&[0xfc, 0xfd, 4, 0], &b"pset"[..], &[2]].concat()),
        ("a proof of reserves", INPUT, vec![0x09]),
        ("an input key of nobody", INPUT, vec![0x19]),
        ("an input key of a two-byte type", INPUT, vec![0xfd, 0x00, 0x01]),
        ("another program's field", INPUT, proprietary(b"lwk", 0)),
        ("an input field of Elements that nobody knows", INPUT, pset_key(0x16)),
        ("a sighash type with key data", INPUT, vec![0x03, 0x01]),
        ("an output key of nobody", OUTPUT, vec![0x08]),
        ("an output field of ours", OUTPUT, proprietary(b"coldamp", 0)),
        ("an output field of Elements that nobody knows", FEE, pset_key(0x0b)),
    ];
    for (attack, map, key) in &unknown {
        rows.extend(extra(attack, Code::UnknownField, *map, key, &[1]));
    }
    let maps: [(&str, Map); 4] =
        [("globally", GLOBAL), ("in an input", INPUT), ("in an output", OUTPUT), ("in the fee", FEE)];
    for job in EACH {
        for (place, map) in maps {
            rows.push(raw(job, format!("a pair twice {place}"), Among(Code::UnknownField), move |pairs| {
                let pair = map(pairs)[0].clone();
                map(pairs).push(pair);
            }));
            rows.push(raw(
                job,
                format!("a key twice {place}, two values"),
                Among(Code::UnknownField),
                move |pairs| {
                    let (key, _) = map(pairs)[0].clone();
                    map(pairs).push((key, vec![0; 8]));
                },
            ));
        }
        rows.push(raw(job, "the request twice", Among(Code::UnknownField), |pairs| {
            pairs.global.push((proprietary(b"coldamp", 0), b"{}".to_vec()));
        }));
        rows.push(raw(job, "Elements' modifiable flag twice", Among(Code::UnknownField), |pairs| {
            pairs.global.extend([(pset_key(0x01), vec![0]), (pset_key(0x01), vec![0])]);
        }));
        rows.extend(missing(job));
    }
    refused(rows);
}

/// Fields that must be there or must decode.
fn missing(job: JobName) -> Vec<Row> {
    let gone: [(&str, Map, Vec<u8>, Expected); 7] = [
        ("transaction version", GLOBAL, vec![0x02], Among(Code::UnknownField)),
        ("previous txid", INPUT, vec![0x0e], Among(Code::UnknownField)),
        ("output index", INPUT, vec![0x0f], Among(Code::UnknownField)),
        ("amount", OUTPUT, vec![0x03], Among(Code::UnknownField)),
        ("asset", OUTPUT, pset_key(0x02), Among(Code::UnknownField)),
        ("script", OUTPUT, vec![0x04], Among(Code::UnknownField)),
        ("script of the fee", FEE, vec![0x04], Among(Code::UnknownField)),
    ];
    let mut rows = Vec::new();
    for (name, map, key, expected) in gone {
        let cut = key.clone();
        rows.push(raw(job, format!("no {name}"), expected, move |pairs| unset(map(pairs), &key)));
        if !name.starts_with("script") && name != "transaction version" {
            rows.push(raw(job, format!("{name} cut short"), expected, move |pairs| {
                get(map(pairs), &cut).pop();
            }));
        }
    }
    rows
}

fn blinder_index() -> Vec<Row> {
    let mut rows = Vec::new();
    for job in EACH {
        for index in [u32::MAX, 2, 1_000] {
            rows.push(typed(job, format!("blinder {index}"), Only(Code::BlinderIndex), move |bench| {
                bench.output(Role::PolicyChange).blinder_index = Some(index);
            }));
        }
        rows.push(typed(job, "a blinding key and no blinder", Only(Code::BlinderIndex), |bench| {
            bench.output(Role::PolicyChange).blinder_index = None;
        }));
        rows.push(typed(
            job,
            "a blinder and no blinding key",
            Only(Code::BlinderIndex),
            |bench: &mut Bench| {
                bench.output(Role::Fee).blinder_index = Some(0);
            },
        ));
        rows.push(typed(job, "the attacker's coin as blinder", Among(Code::InputForeign), |bench| {
            bench.input(1).witness_utxo.as_mut().unwrap().script_pubkey = super::bench::attacker_script();
            bench.output(Role::PolicyChange).blinder_index = Some(1);
        }));
    }
    rows.extend(extra("a blinder of three bytes", Code::BlinderIndex, OUTPUT, &pset_key(0x08), &[0; 3]));
    rows.push(raw(DISTRIBUTE, "a blinding key that is no key", Among(Code::BlindingKeyMismatch), |pairs| {
        let output =
            pairs.outputs.iter_mut().find(|map| map.iter().any(|(key, _)| *key == pset_key(0x06))).unwrap();
        get(output, &pset_key(0x06)).fill(0xff);
    }));
    rows.push(raw(REISSUE, "an uncompressed blinding key", Among(Code::BlindingKeyMismatch), |pairs| {
        let output =
            pairs.outputs.iter_mut().find(|map| map.iter().any(|(key, _)| *key == pset_key(0x06))).unwrap();
        *get(output, &pset_key(0x06)) = attacker_key().inner.serialize_uncompressed().to_vec();
    }));
    rows
}

/// The tests above that refuse rows, for `codes`.
pub(crate) const LISTS: &[fn()] = &[
    nobody_else_has_blinded,
    nobody_else_has_signed,
    the_sighash_type_is_absent_all_or_all_with_range_proofs,
    no_script_but_our_own,
    nothing_is_delayed_or_of_another_version,
    nothing_may_be_changed_later,
    no_field_that_nobody_knows_and_none_twice,
];
