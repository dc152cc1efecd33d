//! What is wrong with a policy file, for whoever fills it in.

use coldamp_cli::{Exit, Failure};
use coldamp_core::elements::AssetId;

use super::UNLIMITED;
use super::wire::Number;

/// A file that the TOML reader refuses: what is wrong, and where. Of the file's text only the name of a key is shown, since the
/// file may be another one, by mistake or by a link, and hold words.
pub(super) fn not_toml(text: &str, error: &toml::de::Error) -> Failure {
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

pub(super) fn unreadable(reason: &str) -> Failure {
    Failure::new(
        Exit::Input,
        format!("cannot take the policy file: {reason}"),
        "every key has to be there, once; what has no limit is written out as \"unlimited\"; `coldamp policy template` shows and explains all of them",
    )
}

/// All that is wrong with the values of a file: whoever fills in a template wants one list, not one fault at a time.
#[derive(Default)]
pub(super) struct Faults {
    /// The asset whose policy is read; none outside of policies, and where its id is none.
    pub(super) asset: Option<AssetId>,
    lines: Vec<String>,
}

impl Faults {
    /// How many there are so far.
    pub(super) fn count(&self) -> usize {
        self.lines.len()
    }

    pub(super) fn add(&mut self, key: &str, found: &str, expected: &str) {
        let shown: String = found.chars().take(70).collect();
        let policy = self.asset.map(|asset| format!(" (policy of {asset})")).unwrap_or_default();
        self.lines.push(format!("{key}: found {shown:?}, expected {expected}{policy}"));
    }

    pub(super) fn none(&self) -> Result<(), Failure> {
        if self.lines.is_empty() {
            return Ok(());
        }
        let lines = self.lines.iter().map(|line| format!("  {line}")).collect();
        Err(unreadable("invalid values:").with_lines(lines))
    }

    /// A number, or `None` for the word that stands for no limit.
    pub(super) fn limit<T: TryFrom<u64>>(&mut self, key: &str, number: &Number, what: &str) -> Option<T> {
        let expected = format!("{what}, or \"{UNLIMITED}\"");
        match number {
            Number::Units(units) => {
                let number = T::try_from(*units).ok();
                if number.is_none() {
                    self.add(key, &units.to_string(), "at most 4294967295");
                }
                number
            }
            Number::Word(word) if word == UNLIMITED => None,
            Number::Word(word) if !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit()) => {
                self.add(key, word, &format!("{expected}. Write the number without quotation marks"));
                None
            }
            Number::Word(word) => {
                self.add(key, word, &expected);
                None
            }
        }
    }

    /// A text that converts, or `None` for the word that stands for nothing.
    pub(super) fn text<T>(
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
