//! What policy, history and approval say, in core, of PSETs that agree with request and descriptor, and that an approval
//! counts only for what it was given for (docs/rules.md#policy-limits, docs/rules.md#same-request,
//! docs/rules.md#approval-code). `records` runs the same through the binary.

use std::collections::{BTreeMap, BTreeSet};

use coldamp_core::amp::request::{Command, Uuid};
use coldamp_core::code::Code;
use coldamp_core::elements::AssetId;
use coldamp_core::sign::review::{
    Approval, ApprovedBy, ApproverSecret, ApproverSignature, AssetKnowledge, CheckedPset, FeeCap, History,
    JobLimits, JournalState, JudgedPset, NotApproved, PastSigning, Policy, Review, ReviewOptions, Role,
    sign_approval,
};
use coldamp_core::sign::{Recorded, SignError, sign};
use coldamp_core::signed::{JournalPosition, Signers};
use coldamp_core::treasury::Branch;
use coldamp_core::units::{AssetAmount, Satoshi};

use super::bench::Bench;
use super::job::{BURN, DISTRIBUTE, EACH, Honest, JobName, REISSUE};

pub(crate) fn policy(asset: AssetId) -> Policy {
    Policy {
        number: 0,
        counted_from: BTreeMap::new(),
        asset,
        proof: AssetKnowledge::Unproven,
        asset_uuid: None,
        limits: BTreeMap::new(),
        max_recipients: None,
        max_per_recipient: None,
        fee_cap: FeeCap::default(),
        approvers: BTreeSet::new(),
        forbid_unconfidential: false,
    }
}

pub(crate) fn records(policy: Policy) -> JournalState {
    JournalState { policies: vec![policy], history: Some(History::default()), ..JournalState::default() }
}

pub(crate) fn reviewed(honest: &Honest, records: &JournalState) -> Review {
    honest.job().review_under(honest.text.as_bytes(), records)
}

pub(crate) fn checked(honest: &Honest) -> CheckedPset {
    reviewed(honest, &JournalState::default()).checked().unwrap().clone()
}

/// The honest job with the verdict of these records.
pub(crate) fn judged(honest: &Honest, records: &JournalState) -> JudgedPset {
    reviewed(honest, records).into_judged().unwrap()
}

pub(crate) fn codes(review: &Review) -> Vec<Code> {
    review.mismatches.iter().map(|mismatch| mismatch.code).collect()
}

/// What approving by its own code says under these records.
fn approved(job: JobName, records: &JournalState) -> Vec<Code> {
    let honest = Honest::of(job);
    let judged = judged(honest, records);
    let code = judged.checked().approval_code().to_string();
    match judged.approve(&honest.treasury.secp, Approval::Code(&code)) {
        Ok(approved) => {
            assert_eq!(approved.by(), &ApprovedBy::Code);
            Vec::new()
        }
        Err(NotApproved::Refused { mismatches, .. }) => {
            mismatches.iter().map(|mismatch| mismatch.code).collect()
        }
        Err(other) => panic!("{other}"),
    }
}

/// A signing of the honest job as the journal would hold it.
pub(crate) fn signed_before(job: JobName) -> PastSigning {
    let honest = Honest::of(job);
    let judged = judged(honest, &JournalState::default());
    let code = judged.checked().approval_code().to_string();
    let secp = &honest.treasury.secp;
    let approved = judged.approve(secp, Approval::Code(&code)).unwrap();
    let signed = sign(secp, approved, &honest.treasury.signing_key()).unwrap();
    PastSigning { number: 1, declared_void: false, facts: signed.facts().clone() }
}

/// The same request signed as another transaction of other coins.
pub(crate) fn signed_otherwise(job: JobName) -> PastSigning {
    let mut past = signed_before(job);
    past.facts.content.0[0] ^= 1;
    for input in &mut past.facts.inputs {
        input.vout += 1_000;
    }
    past
}

#[test]
fn policy_and_history_stand_in_the_review_and_withhold_the_approval_code() {
    for job in EACH {
        let honest = Honest::of(job);
        let command = Command::from_name(job.0.name()).unwrap();
        let tight = JobLimits { max: Some(AssetAmount::from_base_units(1)), ..JobLimits::default() };
        let tight = Policy { limits: BTreeMap::from([(command, tight)]), ..policy(honest.asset()) };
        let history = History { signings: vec![signed_otherwise(job)], earlier_unknown: false };
        for (records, code) in [
            (records(tight), Code::PolicyMax),
            (records(policy(honest.other_asset())), Code::PolicyAsset),
            (
                JournalState { policies: Vec::new(), history: Some(history), ..JournalState::default() },
                Code::AlreadySigned,
            ),
        ] {
            let review = reviewed(honest, &records);
            assert_eq!(codes(&review), [code], "{job:?}");
            assert_eq!(review.approval_code(), None, "{job:?}");
            // It still agrees with its request, and the right code still does not approve it.
            assert!(review.checked().is_some() && review.request().is_some(), "{job:?}");
            assert_eq!(approved(job, &records), [code], "{job:?}");
        }
        let review = reviewed(honest, &records(policy(honest.asset())));
        let expected = review.checked().map(|checked| checked.approval_code());
        assert_eq!((codes(&review), review.approval_code()), (vec![], expected), "{job:?}");
        assert_eq!(approved(job, &records(policy(honest.asset()))), [], "{job:?}");
    }
}

#[test]
fn policy_and_history_are_named_beside_every_other_rule_that_fails() {
    let honest = Honest::of(DISTRIBUTE);
    let mut bench = Bench::new(DISTRIBUTE);
    *bench.amount(Role::Recipient(0)) += 1;
    *bench.amount(Role::AssetChange) -= 1;
    let history = History { signings: vec![signed_otherwise(DISTRIBUTE)], earlier_unknown: true };
    let records = JournalState {
        policies: vec![policy(honest.other_asset())],
        history: Some(history),
        ..JournalState::default()
    };
    let file = coldamp_core::elements::encode::serialize(&bench.pset);
    let review = honest.job().review_under(&file, &records);
    assert_eq!(codes(&review), [Code::AmountMismatch, Code::PolicyAsset, Code::AlreadySigned]);
    assert!(review.checked().is_none() && review.approval_code().is_none());
    assert_eq!(review.open.len(), 1);
    let warned: Vec<Code> = review.warnings.iter().map(|warning| warning.code).collect();
    assert!(warned.contains(&Code::EarlierUnknown) && !warned.contains(&Code::NoJournal));
}

/// Nothing against a transaction is known where no journal is, and that is said.
#[test]
fn a_transaction_that_others_signed_is_combined_without_a_journal_under_a_warning() {
    let checked = checked(Honest::of(DISTRIBUTE));
    let codes = |state: &JournalState| -> Vec<Code> {
        state.judge_combined(&checked).warnings.iter().map(|warning| warning.code).collect()
    };
    assert_eq!(codes(&JournalState::default()), [Code::NoJournal]);
    let empty = History { signings: Vec::new(), earlier_unknown: false };
    assert_eq!(codes(&JournalState { history: Some(empty), ..JournalState::default() }), []);
}

#[test]
fn a_parent_that_was_signed_here_is_listed_as_what_must_confirm_first() {
    let honest = Honest::of(DISTRIBUTE);
    let mut past = signed_otherwise(BURN);
    past.facts.txid = checked(honest).content().inputs[0].outpoint.txid;
    let history = History { signings: vec![past], earlier_unknown: false };
    let review = reviewed(honest, &JournalState { history: Some(history), ..JournalState::default() });
    assert_eq!((codes(&review), review.after.len(), review.open.len()), (vec![], 1, 0));
}

#[test]
fn a_policys_fee_cap_holds_in_review_and_in_the_finished_transaction() {
    for job in EACH {
        let honest = Honest::of(job);
        let fee = checked(honest).fee();
        let cap = |sat| Policy {
            fee_cap: FeeCap { absolute: Some(Satoshi::from_sat(sat)), rate: None },
            ..policy(honest.asset())
        };
        assert_eq!(codes(&reviewed(honest, &records(cap(fee.sat())))), []);
        assert_eq!(codes(&reviewed(honest, &records(cap(fee.sat() - 1)))), [Code::FeeTooHigh]);
        // A fee above the default cap, which the policy allows, goes all the way.
        let mut bench = Bench::new(job);
        bench.fee = 20_000;
        bench.settle();
        let file = coldamp_core::elements::encode::serialize(&bench.pset);
        assert_eq!(codes(&honest.job().review(&file)), [Code::FeeTooHigh]);
        let records = records(cap(20_000));
        let review = honest.job().review_under(&file, &records);
        let judged = review.into_judged().unwrap();
        assert_eq!(judged.checked().fee_cap(), records.policies[0].fee_cap);
        let code = judged.checked().approval_code().to_string();
        let secp = &honest.treasury.secp;
        let approved = judged.approve(secp, Approval::Code(&code)).unwrap();
        let signed = sign(secp, approved, &honest.treasury.signing_key()).unwrap();
        assert_eq!(signed.facts().fee, Satoshi::from_sat(20_000));
    }
}

#[test]
fn what_a_policy_proves_of_the_asset_needs_no_proof_in_the_pset() {
    let honest = Honest::of(BURN);
    let mut bench = Bench::new(BURN);
    bench.pset.global.proprietary.remove(&coldamp_core::pset::entropy_key());
    let file = coldamp_core::elements::encode::serialize(&bench.pset);
    let warned = |records: &JournalState| {
        let review = honest.job().review_under(&file, records);
        review.warnings.iter().any(|warning| warning.code == Code::MayBeToken)
    };
    assert!(warned(&records(policy(honest.asset()))));
    let proof = AssetKnowledge::Entropy(coldamp_core::treasury::IssuanceIds::from_entropy(honest.entropy()));
    assert!(!warned(&records(Policy { proof, ..policy(honest.asset()) })));
}

/// A journal of one signing, which pays ourselves at this index.
fn paid_at(index: Option<u32>) -> JournalState {
    let mut past = signed_otherwise(REISSUE);
    past.facts.own_index = index;
    let history = History { signings: vec![past], earlier_unknown: false };
    JournalState { history: Some(history), ..JournalState::default() }
}

/// The same, and a second signing that spends it.
fn spent_at(index: u32) -> JournalState {
    let mut records = paid_at(Some(index));
    let mut later = signed_otherwise(REISSUE);
    later.facts.own_index = None;
    let history = records.history.as_mut().unwrap();
    later.facts.inputs[0].txid = history.signings[0].facts.txid;
    history.signings.push(later);
    records
}

#[test]
fn an_own_output_may_lie_as_far_above_what_is_known_to_be_used_as_above_the_inputs() {
    let honest = Honest::of(DISTRIBUTE);
    let limit = honest.highest_allowed_index();
    let word = JournalState { used_up_to: Some(600), ..paid_at(Some(300)) };
    let refused = (&[Code::ChangePath][..], 0);
    let audit = ReviewOptions { is_audit: true, ..ReviewOptions::default() };
    let signing = ReviewOptions::default();
    for (index, records, options, (codes_expected, warned_expected)) in [
        (limit, paid_at(None), signing, (&[][..], 0)),
        (limit + 1, paid_at(None), signing, refused),
        // A later signing, or a coin that goes in, spends what was signed: it was sent.
        (limit + 1, spent_at(300), signing, (&[], 0)),
        (500, spent_at(300), signing, (&[], 0)),
        (501, spent_at(300), signing, refused),
        (800, word.clone(), signing, (&[], 0)),
        (801, word, signing, refused),
        (20_000, spent_at(19_900), signing, (&[], 0)),
        (20_001, spent_at(19_900), signing, refused),
        // Nothing spends it: it may never have been sent, and the preparer may want change ever further out.
        (limit + 1, paid_at(Some(300)), signing, (&[], 1)),
        (500, paid_at(Some(300)), signing, (&[], 1)),
        (501, paid_at(Some(300)), signing, refused),
        (20_000, paid_at(Some(19_900)), signing, (&[], 1)),
        (20_001, paid_at(Some(19_900)), signing, refused),
        // No journal, or one that is only asked about another machine's signature: a warning, and no refusal.
        (501, JournalState::default(), signing, (&[], 1)),
        (501, paid_at(None), audit, (&[], 1)),
        (20_001, JournalState::default(), signing, refused),
        (20_001, paid_at(None), audit, refused),
    ] {
        let mut bench = Bench::new(DISTRIBUTE);
        bench.move_own(Role::PolicyChange, Branch::Internal, index);
        let file = coldamp_core::elements::encode::serialize(&bench.pset);
        let review = honest.job().review_with(&file, &records, options);
        assert_eq!(codes(&review), codes_expected, "{index}");
        let warned = far_away(&review);
        assert_eq!(warned.len(), warned_expected, "{index}: {warned:?}");
        assert!(warned.iter().all(|message| message.contains(&format!("at path 1/{index}"))), "{warned:?}");
    }
}

/// The messages of FAR_INDEX.
fn far_away(review: &Review) -> Vec<&str> {
    let warnings = review.warnings.iter().filter(|warning| warning.code == Code::FarIndex);
    warnings.map(|warning| warning.message.as_str()).collect()
}

#[test]
fn a_coin_far_out_is_spent_and_named_and_lifts_no_limit() {
    let honest = Honest::of(DISTRIBUTE);
    let reviewed = |bench: &Bench, records: &JournalState| {
        let file = coldamp_core::elements::encode::serialize(&bench.pset);
        honest.job().review_under(&file, records)
    };
    for (branch, index, far) in [
        (Branch::External, 19_999, true),
        (Branch::Internal, 20_000, true),
        (Branch::Internal, 401, true),
        (Branch::Internal, 200, false),
    ] {
        let mut bench = Bench::new(DISTRIBUTE);
        let dust = bench.spend_dust(branch, index);
        bench.settle();
        let review = reviewed(&bench, &paid_at(None));
        assert_eq!(codes(&review), [], "{index}");
        assert!(review.approval_code().is_some());
        let warned = far_away(&review);
        assert_eq!(warned.len(), usize::from(far), "{index}");
        let named = format!("{}:{index}, at path {}/{index}", dust.txid, branch.number());
        assert!(warned.iter().all(|message| message.contains(&named)), "{warned:?}");
    }
    // A coin within sight lifts the limit once, and the next one does not lift it again.
    let with_dust = |dust: &[u32], change: u32| {
        let mut bench = Bench::new(DISTRIBUTE);
        for index in dust {
            bench.spend_dust(Branch::Internal, *index);
        }
        bench.settle();
        bench.move_own(Role::PolicyChange, Branch::Internal, change);
        codes(&reviewed(&bench, &paid_at(None)))
    };
    assert_eq!(with_dust(&[200], 400), []);
    assert_eq!(with_dust(&[200], 401), [Code::ChangePath]);
    assert_eq!(with_dust(&[200, 400], 401), [Code::ChangePath]);
    // Many of them do not bury what else there is to know.
    let mut bench = Bench::new(DISTRIBUTE);
    for index in 1_000..1_040 {
        bench.spend_dust(Branch::Internal, index);
    }
    bench.settle();
    let review = reviewed(&bench, &paid_at(None));
    let warned = far_away(&review);
    assert_eq!((codes(&review), warned.len()), (vec![], 5));
    assert!(warned[4].ends_with("(and 35 more like this)"), "{}", warned[4]);
}

#[test]
fn what_a_signing_pays_ourselves_is_remembered_and_not_what_it_spends() {
    let honest = Honest::of(DISTRIBUTE);
    let mut bench = Bench::new(DISTRIBUTE);
    bench.spend_dust(Branch::External, 19_999);
    bench.settle();
    bench.move_own(Role::PolicyChange, Branch::Internal, 77);
    let file = coldamp_core::elements::encode::serialize(&bench.pset);
    let judged = honest.job().review_under(&file, &paid_at(None)).into_judged().unwrap();
    let (secp, code) = (&honest.treasury.secp, judged.checked().approval_code().to_string());
    let txid = judged.checked().txid();
    let approved = judged.approve(secp, Approval::Code(&code)).unwrap();
    let signed = sign(secp, approved, &honest.treasury.signing_key()).unwrap();
    assert_eq!((signed.facts().own_index, signed.facts().txid), (Some(77), txid));
}

#[test]
fn a_signature_approves_one_transaction_for_one_policy() {
    let (honest, other) = (Honest::of(DISTRIBUTE), Honest::of(BURN));
    let secp = &honest.treasury.secp;
    let key = ApproverSecret::from_seed(secp, &[1; 64]).unwrap();
    let stranger = ApproverSecret::from_seed(secp, &[2; 64]).unwrap();
    assert_ne!(key.public_key(), stranger.public_key());
    let named = records(Policy { approvers: BTreeSet::from([key.public_key()]), ..policy(honest.asset()) });
    let good = sign_approval(secp, &checked(honest), &key);
    let approve = |records: &JournalState, approval: Approval<'_>| match judged(honest, records)
        .approve(secp, approval)
    {
        Ok(approved) => Ok(approved.by().clone()),
        Err(NotApproved::Refused { mismatches, .. }) => {
            Err(mismatches.iter().map(|mismatch| mismatch.code).collect::<Vec<_>>())
        }
        Err(other) => panic!("{other}"),
    };
    assert_eq!(approve(&named, Approval::Signature(&good, &[])), Ok(ApprovedBy::Approver(key.public_key())));
    let of_stranger = sign_approval(secp, &checked(honest), &stranger);
    let under_his_name = ApproverSignature { key: key.public_key(), ..of_stranger };
    for forged in [of_stranger, under_his_name, sign_approval(secp, &checked(other), &key)] {
        let refused = approve(&named, Approval::Signature(&forged, &[]));
        assert_eq!(refused, Err(vec![Code::ApprovalSignature]));
    }
    for nobody in [records(policy(honest.asset())), JournalState::default()] {
        assert_eq!(approve(&nobody, Approval::Signature(&good, &[])), Err(vec![Code::ApprovalSignature]));
    }
    // Where somebody is named, neither code nor typing will do.
    let code = checked(honest).approval_code().to_string();
    assert_eq!(approve(&named, Approval::Code(&code)), Err(vec![Code::ApprovalMissing]));
    let answers = answers(honest, &named);
    assert_eq!(approve(&named, Approval::Typed(&answers)), Err(vec![Code::ApprovalMissing]));
    assert_eq!(approve(&JournalState::default(), Approval::Code("0")), Err(vec![Code::ApprovalCode]));
}

#[test]
fn a_wrong_code_is_shown_without_what_could_draw_on_the_screen() {
    let honest = Honest::of(DISTRIBUTE);
    let code = format!("a-Z9 \u{1b}[2J\n{}", "x".repeat(60));
    let judged = judged(honest, &JournalState::default());
    let refused = judged.approve(&honest.treasury.secp, Approval::Code(&code)).unwrap_err();
    let NotApproved::Refused { mismatches, .. } = refused else { panic!("{refused}") };
    let shown = format!("the code a-Z92J{} of 68 characters, expected", "x".repeat(42));
    assert!(mismatches[0].message.contains(&shown), "{}", mismatches[0].message);
}

/// The right answers, worked out from the request.
fn answers(honest: &Honest, records: &JournalState) -> Vec<String> {
    let request = honest.job().request();
    let asset = request.asset.to_string();
    let pinned = records.policy(request.asset).and_then(|policy| policy.proof.contract());
    vec![
        request.total().to_string(),
        pinned.and_then(|contract| contract.ticker()).unwrap_or(&asset[56..]).to_owned(),
    ]
}

#[test]
fn typed_answers_approve_when_every_one_is_right() {
    let honest = Honest::of(DISTRIBUTE);
    let secp = &honest.treasury.secp;
    let none = JournalState::default();
    let approve = |records: &JournalState, answers: &[String]| {
        judged(honest, records).approve(secp, Approval::Typed(answers))
    };
    let right = answers(honest, &none);
    assert_eq!(judged(honest, &none).questions().len(), right.len());
    assert_eq!(approve(&none, &right).unwrap().by(), &ApprovedBy::Typed);
    for wrong in [
        vec![],
        vec![right[0].clone()],
        vec![right[1].clone(), right[0].clone()],
        vec![format!("{}0", right[0]), right[1].clone()],
        vec![right[0].clone(), right[1][1..].to_owned()],
        vec![String::new(), String::new()],
    ] {
        assert!(matches!(approve(&none, &wrong), Err(NotApproved::Declined { .. })), "{wrong:?}");
    }

    // An open distribution to the same holders is lifted by its uuid, and by nothing else.
    let mut past = signed_otherwise(DISTRIBUTE);
    let uuid = "bfbd67f9-6196-49cf-a198-8ad9f06c144a";
    past.facts.distribution = Uuid::parse(uuid);
    past.facts.request.0[0] ^= 1;
    let history = History { signings: vec![past], earlier_unknown: false };
    let records = JournalState { policies: Vec::new(), history: Some(history), ..JournalState::default() };
    assert_eq!(codes(&reviewed(honest, &records)), [Code::OpenTwin]);
    assert_eq!(approved(DISTRIBUTE, &records), [Code::OpenTwin]);
    assert!(matches!(approve(&records, &right), Err(NotApproved::Declined { .. })));
    let with_uuid = [right.clone(), vec![uuid.to_owned()]].concat();
    let approved_despite = approve(&records, &with_uuid).unwrap();
    assert_eq!(approved_despite.by(), &ApprovedBy::Typed);
    assert_eq!(approved_despite.despite(), [Uuid::parse(uuid).unwrap()]);
    // Typing lifts no other rule.
    let mut again = records.clone();
    again.history.as_mut().unwrap().signings.push(signed_otherwise(DISTRIBUTE));
    match approve(&again, &with_uuid) {
        Err(NotApproved::Refused { mismatches, .. }) => {
            let found: Vec<Code> = mismatches.iter().map(|mismatch| mismatch.code).collect();
            assert_eq!(found, [Code::AlreadySigned]);
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_was_signed_leaves_only_under_the_entry_of_its_own_transaction() {
    let honest = Honest::of(DISTRIBUTE);
    let secp = &honest.treasury.secp;
    let signed = || {
        let judged = judged(honest, &JournalState::default());
        let code = judged.checked().approval_code().to_string();
        let approved = judged.approve(secp, Approval::Code(&code)).unwrap();
        sign(secp, approved, &honest.treasury.signing_key()).unwrap()
    };
    let txid = signed().facts().txid;
    let position = JournalPosition { id: [3; 16], number: 7, head: [9; 32] };
    let file = signed().release(Recorded::on_disk(txid, position)).unwrap();
    assert_eq!((file.txid(), file.signers()), (txid, &Signers::One(position)));
    let other = Honest::of(BURN).job().sign(Honest::of(BURN).text.as_bytes()).txid();
    let refused = signed().release(Recorded::on_disk(other, position)).unwrap_err();
    assert_eq!(refused, SignError::Recorded { found: other, expected: txid });
}
