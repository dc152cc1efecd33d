//! A PSET none of whose inputs belongs to the treasury. Most often the operator named the wrong file. Each rule that fails
//! then accuses the preparing machine, so the likely cause comes first, and the rules in short.

use std::collections::BTreeSet;

use coldamp_cli::{Exit, Failure};
use coldamp_core::code::Code;
use coldamp_core::listed::listed;
use coldamp_core::network::Chain;
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
    /// The fingerprints of its keys.
    pub(in crate::commands) fingerprints: BTreeSet<String>,
    /// Its network.
    pub(in crate::commands) chain: Chain,
    /// Whether it is known whose treasury it is. Without the journal it is not known whether one is registered.
    pub(in crate::commands) is_treasury_known: bool,
}

impl Expected {
    /// Whether the PSET is of a treasury of several keys of which this keystore has one, and which was never registered here.
    fn is_unregistered(&self, claimed: &BTreeSet<String>) -> bool {
        let is_shared = claimed.iter().any(|fingerprint| self.fingerprints.contains(fingerprint));
        let is_own_alone = self.is_treasury_known && self.fingerprints.len() == 1;
        is_shared && is_own_alone && claimed.len() > 1 && self.argument == "--keystore"
    }

    /// The likely cause, by the fingerprints that the PSET names.
    fn cause(&self, claimed: &BTreeSet<String>) -> String {
        let Expected { argument, fingerprints, .. } = self;
        let is_shared = claimed.iter().any(|fingerprint| fingerprints.contains(fingerprint));
        match (is_shared, claimed.len(), fingerprints.len()) {
            (_, 2.., _) if !self.is_treasury_known => {
                "The journal cannot be read, and it alone says whether this keystore signs for a treasury of several keys.".to_owned()
            }
            (false, ..) => format!("Probably {argument} names the wrong file."),
            _ if self.is_unregistered(claimed) => {
                "The PSET is of a treasury of several keys, and this keystore has one of them. Register the descriptor with `coldamp key register`.".to_owned()
            }
            (true, 0 | 1, 1) => format!(
                "The words are the same, the kind of script or the network is not: {argument} names the wrong file."
            ),
            (true, ..) => format!(
                "The PSET names some of the same keys and is of another treasury: {argument} names the wrong file."
            ),
        }
    }
}

/// That no input belongs to the treasury, with the fingerprints of both.
pub(in crate::commands) struct Foreign {
    text: String,
    is_unregistered: bool,
}

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
        let Expected { name, fingerprints, chain, .. } = expected;
        let own = match fingerprints.len() {
            1 => format!("fingerprint {}", listed(fingerprints)),
            _ => format!("fingerprints {}", listed(fingerprints)),
        };
        let cause = expected.cause(&claimed);
        let text = format!("{none} to {name} ({own} on {chain}). The PSET names {named}. {cause}");
        Some(Foreign { text, is_unregistered: expected.is_unregistered(&claimed) })
    }

    /// The sentences.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The refusal: the sentences, and each rule that failed with its places.
    pub(super) fn refusal(&self, review: &Review) -> Failure {
        let hint = match self.is_unregistered {
            true => {
                "Nothing was signed. Run `coldamp key register treasury.descriptor --keystore FILE`, compare what it shows with the other signers, and run this command again."
            }
            false => {
                "Nothing was signed. Name the right file. If it is the right one, do not sign: this PSET spends no coin of the treasury."
            }
        };
        Failure::new(Exit::Refused, self.text.trim_end_matches('.'), hint)
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
