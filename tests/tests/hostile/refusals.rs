//! What policy, journal, approval and audit refuse, a row a code. The PSET is honest in all of them: what is wrong is the
//! record, the approval, or the file that comes back.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};

use coldamp_core::amp::request::{Command, Uuid};
use coldamp_core::code::Code;
use coldamp_core::pset::UnsignedPset;
use coldamp_core::sign::review::{
    Approval, ApproverSecret, History, JobLimits, JournalState, NotApproved, PastSigning, Policy,
    sign_approval,
};
use coldamp_core::units::AssetAmount;
use coldamp_online::audit::audit;
use coldamp_tests::{Desk, KEYS, RequestKind, Scenario, policy_file};
use serde_json::Value;

use super::binary;
use super::job::{BURN, DISTRIBUTE, Honest, JobName};
use super::rows_records::{
    checked, codes, judged, policy, records, reviewed, signed_before, signed_otherwise,
};

/// Some recipients of this job have unconfidential addresses.
const UNCONFIDENTIAL: JobName = (RequestKind::Distribute, "wpkh-blinded-issuance");

/// One way in which an honest PSET is refused.
struct Refusal {
    code: Code,
    what: &'static str,
    /// The codes that are found.
    found: fn() -> Vec<Code>,
}

const fn row(code: Code, what: &'static str, found: fn() -> Vec<Code>) -> Refusal {
    Refusal { code, what, found }
}

const IN_CORE: &[Refusal] = &[
    row(Code::PolicyAsset, "a policy of another asset", || {
        under(BURN, |honest| policy(honest.other_asset()))
    }),
    row(Code::PolicyMax, "more than the policy allows at once", || {
        under(BURN, |honest| limited(honest, JobLimits { max: one_unit(), ..JobLimits::default() }))
    }),
    row(Code::PolicyBudget, "more than the budget has left", || {
        under(BURN, |honest| limited(honest, JobLimits { budget: one_unit(), ..JobLimits::default() }))
    }),
    row(Code::PolicyRecipients, "more recipients than the policy allows", || {
        under(DISTRIBUTE, |honest| Policy { max_recipients: Some(1), ..policy(honest.asset()) })
    }),
    row(Code::PolicyUnconfidential, "a recipient whose amount would be public", || {
        under(UNCONFIDENTIAL, |honest| Policy { forbid_unconfidential: true, ..policy(honest.asset()) })
    }),
    row(Code::AlreadySigned, "another transaction for the same request", || {
        after(DISTRIBUTE, signed_otherwise(DISTRIBUTE))
    }),
    row(Code::VoidRevived, "the transaction that was declared void", || {
        after(DISTRIBUTE, PastSigning { declared_void: true, ..signed_before(DISTRIBUTE) })
    }),
    row(Code::OpenTwin, "an open distribution to the same holders", || {
        let mut past = signed_otherwise(DISTRIBUTE);
        past.facts.distribution = Uuid::parse("bfbd67f9-6196-49cf-a198-8ad9f06c144a");
        past.facts.request.0[0] ^= 1;
        after(DISTRIBUTE, past)
    }),
    row(Code::ApprovalCode, "the approval code of nothing", || {
        approved(&JournalState::default(), Approval::Code("0000"))
    }),
    row(Code::ApprovalMissing, "the right code where an approver has to sign", || {
        let code = checked(Honest::of(BURN)).approval_code().to_string();
        approved(&with_approver(), Approval::Code(&code))
    }),
    row(Code::ApprovalSignature, "the signature of somebody else", || {
        let honest = Honest::of(BURN);
        let signature = sign_approval(&honest.treasury.secp, &checked(honest), &approver(2));
        approved(&with_approver(), Approval::Signature(&signature, &[]))
    }),
    row(Code::RequestDiffers, "the request given has a byte more than the one inside", || {
        let honest = Honest::of(BURN);
        let pset = UnsignedPset::read(honest.text.as_bytes()).unwrap();
        let given = [honest.request.as_slice(), b"\n"].concat();
        codes(&honest.treasury.review(&pset, Some(&given)))
    }),
    row(Code::SignedDiffers, "the signed file of another job", || {
        let (honest, other) = (Honest::of(BURN), Honest::of(DISTRIBUTE));
        let signed = other.job().sign(other.text.as_bytes()).to_json().unwrap();
        let pset = UnsignedPset::read(honest.text.as_bytes()).unwrap();
        let treasury = &honest.treasury;
        let network = &treasury.network;
        let found = audit(&treasury.secp, network, &treasury.descriptor, &pset, false, signed.as_bytes());
        found.err().map(|error| error.code()).into_iter().collect()
    }),
];

/// The journal belongs to the cold machine, so these run its binary.
const IN_THE_BINARY: &[Refusal] = &[
    row(Code::Journal, "no journal", || {
        with_journal(|desk| fs::remove_file(desk.path("keystore.journal")).unwrap())
    }),
    row(Code::PolicyMac, "a limit that was raised in the journal", || {
        with_journal(|desk| {
            desk.set_policy(&policy_file(&Scenario::load("wpkh").info().asset, "burn.max=1"));
            let journal = desk.read("keystore.journal");
            let raised = journal.replace("\"max\":1,", "\"max\":1000000,");
            assert_ne!(raised, journal);
            desk.write("keystore.journal", raised);
        })
    }),
    row(Code::KeyMismatch, "the journal of other words", || {
        with_journal(|desk| {
            let other = Desk::cold(&Scenario::load("sh-wpkh"));
            desk.write("keystore.journal", other.read("keystore.journal"));
        })
    }),
    row(Code::JournalBusy, "a journal that another process holds", || {
        let desk = cold_with_pset();
        let journal = File::open(desk.path("keystore.journal")).unwrap();
        journal.lock().unwrap();
        let run = desk.run("coldamp", &format!("sign job.pset {KEYS} --approve 0 -o out.json"));
        assert_eq!((run.code, desk.has("out.json")), (3, false), "{}", run.stderr);
        Code::ALL.iter().copied().filter(|code| run.stderr.contains(&format!("\n  {code}: "))).collect()
    }),
];

#[test]
fn policy_journal_approval_and_audit_refuse_by_name() {
    for Refusal { code, what, found } in IN_CORE {
        let found = found();
        assert!(!found.is_empty() && found.iter().all(|other| other == code), "{what}: {found:?}");
    }
}

#[test]
fn a_journal_that_is_not_its_own_is_refused_by_name() {
    if !binary::is_wanted() {
        return;
    }
    for Refusal { code, what, found } in IN_THE_BINARY {
        let found = found();
        assert!(found.contains(code), "{what}: {found:?}");
    }
}

/// The codes that have a row here.
pub(crate) fn codes_with_a_row() -> BTreeSet<Code> {
    IN_CORE.iter().chain(IN_THE_BINARY).map(|refusal| refusal.code).collect()
}

fn one_unit() -> Option<AssetAmount> {
    Some(AssetAmount::from_base_units(1))
}

fn limited(honest: &Honest, limits: JobLimits) -> Policy {
    Policy { limits: BTreeMap::from([(Command::Burn, limits)]), ..policy(honest.asset()) }
}

/// What the review says under a policy.
fn under(job: JobName, policy: fn(&Honest) -> Policy) -> Vec<Code> {
    let honest = Honest::of(job);
    codes(&reviewed(honest, &records(policy(honest))))
}

/// What the review says after an earlier signing.
fn after(job: JobName, past: PastSigning) -> Vec<Code> {
    let history = History { signings: vec![past], earlier_unknown: false };
    codes(&reviewed(Honest::of(job), &JournalState { history: Some(history), ..JournalState::default() }))
}

fn approver(seed: u8) -> ApproverSecret {
    ApproverSecret::from_seed(&Honest::of(BURN).treasury.secp, &[seed; 64]).unwrap()
}

/// A policy that names one approver.
fn with_approver() -> JournalState {
    let approvers = BTreeSet::from([approver(1).public_key()]);
    records(Policy { approvers, ..policy(Honest::of(BURN).asset()) })
}

/// What an approval of the burn is refused for.
fn approved(records: &JournalState, approval: Approval<'_>) -> Vec<Code> {
    let honest = Honest::of(BURN);
    match judged(honest, records).approve(&honest.treasury.secp, approval) {
        Err(NotApproved::Refused { mismatches, .. }) => {
            mismatches.iter().map(|mismatch| mismatch.code).collect()
        }
        other => panic!("{other:?}"),
    }
}

fn cold_with_pset() -> Desk {
    let desk = Desk::cold(&Scenario::load("wpkh"));
    desk.write("job.pset", &Honest::of(BURN).text);
    desk
}

/// What `coldamp review` says of an honest PSET once the journal was altered.
fn with_journal(alter: fn(&Desk)) -> Vec<Code> {
    let desk = cold_with_pset();
    alter(&desk);
    let run = desk.run("coldamp", &format!("review job.pset {KEYS} --json"));
    assert_eq!(run.code, 3, "{}", run.stderr);
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    assert!(report["approval"].is_null(), "{report}");
    let named: Vec<&str> =
        report["mismatches"].as_array().unwrap().iter().map(|rule| rule["code"].as_str().unwrap()).collect();
    Code::ALL.iter().copied().filter(|code| named.contains(&code.as_str())).collect()
}
