//! From the bytes of a policy file to the entries that it stands for, or to a list of all that is wrong with it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use coldamp_cli::{Exit, Failure};
use coldamp_core::amp::request::{Command, Uuid};
use coldamp_core::elements::AssetId;
use coldamp_core::elements::hashes::sha256;
use coldamp_core::sign::review::{ApproverKey, Policy};
use serde::Deserialize;
use serde::de::{Deserializer, Error, SeqAccess, Visitor};

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

/// A number, or a word in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Number {
    Units(u64),
    Word(String),
}

/// A list, or a word in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
enum List {
    Texts(Vec<String>),
    Word(String),
}

/// The file as it is written. No key has a default.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire {
    schema: String,
    remove: Vec<String>,
    /// Only this may be absent, in a file that removes policies and sets none.
    #[serde(default)]
    policy: Vec<WirePolicy>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WirePolicy {
    asset: String,
    uuid: String,
    contract: String,
    issuance_prevout: String,
    approvers: List,
    unconfidential_recipients: String,
    max_recipients: Number,
    max_per_recipient: Number,
    max_fee_sat: Number,
    max_fee_sat_per_kvb: Number,
    renew_budgets: Vec<String>,
    distribute: WireLimits,
    reissue: WireLimits,
    burn: WireLimits,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WireLimits {
    max: Number,
    budget: Number,
    budget_count: Number,
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl Visitor<'_> for Reader {
            type Value = Number;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a whole number, or a word in quotes that says that there is no limit")
            }

            fn visit_i64<E: Error>(self, number: i64) -> Result<Number, E> {
                let number = u64::try_from(number).map_err(|_| E::custom("a limit cannot be negative"))?;
                Ok(Number::Units(number))
            }

            fn visit_str<E: Error>(self, word: &str) -> Result<Number, E> {
                Ok(Number::Word(word.to_owned()))
            }
        }
        deserializer.deserialize_any(Reader)
    }
}

impl<'de> Deserialize<'de> for List {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = List;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of keys in quotes, or \"none\"")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<List, A::Error> {
                let mut texts = Vec::new();
                while let Some(text) = items.next_element()? {
                    texts.push(text);
                }
                Ok(List::Texts(texts))
            }

            fn visit_str<E: Error>(self, word: &str) -> Result<List, E> {
                Ok(List::Word(word.to_owned()))
            }
        }
        deserializer.deserialize_any(Reader)
    }
}

/// Reads a file.
///
/// # Errors
/// When it is no policy file, a key is missing, doubled, unknown or not filled in, or a contract is not the asset's.
pub(crate) fn read(bytes: &[u8]) -> Result<PolicyFile, Failure> {
    let text = std::str::from_utf8(bytes).map_err(|_| unreadable("it is no UTF-8 text"))?;
    let wire: Wire = toml::from_str(text).map_err(|error| not_toml(text, &error))?;
    let mut faults = Faults::default();
    if wire.schema != SCHEMA {
        faults.add("schema", &wire.schema, &format!("\"{SCHEMA}\""));
    }
    let mut named = BTreeSet::new();
    let mut removed = Vec::new();
    for text in &wire.remove {
        match text.parse::<AssetId>() {
            Ok(asset) if named.insert(asset) => removed.push(asset),
            Ok(_) => faults.add("remove", text, "each asset once"),
            Err(_) => faults.add("remove", text, "ids of assets, 64 hexadecimal digits each"),
        }
    }
    let mut settings = Vec::new();
    for policy in &wire.policy {
        faults.asset = policy.asset.parse().ok();
        if let Some(setting) = setting(policy, &mut faults)? {
            if !named.insert(setting.policy.asset) {
                faults.add("asset", &policy.asset, "an asset that the file names once");
            }
            settings.push(setting);
        }
    }
    if settings.is_empty() && removed.is_empty() && faults.lines.is_empty() {
        return Err(unreadable("it sets no policy and removes none"));
    }
    faults.none()?;
    Ok(PolicyFile { settings, removed, sha256: sha256::Hash::hash(bytes).to_byte_array() })
}

/// A file that the TOML reader refuses: what is wrong, and where. Of the file's text only the name of a key is shown, since the
/// file may be another one, by mistake or by a link, and hold words.
fn not_toml(text: &str, error: &toml::de::Error) -> Failure {
    let place = error.span().map(|span| place(text, span.start)).unwrap_or_default();
    unreadable(&format!("{place}{}", error.message()))
}

/// `line 9, column 10, key remove: `, of a byte of the file.
fn place(text: &str, byte: usize) -> String {
    let before = text.get(..byte).unwrap_or_default();
    let line = before.matches('\n').count();
    let start = before.rfind('\n').map_or(0, |end| end.saturating_add(1));
    let column = before.get(start..).unwrap_or_default().chars().count().saturating_add(1);
    let key = text.lines().nth(line).and_then(|line| line.split_once('=')).map(|(key, _)| key.trim());
    let is_name = |key: &&str| !key.is_empty() && key.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    let key = key.filter(is_name).map(|key| format!(", key {key}")).unwrap_or_default();
    format!("line {}, column {column}{key}: ", line.saturating_add(1))
}

fn unreadable(reason: &str) -> Failure {
    Failure::new(
        Exit::Input,
        format!("cannot take the policy file: {reason}"),
        "every key has to be there, once; what has no limit is written out as \"unlimited\"; `coldamp policy template` shows and explains all of them",
    )
}

/// All that is wrong with the values of a file: whoever fills in a template wants one list, not one fault at a time.
#[derive(Default)]
struct Faults {
    /// The asset whose policy is read; none outside of policies, and where its id is none.
    asset: Option<AssetId>,
    lines: Vec<String>,
}

impl Faults {
    fn add(&mut self, key: &str, found: &str, expected: &str) {
        let shown: String = found.chars().take(70).collect();
        let policy = self.asset.map(|asset| format!(" (policy of {asset})")).unwrap_or_default();
        self.lines.push(format!("{key}: found {shown:?}, expected {expected}{policy}"));
    }

    fn none(&self) -> Result<(), Failure> {
        if self.lines.is_empty() {
            return Ok(());
        }
        let lines = self.lines.iter().map(|line| format!("  {line}")).collect();
        Err(unreadable("invalid values:").with_lines(lines))
    }

    /// A number, or `None` for the word that stands for no limit.
    fn limit<T: TryFrom<u64>>(&mut self, key: &str, number: &Number, what: &str) -> Option<T> {
        let expected = format!("{what}, or \"{UNLIMITED}\"");
        match number {
            Number::Units(units) => {
                let number = T::try_from(*units).ok();
                if number.is_none() {
                    self.add(key, &units.to_string(), "a number below 2^32");
                }
                number
            }
            Number::Word(word) if word == UNLIMITED => None,
            Number::Word(word) => {
                self.add(key, word, &expected);
                None
            }
        }
    }

    /// A text that converts, or `None` for the word that stands for nothing.
    fn text<T>(
        &mut self,
        key: &str,
        text: &str,
        word: &str,
        what: &str,
        convert: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        if text == word {
            return None;
        }
        let converted = convert(text);
        if converted.is_none() {
            self.add(key, text, &format!("{what}, or \"{word}\""));
        }
        converted
    }
}

/// One policy; `None` where a fault says why not.
fn setting(wire: &WirePolicy, faults: &mut Faults) -> Result<Option<Setting>, Failure> {
    let before = faults.lines.len();
    let asset = wire.asset.parse::<AssetId>().ok();
    if asset.is_none() {
        faults.add("asset", &wire.asset, "the asset's id, 64 hexadecimal digits");
    }
    let uuid = faults.text("uuid", &wire.uuid, ANY, "AMP's uuid of the asset in lower case", Uuid::parse);
    let prevout = faults.text("issuance_prevout", &wire.issuance_prevout, NONE, "TXID:VOUT", outpoint);
    let contract = (wire.contract != NONE).then_some(wire.contract.as_str());
    // What cannot be read is a fault already.
    let prevout_named = wire.issuance_prevout != NONE;
    if contract == Some(FILL_IN) {
        faults.add("contract", FILL_IN, "the contract's bytes, or \"none\"");
    } else if contract.is_some() != prevout_named {
        let expected = "contract and issuance_prevout both given, or both \"none\"";
        faults.add("contract", &wire.contract, expected);
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
        asset: wire.asset.clone(),
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
    let (Some(asset), true) = (asset, faults.lines.len() == before) else { return Ok(None) };
    if let (Some(contract), Some(prevout)) = (contract, prevout) {
        set.contract = Some(crate::contract::prove(contract.as_bytes(), prevout, asset)?.text().to_owned());
    }
    let policy =
        set.policy(0).ok_or_else(|| Failure::internal("a policy that was read and does not convert"))?;
    Ok(Some(Setting { set, policy, renewed }))
}

/// Fee and fee rate: both by default, or one of them a number.
fn fee(wire: &WirePolicy, faults: &mut Faults) -> (Option<u64>, Option<u64>) {
    let is = |number: &Number, word: &str| matches!(number, Number::Word(found) if found == word);
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
            UNLIMITED,
            "one of the two fee limits as a number, or \"default\" for both",
        );
    }
    read
}

fn unconfidential(word: &str, faults: &mut Faults) -> bool {
    match word {
        REFUSED => true,
        ALLOWED => false,
        other => {
            let expected = format!("\"{REFUSED}\" or \"{ALLOWED}\"");
            faults.add("unconfidential_recipients", other, &expected);
            true
        }
    }
}

/// The keys, each once. An empty list could be a forgotten one.
fn approvers(list: &List, faults: &mut Faults) -> Vec<String> {
    let expected = "keys that `coldamp key approver` printed, each once, or \"none\"";
    let texts = match list {
        List::Word(word) if word == NONE => return Vec::new(),
        List::Word(word) => {
            faults.add("approvers", word, expected);
            return Vec::new();
        }
        List::Texts(texts) => texts,
    };
    if texts.is_empty() {
        faults.add("approvers", "[]", expected);
    }
    let mut keys = BTreeSet::new();
    for text in texts {
        match text.parse::<ApproverKey>() {
            Ok(key) if keys.insert(key) => {}
            Ok(_) | Err(_) => faults.add("approvers", text, expected),
        }
    }
    keys.iter().map(ToString::to_string).collect()
}

/// Which budgets start again. A job without a budget has none to renew, which is more likely a slip than meant.
fn renewed(names: &[String], limits: &BTreeMap<String, Limits>, faults: &mut Faults) -> BTreeSet<Command> {
    let mut renewed = BTreeSet::new();
    for name in names {
        let has_budget = limits
            .get(name)
            .is_some_and(|limits| limits.budget.or(limits.budget_count.map(u64::from)).is_some());
        match Command::from_name(name) {
            Some(command) if has_budget && renewed.insert(command) => {}
            _ => faults.add("renew_budgets", name, "jobs that have a budget in this file, each once"),
        }
    }
    renewed
}
