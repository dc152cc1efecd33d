//! A PSET none of whose inputs belongs to the treasury. Most often the operator named the wrong file. Each rule that fails
//! then accuses the preparing machine, so the likely cause comes first, and the rules in short.

use std::collections::BTreeSet;

use coldamp_cli::{Exit, Failure};
use coldamp_core::code::Code;
use coldamp_core::listed::listed;
use coldamp_core::pset::UnsignedPset;
use coldamp_core::sign::review::{Mismatch, Review};

/// How the message of a rule begins that an input or output broke.
const PLACES: [&str; 3] = ["input ", "output ", "fee output"];

/// Whose PSET was expected.
pub(in crate::commands) struct Expected {
    /// How a sentence calls it, for example "this keystore".
    pub(in crate::commands) name: &'static str,
    /// The argument that names its file.
    pub(in crate::commands) argument: &'static str,
    /// The fingerprint of its keys, and its network.
    pub(in crate::commands) keys: String,
}

/// That no input belongs to the treasury, with both fingerprints.
pub(in crate::commands) struct Foreign(String);

impl Foreign {
    /// `None` if an input belongs to the treasury, or there is no input.
    pub(in crate::commands) fn of(review: &Review, pset: &UnsignedPset, expected: &Expected) -> Option<Self> {
        let inputs = &review.effects().inputs;
        if inputs.is_empty() || inputs.iter().any(|input| input.own.is_some()) {
            return None;
        }
        let claimed = pset.inputs.iter().flat_map(|input| input.derivations.values());
        let claimed: BTreeSet<String> = claimed.map(|(fingerprint, _)| fingerprint.to_string()).collect();
        let named = match claimed.len() {
            0 => "no fingerprint".to_owned(),
            1 => format!("fingerprint {}", listed(&claimed)),
            _ => format!("fingerprints {}", listed(&claimed)),
        };
        let none = match inputs.len() {
            1 => "The input does not belong".to_owned(),
            count => format!("None of the {count} inputs belongs"),
        };
        let Expected { name, argument, keys } = expected;
        let is_same = claimed.first().is_some_and(|only| keys.starts_with(only.as_str()));
        let cause = match claimed.len() {
            1 if is_same => {
                format!("The words are the same, the kind of script or the network is not: {argument} names the wrong file.")
            }
            0 | 1 => format!("Probably {argument} names the wrong file."),
            _ => {
                "A PSET with several fingerprints is of a treasury of several keys. This version of coldamp cannot sign for one."
                    .to_owned()
            }
        };
        Some(Foreign(format!("{none} to {name} (fingerprint {keys}). The PSET names {named}. {cause}")))
    }

    /// The sentences.
    pub(super) fn text(&self) -> &str {
        &self.0
    }

    /// The refusal: the sentences, and each rule that failed with its places.
    pub(super) fn refusal(&self, review: &Review) -> Failure {
        let hint = "Nothing was signed. Name the right file. If it is the right one, do not sign: this PSET spends no coin of the treasury.";
        Failure::new(Exit::Refused, self.0.trim_end_matches('.'), hint)
            .with_lines(in_short(&review.mismatches))
    }
}

/// Each rule that an input or output broke on a line, with where it failed. What else is wrong, for example with the journal, does
/// not follow from the wrong file and is told whole.
fn in_short(mismatches: &[Mismatch]) -> Vec<String> {
    let is_of_place = |mismatch: &&Mismatch| PLACES.iter().any(|place| mismatch.message.starts_with(place));
    let (mismatches, others): (Vec<&Mismatch>, Vec<&Mismatch>) = mismatches.iter().partition(is_of_place);
    let codes = mismatches.iter().map(|mismatch| mismatch.code).collect::<BTreeSet<Code>>();
    let line = |code: Code| {
        let failed = mismatches.iter().filter(|mismatch| mismatch.code == code);
        let places = failed.map(|mismatch| mismatch.message.split_once(": ").map_or("", |(place, _)| place));
        format!("  {code}: {}", listed(places))
    };
    let whole = others.into_iter().map(|mismatch| format!("  {mismatch}"));
    codes.into_iter().map(line).chain(whole).collect()
}
