//! From the bytes of a policy file to the entries that it makes, or to a list of all that is wrong with it.

use std::collections::{BTreeMap, BTreeSet};

use coldamp_cli::Failure;
use coldamp_core::amp::request::{Command, Uuid};
use coldamp_core::elements::AssetId;
use coldamp_core::elements::hashes::sha256;
use coldamp_core::sign::review::{ApproverKey, Policy};
use toml::Spanned;

use super::faults::{Faults, not_toml, unreadable};
use super::wire::{List, Number, Wire, WirePolicy};
use super::{ALLOWED, ANY, DEFAULT, FILL_IN, NONE, REFUSED, SCHEMA, UNLIMITED};
use crate::journal::{Limits, PolicySet, outpoint, outpoint_text};

/// Bytes that a policy file may have: a contract has at most 4 KiB, and a file is for a few assets.
pub(crate) const MAX_POLICY_BYTES: usize = 64 * 1024;

/// What a policy file says.
#[derive(Debug, Default)]
pub(crate) struct PolicyFile {
    /// The policies, in the file's order.
    pub(crate) settings: Vec<Setting>,
    /// The assets whose policies go.
    pub(crate) removed: Vec<AssetId>,
    /// SHA-256 of the file: what an approver signs.
    pub(crate) sha256: [u8; 32],
}

/// One policy of a file.
#[derive(Debug)]
pub(crate) struct Setting {
    /// As it goes into the journal, but for where its budgets count from.
    pub(crate) set: PolicySet,
    /// The same, converted.
    pub(crate) policy: Policy,
    /// Whose budgets start again.
    pub(crate) renewed: BTreeSet<Command>,
}

/// Reads a file.
///
/// # Errors
/// When it is no policy file, a key is missing, doubled, unknown or not filled in, or a contract is not the asset's.
pub(crate) fn read(bytes: &[u8]) -> Result<PolicyFile, Failure> {
    let text = std::str::from_utf8(bytes).map_err(|_| unreadable("it is not UTF-8 text"))?;
    let wire: Wire = toml::from_str(text).map_err(|error| not_toml(text, &error))?;
    let mut faults = Faults::of(text);
    if wire.schema.get_ref() != SCHEMA {
        faults.add("schema", &wire.schema, wire.schema.get_ref(), &format!("\"{SCHEMA}\""));
    }
    let mut named = BTreeSet::new();
    let mut removed = Vec::new();
    for text in &wire.remove {
        match text.get_ref().parse::<AssetId>() {
            Ok(asset) if named.insert(asset) => removed.push(asset),
            Ok(_) => faults.add("remove", text, text.get_ref(), "each asset once"),
            Err(_) => faults.add("remove", text, text.get_ref(), "ids of assets, 64 hexadecimal digits each"),
        }
    }
    let mut settings = Vec::new();
    for (number, policy) in (1_usize..).zip(&wire.policy) {
        faults.enter(number, policy.asset.get_ref().parse().ok());
        if let Some(setting) = setting(policy, &mut faults)? {
            if !named.insert(setting.policy.asset) {
                let expected = "an asset that the file names once";
                faults.add("asset", &policy.asset, policy.asset.get_ref(), expected);
            }
            settings.push(setting);
        }
    }
    if settings.is_empty() && removed.is_empty() && faults.count() == 0 {
        return Err(unreadable("it sets no policy and removes none"));
    }
    faults.none()?;
    Ok(PolicyFile { settings, removed, sha256: sha256::Hash::hash(bytes).to_byte_array() })
}

/// One policy; `None` where a fault says why not.
fn setting(wire: &WirePolicy, faults: &mut Faults<'_>) -> Result<Option<Setting>, Failure> {
    let before = faults.count();
    let asset = wire.asset.get_ref().parse::<AssetId>().ok();
    if asset.is_none() {
        faults.add("asset", &wire.asset, wire.asset.get_ref(), "the asset's id, 64 hexadecimal digits");
    }
    let uuid = faults.text("uuid", &wire.uuid, ANY, "AMP's uuid of the asset in lower case", Uuid::parse);
    let prevout = faults.text("issuance_prevout", &wire.issuance_prevout, NONE, "TXID:VOUT", outpoint);
    let contract = Some(wire.contract.get_ref().as_str()).filter(|contract| *contract != NONE);
    // A prevout that cannot be read is a fault already.
    let (prevout_named, is_blank) =
        (wire.issuance_prevout.get_ref() != NONE, wire.issuance_prevout.get_ref() == FILL_IN);
    if contract == Some(FILL_IN) || (!is_blank && contract.is_some() != prevout_named) {
        let expected = "contract and issuance_prevout both given, or both \"none\"";
        faults.add("contract", &wire.contract, wire.contract.get_ref(), expected);
    }
    let limits = [
        (Command::Distribute, &wire.distribute),
        (Command::Reissue, &wire.reissue),
        (Command::Burn, &wire.burn),
    ];
    let limits: BTreeMap<String, Limits> = limits
        .into_iter()
        .map(|(command, limits)| {
            let key = |name: &str| format!("{command}.{name}");
            let units = "a number of base units";
            let limits = Limits {
                max: faults.limit(&key("max"), &limits.max, units),
                budget: faults.limit(&key("budget"), &limits.budget, units),
                budget_count: faults.limit(
                    &key("budget_count"),
                    &limits.budget_count,
                    "a number of signatures",
                ),
            };
            (command.name().to_owned(), limits)
        })
        .collect();
    let (max_fee, max_fee_rate) = fee(wire, faults);
    let mut set = PolicySet {
        asset: wire.asset.get_ref().clone(),
        contract: contract.map(str::to_owned),
        issuance_prevout: prevout.as_ref().map(outpoint_text),
        asset_uuid: uuid.as_ref().map(ToString::to_string),
        max_recipients: faults.limit("max_recipients", &wire.max_recipients, "a number of recipients"),
        max_per_recipient: faults.limit(
            "max_per_recipient",
            &wire.max_per_recipient,
            "a number of base units",
        ),
        max_fee,
        max_fee_rate,
        approvers: approvers(&wire.approvers, faults),
        forbid_unconfidential: unconfidential(&wire.unconfidential_recipients, faults),
        limits,
        ..PolicySet::default()
    };
    let renewed = renewed(&wire.renew_budgets, &set.limits, faults);
    let (Some(asset), true) = (asset, faults.count() == before) else { return Ok(None) };
    if let (Some(contract), Some(prevout)) = (contract, prevout) {
        set.contract = Some(crate::contract::prove(contract.as_bytes(), prevout, asset)?.text().to_owned());
    }
    let policy =
        set.policy(0).ok_or_else(|| Failure::internal("a policy that was read and does not convert"))?;
    Ok(Some(Setting { set, policy, renewed }))
}

/// Fee and fee rate: both by default, or one of them a number.
fn fee(wire: &WirePolicy, faults: &mut Faults<'_>) -> (Option<u64>, Option<u64>) {
    let is = |number: &Spanned<Number>, word: &str| matches!(number.get_ref(), Number::Word(found) if found == word);
    let (fee, rate) = (&wire.max_fee_sat, &wire.max_fee_sat_per_kvb);
    if is(fee, DEFAULT) && is(rate, DEFAULT) {
        return (None, None);
    }
    let read = (
        faults.limit("max_fee_sat", fee, "a number of satoshi"),
        faults.limit("max_fee_sat_per_kvb", rate, "satoshi per 1,000 virtual bytes"),
    );
    // The signer's own cap would hold, which is no limit lifted.
    if is(fee, UNLIMITED) && is(rate, UNLIMITED) {
        faults.add(
            "max_fee_sat",
            fee,
            UNLIMITED,
            "one of the two fee limits as a number, or \"default\" for both",
        );
    }
    read
}

fn unconfidential(word: &Spanned<String>, faults: &mut Faults<'_>) -> bool {
    match word.get_ref().as_str() {
        REFUSED => true,
        ALLOWED => false,
        other => {
            let expected = format!("\"{REFUSED}\" or \"{ALLOWED}\"");
            faults.add("unconfidential_recipients", word, other, &expected);
            true
        }
    }
}

/// The keys, each once. An empty list could be a forgotten one.
fn approvers(list: &Spanned<List>, faults: &mut Faults<'_>) -> Vec<String> {
    let expected = "keys that `coldamp key approver` printed, each once, or \"none\"";
    let texts = match list.get_ref() {
        List::Word(word) if word == NONE => return Vec::new(),
        List::Word(word) => {
            faults.add("approvers", list, word, expected);
            return Vec::new();
        }
        List::Texts(texts) => texts,
    };
    if texts.is_empty() {
        faults.add("approvers", list, "[]", expected);
    }
    let mut keys = BTreeSet::new();
    for text in texts {
        match text.get_ref().parse::<ApproverKey>() {
            Ok(key) if keys.insert(key) => {}
            Ok(_) | Err(_) => faults.add("approvers", text, text.get_ref(), expected),
        }
    }
    keys.iter().map(ToString::to_string).collect()
}

/// Which budgets start again. A job without a budget has none to renew, which is more likely a slip than meant.
fn renewed(
    names: &[Spanned<String>],
    limits: &BTreeMap<String, Limits>,
    faults: &mut Faults<'_>,
) -> BTreeSet<Command> {
    let mut renewed = BTreeSet::new();
    for name in names {
        let has_budget = limits
            .get(name.get_ref())
            .is_some_and(|limits| limits.budget.or(limits.budget_count.map(u64::from)).is_some());
        match Command::from_name(name.get_ref()) {
            Some(command) if has_budget && renewed.insert(command) => {}
            _ => {
                let expected = "jobs that have a budget in this file, each once";
                faults.add("renew_budgets", name, name.get_ref(), expected);
            }
        }
    }
    renewed
}
