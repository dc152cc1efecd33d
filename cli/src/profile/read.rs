//! From the bytes of a profile to its values, or to a list of all that is wrong with it. No value is quoted: it may be a secret in
//! the wrong place.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use coldamp_core::amp::request::Uuid;
use coldamp_core::code::{Code, Hints};
use coldamp_core::elements::{OutPoint, Txid};
use coldamp_core::network::Chain;
use toml::Spanned;

use super::name::{SHAPE, ShortName};
use super::wire::{Text, Wire, WireAsset};
use super::{ChainSource, Profile, ProfileAsset, SCHEMA, home};
use crate::failure::Failure;
use crate::screen::printable_path;
use crate::toml_text::{line_of, place};

/// The longest address of a server.
const MAX_ADDRESS: usize = 2_000;

/// The most requests a second, as of `--esplora-rate`.
const MAX_RATE: i64 = 1_000;

const PATH: &str = "an absolute path, or one that begins with ~/";
const ADDRESS: &str = "an address https://HOST/PATH or http://HOST/PATH, without ? and #";
const HEX: &str = "64 hexadecimal digits";

/// Reads a profile.
pub(super) fn read(bytes: &[u8], path: &Path, hints: &Hints) -> Result<Profile, Failure> {
    let unreadable = |reason: &str| {
        let message = format!("the profile {}: {reason}", printable_path(path));
        Failure::coded(Code::Profile, message, hints)
    };
    let text = std::str::from_utf8(bytes).map_err(|_| unreadable("it is not UTF-8 text"))?;
    let wire: Wire = toml::from_str(text).map_err(|error| {
        let place = error.span().map(|span| place(text, span.start)).unwrap_or_default();
        unreadable(&format!("{place}{}", without_values(error.message())))
    })?;
    let mut faults = Faults { text, wrong: Vec::new() };
    let profile = faults.profile(&wire, path);
    match faults.wrong.len() {
        0 => Ok(profile),
        count => {
            let values = if count == 1 { "1 value is" } else { &format!("{count} values are") };
            faults.wrong.sort();
            let lines = faults.wrong.into_iter().map(|(line, words)| format!("  line {line}, {words}"));
            Err(unreadable(&format!("{values} wrong")).with_lines(lines.collect()))
        }
    }
}

/// The words of the TOML reader, where they name keys only.
fn without_values(message: &str) -> &str {
    match message.starts_with("invalid type") || message.starts_with("invalid value") {
        true => "found a value of another type",
        false => message,
    }
}

/// What is wrong so far, each with its line.
struct Faults<'a> {
    text: &'a str,
    wrong: Vec<(usize, String)>,
}

impl Faults<'_> {
    fn profile(&mut self, wire: &Wire, path: &Path) -> Profile {
        if wire.schema.get_ref() != SCHEMA {
            self.add("schema", &wire.schema, &format!("\"{SCHEMA}\""));
        }
        let network = self.value("network", &wire.network, "liquid, liquid-testnet or regtest");
        let policy_asset = self.value("policy_asset", &wire.policy_asset, HEX);
        if let Some(asset) = wire.policy_asset.as_ref().filter(|_| network != Some(Chain::Regtest)) {
            self.add("policy_asset", asset, "this key only with network = \"regtest\"");
        }
        Profile {
            path: path.to_owned(),
            network,
            policy_asset,
            descriptor: self.path("descriptor", &wire.descriptor),
            source: self.source(wire),
            amp: self.address("amp", &wire.amp),
            amp_credentials: self.path("amp_credentials", &wire.amp_credentials),
            state: self.path("state", &wire.state),
            jobs: self.path("jobs", &wire.jobs),
            keystore: self.path("keystore", &wire.keystore),
            assets: self.assets(&wire.assets),
        }
    }

    /// A value that is wrong.
    fn add<T>(&mut self, key: &str, place: &Spanned<T>, expected: &str) {
        self.wrong.push((line_of(self.text, place.span().start), format!("{key}: expected {expected}")));
    }

    fn converted<T>(
        &mut self,
        key: &str,
        text: &Option<Text>,
        expected: &str,
        convert: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let text = text.as_ref()?;
        let converted = convert(text.get_ref());
        if converted.is_none() {
            self.add(key, text, expected);
        }
        converted
    }

    fn value<T: FromStr>(&mut self, key: &str, text: &Option<Text>, expected: &str) -> Option<T> {
        self.converted(key, text, expected, |text| text.parse().ok())
    }

    fn path(&mut self, key: &str, text: &Option<Text>) -> Option<PathBuf> {
        self.converted(key, text, PATH, absolute)
    }

    fn address(&mut self, key: &str, text: &Option<Text>) -> Option<String> {
        self.converted(key, text, ADDRESS, |text| is_address(text).then(|| text.to_owned()))
    }

    /// The chain source, and that nothing is named that belongs to another one.
    fn source(&mut self, wire: &Wire) -> Option<ChainSource> {
        let esplora = self.address("esplora", &wire.esplora);
        let node = self.address("node", &wire.node);
        let credentials = self.path("esplora_credentials", &wire.esplora_credentials);
        let cookie = self.path("node_cookie", &wire.node_cookie);
        let rate = wire.esplora_rate.as_ref().and_then(|rate| {
            let number = *rate.get_ref();
            let known = (1..=MAX_RATE).contains(&number).then(|| u32::try_from(number).ok()).flatten();
            if known.is_none() {
                self.add("esplora_rate", rate, "a number from 1 to 1000");
            }
            known
        });
        if let (Some(_), Some(node)) = (&wire.esplora, &wire.node) {
            self.add("node", node, "esplora or node, not both");
        }
        if wire.esplora.is_none() {
            if let Some(file) = &wire.esplora_credentials {
                self.add("esplora_credentials", file, "this key only beside esplora");
            }
            if let Some(rate) = &wire.esplora_rate {
                self.add("esplora_rate", rate, "this key only beside esplora");
            }
        }
        if let (None, Some(file)) = (&wire.node, &wire.node_cookie) {
            self.add("node_cookie", file, "this key only beside node");
        }
        match (esplora, node) {
            (Some(root), _) => Some(ChainSource::Esplora { root, rate, credentials }),
            (None, Some(url)) => Some(ChainSource::Node { url, cookie }),
            (None, None) => None,
        }
    }

    fn assets(&mut self, wire: &BTreeMap<String, WireAsset>) -> BTreeMap<ShortName, ProfileAsset> {
        let mut assets: BTreeMap<ShortName, ProfileAsset> = BTreeMap::new();
        for (name, asset) in wire {
            let short = ShortName::parse(name);
            if short.is_none() {
                self.add("the short name of an asset", &asset.uuid, SHAPE);
            }
            let key = |key: &str| format!("{} of an asset", key);
            let id = self.value(&key("id"), &asset.id, HEX);
            let contract = self.path(&key("contract"), &asset.contract);
            let issuance_prevout =
                self.converted(&key("issuance_prevout"), &asset.issuance_prevout, "TXID:VOUT", outpoint);
            let Some(uuid) = Uuid::parse(asset.uuid.get_ref()) else {
                self.add(&key("uuid"), &asset.uuid, "AMP's uuid of the asset in lower case");
                continue;
            };
            // Two names of one asset: one of them is of another asset, by a slip.
            if assets.values().any(|other| other.uuid == uuid || (id.is_some() && other.id == id)) {
                self.add(&key("uuid"), &asset.uuid, "each uuid and each id once");
            }
            if let Some(short) = short {
                assets.insert(short, ProfileAsset { uuid, id, contract, issuance_prevout });
            }
        }
        assets
    }
}

/// A path that means the same wherever a command is run.
fn absolute(text: &str) -> Option<PathBuf> {
    let path = expanded(text)?;
    let is_plain = !text.chars().any(char::is_control);
    (path.is_absolute() && is_plain).then_some(path)
}

/// A path with the home folder in place of `~/`. `None` where no home folder is known.
pub fn expanded(text: &str) -> Option<PathBuf> {
    match text.strip_prefix("~/") {
        Some(rest) if !rest.is_empty() => home().map(|home| home.join(rest)),
        _ => Some(PathBuf::from(text)),
    }
}

fn is_address(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let is_usual = |byte: u8| byte.is_ascii_graphic() && !b"?#\\\"@".contains(&byte);
    text.len() <= MAX_ADDRESS
        && rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/') && rest.bytes().all(is_usual))
}

/// Reads `TXID:VOUT`. `None` for any other text.
pub fn outpoint(text: &str) -> Option<OutPoint> {
    let (txid, vout) = text.split_once(':')?;
    let is_number = !vout.is_empty() && vout.bytes().all(|byte| byte.is_ascii_digit());
    let vout = Some(vout).filter(|_| is_number)?.parse().ok()?;
    Some(OutPoint { txid: Txid::from_str(txid).ok()?, vout })
}

#[cfg(test)]
mod tests;
