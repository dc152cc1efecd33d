//! `coldamp policy apply` and `policy remove`: a change of policy, shown, approved, and only then an entry of the journal.
//!
//! What makes a rule weaker takes a person at a terminal, and where the policy in force names approvers, a signature of
//! one of them for this file and this state. Nothing that runs by itself can do either.

use std::collections::BTreeSet;

use coldamp_cli::{Exit, Failure, screen};
use coldamp_core::Secp;
use coldamp_core::code::Code;
use coldamp_core::elements::hashes::sha256;
use coldamp_core::sign::review::{
    ApproverKey, ApproverSignature, AssetChange, JournalState, PolicyApprovalHash, PolicyChangeDigests,
    ReviewOptions, review,
};

use super::change::{approve_by_hash, ask, planned, show, show_rules};
use super::export::{in_force, read_file};
use crate::args::{PolicyApplyArguments, PolicyRemoveArguments};
use crate::commands::review::read_pset;
use crate::commands::say_next;
use crate::commands::unlock::{lock_journal, treasury, unlock};
use crate::entropy::{blinded_secp, blinded_secp_with};
use crate::journal::{Entry, Journal, PolicyRemoved};
use crate::keystore::OpenedKeystore;
use crate::policy_approval::{self, PolicyApproval};
use crate::policy_file::{self, PolicyFile, Setting};
use crate::refusal;

/// Puts a file in force.
///
/// # Errors
/// When the file cannot be read or a weakening is not approved; nothing is changed then. When an entry cannot be written: the
/// entries before it are printed and in force, stricter rules first.
pub(super) fn run(arguments: &PolicyApplyArguments) -> Result<(), Failure> {
    let file = read_file(&arguments.file)?;
    let approvals = arguments.approval.iter().map(|path| policy_approval::read(path));
    let approvals: Vec<PolicyApproval> = approvals.collect::<Result<_, _>>()?;
    let secp = blinded_secp_with(arguments.threads.threads())?;
    let keystore = unlock(&secp, &arguments.keystore)?;
    refuse_own_key_as_approver(&secp, &keystore, &file)?;
    let journal = lock_journal(arguments.keystore.path()?, &keystore)?;
    let descriptor = treasury(&keystore, &journal)?;
    let evidence = arguments.evidence.as_deref().map(read_pset).transpose()?;
    let reviewed = evidence.map(|(_, pset)| {
        let (journal, options) = (JournalState::default(), ReviewOptions::default());
        review(&secp, keystore.network(), &descriptor, &pset, &journal, options)
    });
    for setting in &file.settings {
        say_proof(setting);
        if let Some(review) = &reviewed {
            let coins = review.effects().inputs.iter().filter_map(|input| input.secrets.as_ref());
            screen::say(held(setting, coins.map(|coin| coin.asset)));
        }
    }
    let sha256 = arguments.approve_sha256.as_deref();
    put_in_force(&secp, &keystore, journal, file, show, &ApprovalInput { sha256, approvals: &approvals })
}

/// Removes the policy of an asset.
///
/// # Errors
/// As [`run`].
pub(super) fn remove(arguments: &PolicyRemoveArguments) -> Result<(), Failure> {
    let file = policy_file::read(policy_file::removal(arguments.asset).as_bytes())?;
    let secp = blinded_secp()?;
    let keystore = unlock(&secp, &arguments.keystore)?;
    let journal = lock_journal(arguments.keystore.path()?, &keystore)?;
    // Nobody has a file of which the SHA-256 could be compared.
    put_in_force(&secp, &keystore, journal, file, show_rules, &ApprovalInput { sha256: None, approvals: &[] })
}

/// What approves the change, besides the person at the terminal.
struct ApprovalInput<'a> {
    /// SHA-256 of the policy file, from `--approve-sha256`.
    sha256: Option<&'a str>,
    /// The approvers' files.
    approvals: &'a [PolicyApproval],
}

fn put_in_force(
    secp: &Secp,
    keystore: &OpenedKeystore,
    mut journal: Journal,
    mut file: PolicyFile,
    show: fn(&PolicyFile, &[AssetChange], &JournalState),
    input: &ApprovalInput<'_>,
) -> Result<(), Failure> {
    let state = journal.state()?;
    let changes = planned(&mut file, &state)?;
    show(&file, &changes, &state);
    if changes.iter().all(AssetChange::is_nothing) {
        screen::say("This policy is in force already. Nothing was written.");
        return Ok(());
    }
    let text = in_force(keystore, &journal, None)?;
    let change = PolicyChangeDigests {
        in_force: sha256::Hash::hash(text.as_bytes()).to_byte_array(),
        file: file.sha256,
    };
    let descriptor = treasury(keystore, &journal)?;
    let hash = PolicyApprovalHash::of(&descriptor, keystore.network(), change);
    let approved_by = approved(secp, &hash, change, &changes, input)?;

    let is_nothing = |asset| changes.iter().any(|change| change.asset == asset && change.is_nothing());
    let mut settings: Vec<_> =
        file.settings.into_iter().filter(|setting| !is_nothing(setting.policy.asset)).collect();
    // An entry for each asset: a power cut in between must not leave only what was made weaker.
    settings.sort_by_key(|setting| {
        changes.iter().any(|change| change.asset == setting.policy.asset && change.weaker().next().is_some())
    });
    for setting in settings {
        let asset = setting.policy.asset;
        let mut set = setting.set;
        set.approved_by = approved_by.clone();
        let position = journal.append(Entry::PolicySet(Box::new(set)))?;
        screen::say(&format!("entry {}: the policy for {asset} is in force", position.number));
    }
    for asset in file.removed {
        let removed = PolicyRemoved { asset: asset.to_string(), approved_by: approved_by.clone() };
        let position = journal.append(Entry::PolicyRemoved(removed))?;
        screen::say(&format!("entry {}: no policy for {asset} from now on", position.number));
    }
    say_next([
        "Write down the number of the last entry.",
        "Make a new backup with `coldamp backup`.",
        "Export the policies with `coldamp policy export`, and keep that file with the backup.",
    ]);
    Ok(())
}

/// How it was approved, for the journal.
///
/// # Errors
/// When it was not.
fn approved(
    secp: &Secp,
    hash: &PolicyApprovalHash,
    change: PolicyChangeDigests,
    changes: &[AssetChange],
    input: &ApprovalInput<'_>,
) -> Result<Vec<String>, Failure> {
    let weaker: Vec<&AssetChange> =
        changes.iter().filter(|change| change.weaker().next().is_some()).collect();
    let mut signed = approvers(secp, hash, change, &weaker, input.approvals)?;
    let by_hand = match input.sha256 {
        Some(_) if !weaker.is_empty() => Err(refusal::of(
            Code::PolicyWeaker,
            "this file weakens rules, and --approve-sha256 cannot approve that",
        )),
        Some(given) => approve_by_hash(&change.file, given).map(|()| "sha256"),
        None => {
            let hint = match weaker.is_empty() {
                true => "Run it at a terminal, or give the SHA-256 of the file with --approve-sha256.",
                false => "Run it at a terminal: a change that weakens a rule is approved only there.",
            };
            ask(changes, hint).map(|()| "typed")
        }
    }?;
    signed.insert(0, by_hand.to_owned());
    Ok(signed)
}

/// Holds what becomes weaker against the signatures of those whom the policies in force name, and says whose counted.
fn approvers(
    secp: &Secp,
    hash: &PolicyApprovalHash,
    change: PolicyChangeDigests,
    weaker: &[&AssetChange],
    approvals: &[PolicyApproval],
) -> Result<Vec<String>, Failure> {
    let signatures: Vec<ApproverSignature> = approvals.iter().map(|approval| approval.signature).collect();
    let demanded: Vec<&BTreeSet<ApproverKey>> = weaker.iter().flat_map(|change| &change.approvers).collect();
    let Some(missing) = demanded.iter().find(|keys| !hash.is_signed(secp, keys, &signatures)) else {
        let named: BTreeSet<ApproverKey> = demanded.into_iter().flatten().copied().collect();
        let counted =
            named.into_iter().filter(|key| hash.is_signed(secp, &BTreeSet::from([*key]), &signatures));
        return Ok(counted.map(|key| key.to_string()).collect());
    };
    let keys: Vec<String> = missing.iter().map(ToString::to_string).collect();
    let expected = format!("the signature of an approver in force for this change: {}", keys.join(" or "));
    let hint = "Take the output of `coldamp policy export` on this machine and the new file to the approver, who runs `coldamp approve --policy NEW.toml --in-force EXPORT.toml`. Then give the result with --approval. To remove a policy with approval, apply a file that names the asset in `remove`.";
    let (code, found) = match approvals {
        [] => (Code::ApprovalMissing, "none"),
        [first, ..] => (Code::ApprovalSignature, first.other(change)),
    };
    Err(Failure::new(Exit::Refused, format!("found {found}, expected {expected}"), hint).with_code(code))
}

/// Refuses a policy that names this keystore's own key as approver: the signer is not a second person.
///
/// # Errors
/// When a policy names this very keystore.
pub(crate) fn refuse_own_key_as_approver(
    secp: &Secp,
    keystore: &OpenedKeystore,
    file: &PolicyFile,
) -> Result<(), Failure> {
    let own = keystore.approver(secp).map_err(Failure::internal)?.public_key();
    if file.settings.iter().any(|setting| setting.policy.approvers.contains(&own)) {
        return Err(Failure::new(
            Exit::Refused,
            "the policy names this keystore's own key as approver",
            "An approver makes a keystore of their own with `coldamp key new`. `coldamp key approver` prints its key.",
        )
        .with_code(Code::ApprovalSignature));
    }
    Ok(())
}

/// What the contract in the file proves.
fn say_proof(setting: &Setting) {
    let Some(contract) = setting.policy.proof.contract() else {
        return screen::say(
            "No contract is given: the asset id is fixed, but ticker and precision are not proven.",
        );
    };
    screen::say(&format!("contract     {}", super::contract(&setting.policy)));
    for (token, how) in [
        (contract.ids().explicit_token, "the reissuance token, if issued explicit"),
        (contract.ids().blinded_token, "the reissuance token, if issued blinded"),
    ] {
        screen::say(&format!("token        {token}"));
        screen::say(&format!("             {how}"));
    }
}

/// Whether a coin of the treasury is the asset's token: who holds it is who may issue, which no stranger's asset of the
/// same ticker can imitate.
fn held(setting: &Setting, mut coins: impl Iterator<Item = coldamp_core::elements::AssetId>) -> &'static str {
    let ids = setting.policy.proof.ids();
    match coins.any(|asset| ids.is_some_and(|ids| ids.kind_of_token(asset).is_some())) {
        true => {
            "A coin of this treasury is the asset's reissuance token: strong evidence that the asset is your own."
        }
        false => {
            "NO coin of that PSET is the asset's reissuance token: make sure that the asset is your own."
        }
    }
}
