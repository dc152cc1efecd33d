//! Removes credentials from every text of a server before it is shown (docs/rules.md#credentials). Validators and proxies
//! quote what they were sent, and shown text ends up in logs and tickets.
//!
//! A server may quote credentials encoded. Each text is therefore decoded in every way that somebody else could decode it:
//! the escapes of JSON and of programming languages, percent-encoding and HTML entities, also nested, and base64 and
//! hexadecimal. What is found is removed from the original text.

mod reading;

use std::collections::BTreeSet;
use std::ops::Range;

use reading::{Decoder, Reading};

/// The text that replaces credentials.
pub const LEFT_OUT: &str = "[credentials left out]";

/// The longest text that is searched. A longer one is not shown at all.
const MAX_TEXT: usize = 64 * 1024;

/// Nested encodings that are decoded.
const MAX_DEPTH: usize = 3;

/// The most bytes that one encoding needs for a character: `\u{10ffff}`.
const LONGEST_ESCAPE: usize = 10;

/// Shorter secrets would be found in base64 and hexadecimal by chance.
const LEAST_IN_RUNS: usize = 5;

/// Texts that must not be shown. They have no Debug.
#[derive(Clone, Default)]
pub struct Secrets {
    all: Vec<Secret>,
}

#[derive(Clone)]
struct Secret {
    text: Vec<char>,
    /// A name is removed only if it is a word of its own: it may be part of other words.
    is_word: bool,
}

impl Secrets {
    /// Adds a password or a token. It is removed wherever it occurs.
    pub fn add(&mut self, secret: &str) {
        self.insert(secret, false);
    }

    /// Adds a name. It is removed where it is a word of its own.
    pub fn add_name(&mut self, name: &str) {
        self.insert(name, true);
    }

    /// Whether a text holds a password or a token in any encoding. Names do not count: a server may name the user.
    ///
    /// A text of any length is searched in pieces. The pieces overlap by more than an encoded secret. A secret that is encoded
    /// twice and crosses the end of a piece may be missed.
    pub fn are_in(&self, text: &[u8]) -> bool {
        let all: Vec<Secret> = self.all.iter().filter(|secret| !secret.is_word).cloned().collect();
        let secrets = Secrets { all };
        let longest = secrets.all.iter().map(|secret| secret.text.len()).max().unwrap_or_default();
        if longest == 0 {
            return false;
        }
        let overlap = longest.saturating_mul(LONGEST_ESCAPE).min(MAX_TEXT / 2);
        let step = MAX_TEXT.saturating_sub(overlap).max(1);
        (0..text.len()).step_by(step).any(|start| {
            let end = start.saturating_add(MAX_TEXT).min(text.len());
            let piece = String::from_utf8_lossy(text.get(start..end).unwrap_or_default());
            !secrets.found_in(&piece).is_empty()
        })
    }

    fn insert(&mut self, text: &str, is_word: bool) {
        let text: Vec<char> = text.trim().chars().map(|character| character.to_ascii_lowercase()).collect();
        if !text.is_empty() {
            self.all.push(Secret { text, is_word });
        }
    }

    /// The text without credentials in any encoding.
    pub fn left_out_of(&self, text: &str) -> String {
        if self.all.is_empty() {
            return text.to_owned();
        }
        if text.len() > MAX_TEXT {
            return format!("{} bytes, too many to show", text.len());
        }
        let mut ranges = self.found_in(text);
        ranges.sort_by_key(|range| (range.start, range.end));
        let (mut kept, mut end) = (String::new(), 0);
        for range in ranges {
            if range.start >= end {
                kept.push_str(text.get(end..range.start).unwrap_or_default());
                kept.push_str(LEFT_OUT);
            }
            end = end.max(range.end);
        }
        kept.push_str(text.get(end..).unwrap_or_default());
        kept
    }

    /// The message of a failure to parse an answer. Its quotation may be cut, and cut credentials are no longer found. So if
    /// the answer holds credentials, nothing of it is quoted.
    pub fn left_out_of_reason(&self, reason: &str, answer: &[u8]) -> String {
        let answer = String::from_utf8_lossy(answer);
        if self.all.is_empty() {
            return reason.to_owned();
        }
        let instead = if answer.len() > MAX_TEXT {
            "(too long to quote)"
        } else if !self.found_in(&answer).is_empty() {
            LEFT_OUT
        } else {
            return self.left_out_of(reason);
        };
        match (reason.split_once('"'), reason.rsplit_once('"')) {
            (Some((before, _)), Some((_, behind))) => format!("{before}{instead}{behind}"),
            _ => self.left_out_of(reason),
        }
    }

    /// Where credentials are, in bytes of the text.
    fn found_in(&self, text: &str) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        let (mut seen, mut level) = (BTreeSet::new(), vec![Reading::of(text)]);
        for depth in 0..=MAX_DEPTH {
            let mut next = Vec::new();
            for reading in level {
                if !seen.insert(reading.text()) {
                    continue;
                }
                found.extend(self.all.iter().flat_map(|secret| reading.find(&secret.text, secret.is_word)));
                found.extend(reading.encoded_runs(|decoded| self.decodes_to_secret(decoded)));
                if depth < MAX_DEPTH {
                    next.extend(Decoder::ALL.iter().filter_map(|decoder| reading.decoded(*decoder)));
                }
            }
            level = next;
        }
        found
    }

    /// Whether the decoded text of a run of base64 or hexadecimal holds a secret.
    fn decodes_to_secret(&self, decoded: &str) -> bool {
        let reading = Reading::of(decoded);
        self.all
            .iter()
            .filter(|secret| secret.text.len() >= LEAST_IN_RUNS)
            .any(|secret| !reading.find(&secret.text, secret.is_word).is_empty())
    }
}

#[cfg(test)]
mod tests;
