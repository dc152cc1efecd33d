//! `coldamp policy add`: sets the rules for an asset, in place of earlier ones; budgets start anew.

use std::collections::BTreeMap;

use coldamp_core::Secp;
use coldamp_core::amp::request::Command;
use coldamp_core::sign::review::{Records, review};
use coldamp_core::treasury::{MAX_CONTRACT_FILE_BYTES, ProvenContract};

use crate::args::PolicyAddArguments;
use crate::commands::review::{input, read_pset};
use crate::commands::unlock::{lock_journal, unlock};
use crate::contract;
use crate::entropy::blinded_secp;
use crate::error::{Exit, Failure};
use crate::journal::{Entry, Limits, PolicySet, outpoint, outpoint_text};
use crate::keystore::OpenedKeystore;
use crate::screen;

/// Writes the policy's entry, and says what it proves.
///
/// # Errors
/// When an argument cannot be meant, the contract is not the asset's, or the entry cannot be written.
pub(super) fn run(arguments: &PolicyAddArguments) -> Result<(), Failure> {
    let proven = proven(arguments)?;
    let asset = arguments.asset;
    let set = PolicySet {
        asset: asset.to_string(),
        contract: proven.as_ref().map(|contract| contract.text().to_owned()),
        issuance_prevout: proven.as_ref().map(|contract| outpoint_text(&contract.prevout())),
        asset_uuid: arguments.uuid.clone(),
        limits: limits(arguments)?,
        max_recipients: arguments.max_recipients,
        max_per_recipient: arguments.max_per_recipient,
        max_fee: arguments.max_fee,
        max_fee_rate: arguments.max_fee_rate,
        approvers: arguments.approver.clone(),
        forbid_unconfidential: arguments.forbid_unconfidential,
    };
    let secp = blinded_secp()?;
    let keystore = unlock(&secp, &arguments.keystore)?;
    let own = keystore.approver(&secp).map_err(Failure::internal)?.public_key().to_string();
    if set.approvers.contains(&own) {
        return Err(usage("--approver names this very keystore, which is no second person"));
    }
    let holds = evidence(&secp, arguments, &keystore, proven.as_ref())?;
    let mut journal = lock_journal(&arguments.keystore.keystore, &keystore)?;
    // What is written must be read back as a policy, or nothing could be signed any more.
    let Some(policy) = set.policy(0) else {
        return Err(usage("--uuid is no uuid, or --approver no key that `coldamp key approver` printed"));
    };
    let position = journal.append(Entry::PolicySet(Box::new(set)))?;
    match policy.proof.contract() {
        Some(contract) => {
            screen::say(&format!(
                "proven       {} ({}) of {}, precision {}",
                contract.ticker().unwrap_or("no ticker"),
                contract.name(),
                contract.domain(),
                contract.precision().decimals()
            ));
            screen::say(&format!("token        {}, if issued explicit", contract.ids().explicit_token));
            screen::say(&format!("token        {}, if issued blinded", contract.ids().blinded_token));
            screen::say(holds);
        }
        None => screen::say("no contract: the id is pinned, ticker and precision are not proven"),
    }
    screen::say(&format!("entry {}: the policy for {asset}; budgets start anew", position.number));
    Ok(())
}

/// The contract, proven to be the asset's by its bytes as they stand.
fn proven(arguments: &PolicyAddArguments) -> Result<Option<ProvenContract>, Failure> {
    let (Some(path), Some(prevout)) = (&arguments.contract, &arguments.issuance_prevout) else {
        return Ok(None);
    };
    let prevout = outpoint(prevout).ok_or_else(|| usage("--issuance-prevout: expected TXID:VOUT"))?;
    let bytes = input(path, MAX_CONTRACT_FILE_BYTES, "contract")?;
    contract::prove(&bytes, prevout, arguments.asset).map(Some)
}

/// Whether a coin of the treasury is the asset's token: who holds it is who may issue, which no stranger's asset of the
/// same ticker can imitate.
fn evidence(
    secp: &Secp,
    arguments: &PolicyAddArguments,
    keystore: &OpenedKeystore,
    proven: Option<&ProvenContract>,
) -> Result<&'static str, Failure> {
    let Some(path) = &arguments.evidence else {
        return Ok(
            "not looked for: whether this treasury holds the token; --evidence takes an unsigned reissue",
        );
    };
    let (_, pset) = read_pset(path)?;
    let review = review(secp, keystore.network(), keystore.descriptor(), &pset, None, &Records::default());
    let mut coins = review.effects.inputs.iter().filter_map(|input| input.secrets.as_ref());
    let is_token = |asset| proven.is_some_and(|contract| contract.ids().kind_of_token(asset).is_some());
    Ok(if coins.any(|coin| is_token(coin.asset)) {
        "a coin of this treasury is its reissuance token: strong evidence that the asset is your own"
    } else {
        "NO coin of that PSET is its reissuance token: make sure that the asset is your own"
    })
}

fn usage(message: impl Into<String>) -> Failure {
    Failure::new(Exit::Usage, message, "`coldamp policy add --help` lists what can be set")
}

/// The limits of each command, from `JOB=NUMBER`.
fn limits(arguments: &PolicyAddArguments) -> Result<BTreeMap<String, Limits>, Failure> {
    let mut limits: BTreeMap<String, Limits> = BTreeMap::new();
    for text in &arguments.max {
        let (command, number) = of_command("--max", text)?;
        set_once(&mut limits.entry(command).or_default().max, number, "--max")?;
    }
    for text in &arguments.budget {
        let (command, number) = of_command("--budget", text)?;
        set_once(&mut limits.entry(command).or_default().budget, number, "--budget")?;
    }
    for text in &arguments.budget_count {
        let (command, number) = of_command("--budget-count", text)?;
        let number = u32::try_from(number).map_err(|_| usage("--budget-count: a number below 2^32"))?;
        set_once(&mut limits.entry(command).or_default().budget_count, number, "--budget-count")?;
    }
    Ok(limits)
}

fn of_command(flag: &str, text: &str) -> Result<(String, u64), Failure> {
    let read = || {
        let (command, number) = text.split_once('=')?;
        // `parse` alone would take a leading `+`.
        let digits = number.bytes().all(|byte| byte.is_ascii_digit());
        let number = number.parse().ok().filter(|_| digits)?;
        Some((Command::from_name(command)?.name().to_owned(), number))
    };
    read().ok_or_else(|| {
        usage(format!(
            "{flag}: found {text}, expected distribute, reissue or burn, then = and a whole number"
        ))
    })
}

/// Two numbers for one limit contradict each other.
fn set_once<T>(slot: &mut Option<T>, number: T, flag: &str) -> Result<(), Failure> {
    match slot.replace(number) {
        None => Ok(()),
        Some(_) => Err(usage(format!("{flag} is given twice for one job"))),
    }
}
