//! Reading a descriptor: elements-miniscript reads brackets, keys and checksum, and what no treasury may be is refused by name.
//!
//! The library's own parser of whole descriptors knows every script that miniscript can express. The page would load all of it, a
//! fifth of its WASM, to refuse it. The tests compare both.

use std::fmt;
use std::str::FromStr;

use elements::bitcoin::PublicKey;
use elements_miniscript::DescriptorPublicKey;
use elements_miniscript::descriptor::Wsh;
use elements_miniscript::descriptor::checksum::desc_checksum;
use elements_miniscript::expression::{Tree, parse_num};
use elements_miniscript::{Miniscript, Segwitv0, Terminal};

use super::{CtDescriptor, DescriptorError, MasterBlindingKey, Template, TreasuryKey};
use crate::limits::MAX_QUORUM_KEYS;
use crate::network::Chain;
use crate::treasury::{Kind, SpendSize};

/// Elements' other scripts: those of BIP-380 with the prefix `el`, and covenants (elements-miniscript 0.5, src/descriptor/mod.rs).
const OTHER_SCRIPTS: [&str; 8] =
    ["elpkh", "elpk", "elmulti", "elsortedmulti", "elcovwsh", "elcombo", "eladdr", "elraw"];

/// What stands behind the blinding key.
struct Script {
    template: Template,
    keys: Vec<DescriptorPublicKey>,
}

impl CtDescriptor {
    /// Reads a descriptor, with or without checksum, hardened steps written `h`, `H` or `'`.
    ///
    /// # Errors
    /// When it is no CT descriptor, not of a single key or of k of n keys in segwit v0, not blinded by SLIP-77, or of another
    /// network. Also when a key has no origin or no `/<0;1>/*`, or is there twice.
    pub fn parse(text: &str, chain: Chain) -> Result<Self, DescriptorError> {
        if text.trim().is_empty() {
            return Err(DescriptorError::Empty);
        }
        let text = with_small_marks(without_checksum(text.trim())?);
        let tree = Tree::from_str(&text).map_err(said)?;
        let ("ct", [blinding, script]) = (tree.name, tree.args.as_slice()) else {
            return Err(unreadable("not ct() of a blinding key and a script"));
        };
        let blinding = view_key(blinding)?;
        let script = Script::read(script)?;
        // Hardened marks are the one thing that equal descriptors may write differently.
        let canonical = format!("ct(slip77({blinding}),el{script})").replace('\'', "h");
        let Script { template, keys } = script;
        let is_only = keys.len() == 1;
        let named = |position: usize| match is_only {
            true => "the key".to_owned(),
            false => format!("key {}", position.saturating_add(1)),
        };
        let keys = keys.iter().enumerate();
        let keys = keys.map(|(position, key)| TreasuryKey::read(key, &named(position), chain));
        let keys = keys.collect::<Result<Vec<_>, _>>()?;
        each_once(&keys)?;
        let spend_size = spend_size(template, &keys)?;
        Ok(CtDescriptor { canonical, template, spend_size, blinding, keys })
    }
}

/// `slip77(KEY)`.
fn view_key(tree: &Tree<'_>) -> Result<MasterBlindingKey, DescriptorError> {
    match (tree.name, tree.args.as_slice()) {
        ("slip77", [key]) if key.args.is_empty() => MasterBlindingKey::from_str(key.name)
            .map_err(|_| unreadable("the key in slip77() is not of 64 hexadecimal digits")),
        (name, []) if !name.starts_with("slip77") => Err(DescriptorError::NotSlip77),
        _ => Err(unreadable("slip77() has one argument, the key")),
    }
}

impl Script {
    /// Reads `elwpkh(…)`, `elwsh(…)` or `elsh(…)` of either.
    fn read(tree: &Tree<'_>) -> Result<Self, DescriptorError> {
        match (tree.name, tree.args.as_slice()) {
            ("elwpkh", arguments) => Self::of_key(Kind::Wpkh, arguments),
            ("elwsh", [inner]) => Self::of_quorum(Kind::Wsh, inner),
            ("elsh", [Tree { name: "wpkh", args }]) => Self::of_key(Kind::ShWpkh, args),
            ("elsh", [Tree { name: "wsh", args }]) => match args.as_slice() {
                [inner] => Self::of_quorum(Kind::ShWsh, inner),
                _ => Err(unreadable("wsh() has one argument")),
            },
            ("elsh", [_]) => Err(unsupported("elsh without wsh or wpkh")),
            ("eltr", [_, ..]) => Err(unsupported("eltr (taproot)")),
            (name, [_, ..]) if OTHER_SCRIPTS.contains(&name) => Err(unsupported(name)),
            _ => Err(unreadable("the script is not one of Elements")),
        }
    }

    fn of_key(kind: Kind, arguments: &[Tree<'_>]) -> Result<Self, DescriptorError> {
        let [key] = arguments else { return Err(unreadable("wpkh() has one argument, the key")) };
        let template = Template { kind, threshold: 1, is_sorted: false };
        Ok(Script { template, keys: vec![read_key(key)?] })
    }

    fn of_quorum(kind: Kind, inner: &Tree<'_>) -> Result<Self, DescriptorError> {
        let is_sorted = match inner.name {
            "multi" => false,
            "sortedmulti" => true,
            _ => return Err(unsupported("elwsh of another miniscript than multi")),
        };
        let [threshold, keys @ ..] = inner.args.as_slice() else {
            return Err(unreadable("multi() has a number and keys"));
        };
        if keys.len() > MAX_QUORUM_KEYS {
            return Err(DescriptorError::TooManyKeys { found: keys.len() });
        }
        let threshold: usize = match threshold.args.as_slice() {
            [] => parse_num(threshold.name).map_err(|_| unreadable("multi() begins with a number"))?,
            _ => return Err(unreadable("multi() begins with a number")),
        };
        if threshold == 0 || threshold > keys.len() {
            return Err(DescriptorError::Threshold { found: threshold, keys: keys.len() });
        }
        let keys = keys.iter().map(read_key).collect::<Result<_, _>>()?;
        Ok(Script { template: Template { kind, threshold, is_sorted }, keys })
    }
}

/// Without the prefix `el`, which only the outermost part has.
impl fmt::Display for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Template { kind, threshold, is_sorted } = self.template;
        let keys = self.keys.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
        let multi = if is_sorted { "sortedmulti" } else { "multi" };
        match kind {
            Kind::Wpkh => write!(f, "wpkh({keys})"),
            Kind::ShWpkh => write!(f, "sh(wpkh({keys}))"),
            Kind::Wsh => write!(f, "wsh({multi}({threshold},{keys}))"),
            Kind::ShWsh => write!(f, "sh(wsh({multi}({threshold},{keys})))"),
        }
    }
}

fn read_key(tree: &Tree<'_>) -> Result<DescriptorPublicKey, DescriptorError> {
    match tree.args.as_slice() {
        [] => DescriptorPublicKey::from_str(tree.name).map_err(unreadable),
        _ => Err(unreadable("a key has no arguments")),
    }
}

/// A reason never quotes the text: it holds the view key, and whoever names a wrong file gives backup words.
fn unreadable(reason: impl fmt::Display) -> DescriptorError {
    DescriptorError::Unreadable { reason: reason.to_string() }
}

/// What the library says of brackets and numbers. Its own words for all of its errors would bring the texts of every script, key and
/// address error into the page.
fn said(error: elements_miniscript::Error) -> DescriptorError {
    match error {
        elements_miniscript::Error::ExpectedChar(missing) => {
            unreadable(format_args!("a «{missing}» is missing"))
        }
        elements_miniscript::Error::Unexpected(_) => {
            unreadable("there is text where a bracket or a comma was expected")
        }
        elements_miniscript::Error::MaxRecursiveDepthExceeded => {
            unreadable("its brackets are nested too deeply")
        }
        _ => unreadable("elements-miniscript cannot read it"),
    }
}

fn unsupported(found: &str) -> DescriptorError {
    DescriptorError::ScriptTypeUnsupported { found: found.to_owned() }
}

/// The size of a script of derived keys, which all have the length of the keys that they are derived from. The library is asked
/// for public keys here as everywhere: for another type of key the page would load all that it knows of scripts once more.
fn spend_size(template: Template, keys: &[TreasuryKey]) -> Result<SpendSize, DescriptorError> {
    let Template { kind, threshold, .. } = template;
    if !kind.is_quorum() {
        return Ok(SpendSize::single_key(kind));
    }
    let keys = keys.iter().map(|key| PublicKey::new(key.xpub().public_key)).collect();
    let multi = Terminal::<_, Segwitv0>::Multi(threshold, keys);
    let satisfaction = Miniscript::from_ast(multi).and_then(Wsh::new);
    let satisfaction = satisfaction.and_then(|wsh| wsh.max_weight_to_satisfy()).map_err(said)?;
    Ok(SpendSize::quorum(kind, satisfaction))
}

/// Refuses a key that is there twice: whoever has it would sign for two. Two keys of one fingerprint come from one seed, so one
/// person holds both. PSETs and parts also name a key by its fingerprint.
fn each_once(keys: &[TreasuryKey]) -> Result<(), DescriptorError> {
    for (position, key) in keys.iter().enumerate() {
        for earlier in keys.iter().take(position) {
            if key.xpub().public_key == earlier.xpub().public_key {
                return Err(DescriptorError::KeyTwice { key: key.origin(), what: "the same public key" });
            }
            if key.fingerprint() == earlier.fingerprint() {
                return Err(DescriptorError::KeyTwice { key: key.origin(), what: "the same fingerprint" });
            }
        }
    }
    Ok(())
}

/// The descriptor without its checksum, which is verified when there is one.
fn without_checksum(text: &str) -> Result<&str, DescriptorError> {
    let Some((given, checksum)) = text.split_once('#') else { return Ok(text) };
    match desc_checksum(given) {
        Ok(computed) if computed == checksum => Ok(given),
        _ => Err(unreadable("its checksum is not that of its text")),
    }
}

/// Hardened steps of the origins written `h` instead of `H`, which BIP-380 leaves out and the library does not read, though it can
/// mean nothing else.
pub(super) fn with_small_marks(text: &str) -> String {
    let mut is_origin = false;
    let marked = text.chars().map(|character| {
        is_origin = match character {
            '[' => true,
            ']' => false,
            _ => is_origin,
        };
        if is_origin && character == 'H' { 'h' } else { character }
    });
    marked.collect()
}
