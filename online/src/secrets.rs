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
mod tests {
    use super::*;

    /// With every character that some encoding changes.
    const PASSWORD: &str = "p\"a\\s/s&w<o>r'd +%é€";
    const TOKEN: &str = "0123456789abcdef0123456789abcdef01234567";
    const NAME: &str = "me@example.org";

    fn secrets() -> Secrets {
        let mut secrets = Secrets::default();
        secrets.add(PASSWORD);
        secrets.add(TOKEN);
        secrets.add_name(NAME);
        secrets
    }

    fn percent(text: &str, kept: &str) -> String {
        let byte = |byte: u8| match kept.bytes().any(|own| own == byte) {
            true => char::from(byte).to_string(),
            false => format!("%{byte:02X}"),
        };
        text.bytes().map(byte).collect()
    }

    fn each(text: &str, write: impl Fn(char) -> String) -> String {
        text.chars().map(write).collect()
    }

    fn json(text: &str) -> String {
        serde_json::to_string(text).unwrap().trim_matches('"').to_owned()
    }

    fn entities(text: &str) -> String {
        each(text, |character| match character {
            '&' => "&amp;".to_owned(),
            '<' => "&lt;".to_owned(),
            '>' => "&gt;".to_owned(),
            '"' => "&quot;".to_owned(),
            '\'' => "&#x27;".to_owned(),
            '@' => "&commat;".to_owned(),
            '+' => "&plus;".to_owned(),
            other => other.to_string(),
        })
    }

    fn utf16(text: &str) -> String {
        each(text, |character| {
            let mut units = [0; 2];
            character.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")).collect()
        })
    }

    fn base64(text: &str) -> String {
        use base64::Engine as _;
        base64::engine::general_purpose::STANDARD.encode(text)
    }

    fn hex(text: &str) -> String {
        text.bytes().map(|byte| format!("{byte:02x}")).collect()
    }

    #[test]
    fn credentials_are_left_out_in_every_encoding() {
        const PLAIN: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~";
        for secret in [PASSWORD, TOKEN, NAME] {
            for (name, written) in [
                ("as it is", secret.to_owned()),
                ("in capitals", secret.to_ascii_uppercase()),
                ("JSON", json(secret)),
                ("JSON within JSON", json(&json(secret))),
                ("JSON with escaped slashes", json(secret).replace('/', "\\/")),
                ("UTF-16 escapes", utf16(secret)),
                ("Rust, as serde quotes", format!("{secret:?}").trim_matches('"').to_owned()),
                ("Rust escapes", secret.escape_default().to_string()),
                (
                    "hexadecimal escapes",
                    each(secret, |c| {
                        if c.is_ascii() { format!("\\x{:02x}", u32::from(c)) } else { c.to_string() }
                    }),
                ),
                ("Python", secret.replace('\\', "\\\\").replace('\'', "\\'")),
                ("percent-encoded", percent(secret, PLAIN)),
                ("percent-encoded in small letters", percent(secret, PLAIN).to_ascii_lowercase()),
                ("percent-encoded wholly", percent(secret, "")),
                ("percent-encoded twice", percent(&percent(secret, PLAIN), PLAIN)),
                ("form-encoded", percent(secret, &format!("{PLAIN} ")).replace(' ', "+")),
                ("encodeURI", percent(secret, &format!("{PLAIN}'+&/"))),
                ("HTML", entities(secret)),
                ("HTML numbers", each(secret, |c| format!("&#{};", u32::from(c)))),
                ("HTML hexadecimal numbers", each(secret, |c| format!("&#X{:x};", u32::from(c)))),
                ("HTML within JSON", json(&entities(secret))),
                ("JSON within HTML", entities(&json(secret))),
                ("percent within HTML within JSON", json(&entities(&percent(secret, PLAIN)))),
                ("base64", base64(secret)),
                ("base64, one byte in", base64(&format!(":{secret}"))),
                ("base64, two bytes in", base64(&format!(": {secret}"))),
                ("base64 behind other letters", format!("abc{}", base64(secret))),
                (
                    "base64 for addresses",
                    base64(secret).replace('+', "-").replace('/', "_").trim_end_matches('=').to_owned(),
                ),
                ("base64, percent-encoded", percent(&base64(secret), PLAIN)),
                ("hexadecimal", hex(secret)),
                ("hexadecimal in capitals", hex(secret).to_ascii_uppercase()),
            ] {
                let text = format!("it said: '{written}' and went on");
                assert_eq!(
                    secrets().left_out_of(&text),
                    format!("it said: '{LEFT_OUT}' and went on"),
                    "{name}: {text}"
                );
            }
        }
    }

    #[test]
    fn headers_are_left_out_too() {
        let basic = format!("Authorization: Basic {}", base64(&format!("{NAME}:{PASSWORD}")));
        assert_eq!(secrets().left_out_of(&basic), format!("Authorization: Basic {LEFT_OUT}"));
        for scheme in ["token", "Token", "Bearer"] {
            let header = format!("{{\"authorization\": \"{scheme} {TOKEN}\"}}");
            assert_eq!(
                secrets().left_out_of(&header),
                format!("{{\"authorization\": \"{scheme} {LEFT_OUT}\"}}")
            );
        }
    }

    #[test]
    fn other_words_stay_as_they_are() {
        let mut secrets = Secrets::default();
        secrets.add_name("me");
        secrets.add("");
        for text in [
            "",
            "{\"detail\": \"some message\"}",
            "100 % & more \\ than &amp; %zz \\u12 &#xffffffff; &nothing; \\ud800",
            "b4f7070f1f068b11b985188f30898b6fba19ecc005d2e29cfc94055373e9d8cf",
        ] {
            assert_eq!(secrets.left_out_of(text), text);
        }
        assert_eq!(secrets.left_out_of("user \"me\" of some"), format!("user \"{LEFT_OUT}\" of some"));
    }

    #[test]
    fn of_an_answer_that_holds_credentials_nothing_is_quoted() {
        let answer = format!("{{\"asset\":\"{}\"}}", utf16(TOKEN));
        let cut: String = format!("found \"{answer}").chars().take(100).collect();
        let reason = format!("asset: {cut}…\", expected an id");
        let shown = secrets().left_out_of_reason(&reason, answer.as_bytes());
        assert_eq!(shown, format!("asset: found {LEFT_OUT}, expected an id"));
        assert_eq!(secrets().left_out_of_reason("found \"x\"", b"{}"), "found \"x\"");
        assert_eq!(secrets().left_out_of_reason(&format!("found {TOKEN}"), b""), format!("found {LEFT_OUT}"));
        let long = " ".repeat(MAX_TEXT + 1);
        assert_eq!(secrets().left_out_of_reason("a \"x\" b", long.as_bytes()), "a (too long to quote) b");
    }

    #[test]
    fn a_secret_is_found_in_a_text_of_any_length_and_a_name_is_none() {
        for before in [0, 10, MAX_TEXT - 20, MAX_TEXT, 2 * MAX_TEXT + 7] {
            for written in [TOKEN.to_owned(), utf16(TOKEN), hex(PASSWORD), base64(TOKEN), json(PASSWORD)] {
                let text = format!("{} {written} {}", ".".repeat(before), ".".repeat(100));
                assert!(secrets().are_in(text.as_bytes()), "{written} behind {before}");
            }
        }
        let text = format!("{} {NAME} {}", ".".repeat(MAX_TEXT), TOKEN.get(1..).unwrap());
        assert!(!secrets().are_in(text.as_bytes()));
        assert!(
            secrets().are_in(&[b"\xff\xfe", TOKEN.as_bytes(), b"\x00"].concat()),
            "in bytes that are no text"
        );
        assert!(!Secrets::default().are_in(TOKEN.as_bytes()) && !secrets().are_in(b""));
    }

    #[test]
    fn a_text_that_is_too_long_to_look_through_is_not_shown() {
        let long = format!("{}{TOKEN}", "x".repeat(MAX_TEXT));
        assert!(!secrets().left_out_of(&long).contains(TOKEN));
        assert!(secrets().left_out_of(&long).len() < 100);
    }
}
