//! What is wrong with a policy file, for whoever fills it in: in the order of the file, each with its line.

use std::collections::BTreeSet;

use coldamp_cli::toml_text::{line_of, place};
use coldamp_cli::{Exit, Failure};
use coldamp_core::elements::AssetId;
use toml::Spanned;

use super::wire::Number;
use super::{FILL_IN, UNLIMITED};

/// The hint for a file that cannot be taken.
const EVERY_KEY: &str = "Every key has to be there, once. Where there is no limit, the value is \"unlimited\". `coldamp policy template` shows and explains all keys.";

/// The hint for a template that is not filled in to its end.
const FILL_IN_ALL: &str = "Replace each FILL IN in an editor: by a number without quotation marks or commas, or by a word that the comment above the line names.";

/// Characters of a wrong value that are shown.
const SHOWN: usize = 70;

/// A file that the TOML reader refuses: what is wrong, and where. Of the file's text only the name of a key is shown, since the
/// file may be another one, by mistake or by a link, and hold words.
pub(super) fn not_toml(text: &str, error: &toml::de::Error) -> Failure {
    let place = error.span().map(|span| place(text, span.start)).unwrap_or_default();
    unreadable(&format!("{place}{}", error.message()))
}

pub(super) fn unreadable(reason: &str) -> Failure {
    Failure::new(Exit::Input, format!("cannot take the policy file: {reason}"), EVERY_KEY)
}

/// All that is wrong with the values of a file: whoever fills in a template wants one list, not one fault at a time.
pub(super) struct Faults<'a> {
    text: &'a str,
    /// The policy whose values are read; none outside of policies.
    policy: Option<PolicyName>,
    wrong: Vec<Fault>,
    /// The lines that still say FILL IN.
    blanks: BTreeSet<usize>,
}

/// How a message names one of several policies: by its asset, or by its place in the file where the asset's id is wrong.
#[derive(Clone, PartialEq, Eq)]
struct PolicyName(String);

/// A wrong value.
struct Fault {
    line: usize,
    policy: Option<PolicyName>,
    words: String,
}

impl<'a> Faults<'a> {
    /// None yet, of the file with this text.
    pub(super) fn of(text: &'a str) -> Self {
        Faults { text, policy: None, wrong: Vec::new(), blanks: BTreeSet::new() }
    }

    /// How many there are so far.
    pub(super) fn count(&self) -> usize {
        self.wrong.len().saturating_add(self.blanks.len())
    }

    /// What follows is of the policy at this place of the file, counted from 1.
    pub(super) fn enter(&mut self, number: usize, asset: Option<AssetId>) {
        let name =
            asset.map_or_else(|| format!("policy {number} of the file"), |id| format!("policy of {id}"));
        self.policy = Some(PolicyName(name));
    }

    /// A value that is wrong. One that nobody filled in is counted only.
    pub(super) fn add<T>(&mut self, key: &str, place: &Spanned<T>, found: &str, expected: &str) {
        let line = line_of(self.text, place.span().start);
        if found == FILL_IN {
            self.blanks.insert(line);
            return;
        }
        let shown: String = found.chars().take(SHOWN).collect();
        let words = format!("line {line}, {key}: found {shown:?}, expected {expected}");
        self.wrong.push(Fault { line, policy: self.policy.clone(), words });
    }

    /// The whole list as a failure.
    ///
    /// # Errors
    /// When there is anything wrong.
    pub(super) fn none(mut self) -> Result<(), Failure> {
        let blanks = match self.blanks.len() {
            0 => None,
            1 => Some(format!("line {} still says FILL IN", ranges(&self.blanks))),
            count => Some(format!("{count} lines still say FILL IN: lines {}", ranges(&self.blanks))),
        };
        let wrong = match self.wrong.len() {
            0 => None,
            1 => Some("1 value is wrong".to_owned()),
            count => Some(format!("{count} values are wrong")),
        };
        let reason: Vec<String> = wrong.into_iter().chain(blanks).collect();
        if reason.is_empty() {
            return Ok(());
        }
        let hint = if self.wrong.is_empty() { FILL_IN_ALL } else { EVERY_KEY };
        self.wrong.sort_by_key(|fault| fault.line);
        Err(unreadable(&reason.join("; ")).with_lines(lines(&self.wrong)).with_hint(hint))
    }

    /// A number, or `None` for the word that stands for no limit.
    pub(super) fn limit<T: TryFrom<u64>>(
        &mut self,
        key: &str,
        number: &Spanned<Number>,
        what: &str,
    ) -> Option<T> {
        let expected = format!("{what}, or \"{UNLIMITED}\"");
        match number.get_ref() {
            Number::Units(units) => {
                let converted = T::try_from(*units).ok();
                if converted.is_none() {
                    self.add(key, number, &units.to_string(), "at most 4294967295");
                }
                converted
            }
            Number::Word(word) if word == UNLIMITED => None,
            Number::Word(word) if !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit()) => {
                self.add(key, number, word, &format!("{expected}. Write the number without quotation marks"));
                None
            }
            Number::Word(word) => {
                self.add(key, number, word, &expected);
                None
            }
        }
    }

    /// A text that converts, or `None` for the word that stands for nothing.
    pub(super) fn text<T>(
        &mut self,
        key: &str,
        text: &Spanned<String>,
        word: &str,
        what: &str,
        convert: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        if text.get_ref() == word {
            return None;
        }
        let converted = convert(text.get_ref());
        if converted.is_none() {
            self.add(key, text, text.get_ref(), &format!("{what}, or \"{word}\""));
        }
        converted
    }
}

/// The wrong values. Where they are of several policies, each policy is named once, above its own.
fn lines(faults: &[Fault]) -> Vec<String> {
    let several = faults.iter().any(|fault| faults.first().is_some_and(|first| first.policy != fault.policy));
    let mut lines = Vec::new();
    let mut above = None;
    for fault in faults {
        if several && above != fault.policy.as_ref() {
            lines.extend(fault.policy.as_ref().map(|policy| format!("  {}:", policy.0)));
            above = fault.policy.as_ref();
        }
        lines.push(format!("  {}", fault.words));
    }
    lines
}

/// Numbers as `3, 7 to 9`.
fn ranges(numbers: &BTreeSet<usize>) -> String {
    let mut ranges: Vec<(usize, usize)> = Vec::new();
    for number in numbers {
        match ranges.last_mut() {
            Some((_, last)) if last.saturating_add(1) == *number => *last = *number,
            _ => ranges.push((*number, *number)),
        }
    }
    let words = |(first, last): (usize, usize)| match last.saturating_sub(first) {
        0 => first.to_string(),
        1 => format!("{first}, {last}"),
        _ => format!("{first} to {last}"),
    };
    ranges.into_iter().map(words).collect::<Vec<_>>().join(", ")
}
