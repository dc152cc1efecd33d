//! What an audit says of a signed.json that is not what the PSET must become: with the words on a second machine, and
//! with the view key alone on the online one (docs/rules.md#audit, docs/rules.md#recompute-signed-file).

use coldamp_core::consensus::ScriptError;
use coldamp_core::elements::encode::{deserialize, serialize, serialize_hex};
use coldamp_core::elements::hex::decode_to_vec;
use coldamp_core::elements::{RangeProof, Transaction};
use coldamp_core::sign::review::{CheckedPset, Role};
use coldamp_core::sign::{AuditError, ExtractError, SigningKey, audit, audit_without_keys};
use coldamp_core::signed::{ReadError, SignedFile};
use coldamp_core::treasury::Branch;
use coldamp_tests::{RequestKind, Scenario, Treasury};

use super::bench::Bench;
use super::job::{BURN, DISTRIBUTE, EACH, Honest, REISSUE};

/// Both auditors of one job.
struct Auditors {
    honest: &'static Honest,
    checked: CheckedPset,
    key: SigningKey,
}

impl Auditors {
    fn of(honest: &'static Honest) -> Self {
        let checked = honest.review(honest.text.as_bytes()).checked().unwrap().clone();
        Auditors { honest, checked, key: honest.treasury.signing_key() }
    }

    fn with_keys(&self, file: &str) -> Result<(), AuditError> {
        audit(&self.honest.treasury.secp, &self.checked, &self.key, file.as_bytes())
    }

    fn without(&self, file: &str) -> Result<(), AuditError> {
        audit_without_keys(&self.honest.treasury.secp, &self.checked, file.as_bytes())
    }
}

fn signed(honest: &Honest) -> String {
    honest.job().sign(honest.text.as_bytes()).to_json().unwrap()
}

fn differs(fields: &[&'static str]) -> Result<(), AuditError> {
    Err(AuditError::Differs { fields: fields.to_vec() })
}

/// Every file that differs in one value, under the name of the field that holds it. Words stay JSON.
fn altered_values(file: &str) -> Vec<(String, String)> {
    let mut field = "";
    let mut altered = Vec::new();
    let lines: Vec<&str> = file.lines().collect();
    for (number, line) in lines.iter().enumerate() {
        let Some((name, value)) = line.split_once("\": ") else { continue };
        if let Some(name) = name.strip_prefix("  \"") {
            field = name;
        }
        let value = value.trim_end_matches(',');
        let changed = match value {
            "{" | "[" | "[]" => continue,
            "true" => "false".to_owned(),
            "false" => "true".to_owned(),
            "\"\"" => "\"0\"".to_owned(),
            _ => {
                let last = value.rfind(|character: char| character.is_ascii_alphanumeric()).unwrap();
                let digit = if value[last..].starts_with('0') { "1" } else { "0" };
                format!("{}{digit}{}", &value[..last], &value[last + 1..])
            }
        };
        let comma = if line.ends_with(',') { "," } else { "" };
        let mut lines: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
        lines[number] = format!("{name}\": {changed}{comma}");
        altered.push((field.to_owned(), lines.join("\n") + "\n"));
    }
    altered
}

/// The file with another transaction in it, all else as it was.
fn with_transaction(file: &str, edit: impl Fn(&mut Transaction)) -> String {
    let (_, rest) = file.split_once("\"transaction\": \"").unwrap();
    let (hexadecimal, _) = rest.split_once('"').unwrap();
    let mut transaction: Transaction = deserialize(&decode_to_vec(hexadecimal).unwrap()).unwrap();
    edit(&mut transaction);
    file.replacen(hexadecimal, &serialize_hex(&transaction), 1)
}

/// Changes the script witness of the first input.
fn with_witness(file: &str, edit: impl Fn(&mut Vec<Vec<u8>>)) -> String {
    with_transaction(file, |transaction| {
        let mut items = transaction.input[0].witness.script_witness.to_vec();
        edit(&mut items);
        transaction.input[0].witness.script_witness = items.into();
    })
}

#[test]
fn every_job_of_every_scenario_passes_both_audits() {
    for scenario in Scenario::all() {
        let treasury = Treasury::of(&scenario);
        for kind in RequestKind::ALL {
            let job = treasury.job(&scenario, kind);
            let pset = job.prepare().pset;
            let checked = job.review(pset.as_bytes()).checked().unwrap().clone();
            let file = job.sign(pset.as_bytes()).to_json().unwrap();
            let (secp, name) = (&treasury.secp, format!("{} {}", scenario.name(), kind.name()));
            assert_eq!(audit(secp, &checked, &treasury.signing_key(), file.as_bytes()), Ok(()), "{name}");
            assert_eq!(audit_without_keys(secp, &checked, file.as_bytes()), Ok(()), "{name}");
        }
    }
}

#[test]
fn an_audit_finds_every_value_that_another_machine_altered() {
    for job in EACH {
        let honest = Honest::of(job);
        let auditors = Auditors::of(honest);
        let file = signed(honest);
        let altered = altered_values(&file);
        let mut fields: Vec<&str> = altered.iter().map(|(field, _)| field.as_str()).collect();
        fields.dedup();
        let all = ["version", "network", "command", "txid", "wtxid", "transaction", "amp", "signer"];
        assert_eq!(fields, all);
        for (field, altered) in &altered {
            let expected = match all.into_iter().find(|name| name == field) {
                Some("version") => Err(AuditError::Read(ReadError::Version { found: 0 })),
                // The journal's place is the signing machine's own business.
                Some("signer") => Ok(()),
                Some(field) => differs(&[field]),
                None => panic!("{field} is no field"),
            };
            assert_eq!(auditors.with_keys(altered), expected, "{job:?}: {altered}");
            assert_eq!(auditors.without(altered), expected, "{job:?}: {altered}");
        }
        let other = signed(Honest::of(if job == BURN { REISSUE } else { BURN }));
        let all = ["command", "txid", "wtxid", "transaction", "amp"];
        assert_eq!(auditors.with_keys(&other), differs(&all), "{job:?}");
        // Its signatures sign another transaction; nothing can be made of them to compare the rest with.
        assert_eq!(auditors.without(&other), differs(&["transaction"]), "{job:?}");
    }
}

#[test]
fn without_keys_too_nothing_of_the_witnesses_can_be_another() {
    for job in EACH {
        let honest = Honest::of(job);
        let auditors = Auditors::of(honest);
        let file = signed(honest);
        let refused = |altered: &str, expected: Result<(), AuditError>, what: &str| {
            assert_ne!(altered, file, "{what}");
            assert_eq!(auditors.with_keys(altered), differs(&["transaction"]), "{job:?}: {what}");
            assert_eq!(auditors.without(altered), expected, "{job:?}: {what}");
        };
        let of_script = |error| Err(AuditError::Signatures(ExtractError::Script(error)));
        let wrong = || of_script(ScriptError::Signature { index: 0 });
        let another = || differs(&["transaction"]);

        let proof = with_transaction(&file, |transaction| {
            let blinded = transaction.output.iter_mut().find(|output| !output.witness.is_empty()).unwrap();
            let mut bytes = blinded.witness.rangeproof.to_vec();
            bytes[2_000] ^= 1;
            blinded.witness.rangeproof = RangeProof::from_slice(&bytes).unwrap();
        });
        refused(&proof, another(), "a byte of a range proof");
        let value = with_transaction(&file, |transaction| {
            let fee = transaction.output.last_mut().unwrap();
            fee.value = coldamp_core::elements::confidential::Value::Explicit(1);
        });
        refused(&value, another(), "another fee");
        let fewer = with_transaction(&file, |transaction| drop(transaction.input.pop()));
        refused(&fewer, another(), "an input less");

        refused(&with_witness(&file, |items| items[0][40] ^= 1), wrong(), "a byte of a signature");
        let byte = with_witness(&file, |items| *items[0].last_mut().unwrap() = 0x01);
        refused(&byte, of_script(ScriptError::SighashByte { index: 0, found: 0x01 }), "another sighash byte");
        let swapped = with_transaction(&file, |transaction| {
            let other = transaction.input[1].witness.script_witness.to_vec()[0].clone();
            let mut items = transaction.input[0].witness.script_witness.to_vec();
            items[0] = other;
            transaction.input[0].witness.script_witness = items.into();
        });
        refused(&swapped, wrong(), "another input's signature");
        refused(&with_witness(&file, |items| items[1][5] ^= 1), another(), "a byte of a key");
        refused(&with_witness(&file, Vec::clear), another(), "no witness");
        refused(&with_witness(&file, |items| items.push(vec![1])), another(), "an item more");
        refused(&with_witness(&file, |items| items[0].clear()), another(), "an empty signature");
        refused(&with_witness(&file, |items| items[0].resize(74, 1)), another(), "a signature too long");
        let script_sig = with_transaction(&file, |transaction| {
            transaction.input[0].script_sig = coldamp_core::elements::Script::from(vec![0x51]);
        });
        refused(&script_sig, another(), "a scriptSig");
    }
}

#[test]
fn another_transaction_for_the_same_request_is_another_one_however_well_it_is_signed() {
    for job in EACH {
        let honest = Honest::of(job);
        let mut bench = Bench::new(job);
        bench.move_own(Role::PolicyChange, Branch::Internal, 99);
        let other = honest.job().sign(&serialize(&bench.pset)).to_json().unwrap();
        assert_eq!(Auditors::of(honest).without(&other), differs(&["transaction"]), "{job:?}");
    }
}

#[test]
fn a_layout_and_a_place_in_the_journal_that_no_signer_writes_are_found_by_both_audits() {
    for job in EACH {
        let honest = Honest::of(job);
        let auditors = Auditors::of(honest);
        let file = signed(honest);
        for (altered, field) in [
            (format!("{file}\n"), "layout"),
            (file.trim_end().to_owned(), "layout"),
            (file.replace('\n', "\r\n"), "amp"),
            (file.replacen("\"number\": ", "\"number\":  ", 1), "signer"),
            (file.replacen("\"number\": ", "\"more\": 0, \"number\": ", 1), "signer"),
        ] {
            assert_eq!(auditors.with_keys(&altered), differs(&[field]), "{job:?}: {altered}");
            assert_eq!(auditors.without(&altered), differs(&[field]), "{job:?}: {altered}");
        }
    }
}

#[test]
fn what_is_no_signed_file_is_told_so() {
    let honest = Honest::of(DISTRIBUTE);
    let file = signed(honest);
    let large = " ".repeat(coldamp_core::limits::MAX_SIGNED_BYTES + 1);
    assert_eq!(SignedFile::read(large.as_bytes()).err(), Some(ReadError::TooLarge { found: large.len() }));
    let newer = file.replace("\"version\": 1", "\"version\": 3");
    assert_eq!(SignedFile::read(newer.as_bytes()).err(), Some(ReadError::Version { found: 3 }));
    for wrong in [
        String::new(),
        "{}".to_owned(),
        format!("{file}{{}}"),
        file.replace("\"wtxid\"", "\"txid\""),
        file.replace("\"wtxid\"", "\"extra\": 1, \"wtxid\""),
        file[..file.len() / 2].to_owned(),
    ] {
        assert!(matches!(SignedFile::read(wrong.as_bytes()), Err(ReadError::Shape { .. })));
    }
    assert!(matches!(SignedFile::read(&[0xff; 10]), Err(ReadError::Shape { .. })));
}
