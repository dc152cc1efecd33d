//! Rust source as words, without comments, literals and whatever is compiled for tests alone.

use std::fs;
use std::path::{Path, PathBuf};

/// The code of a file that ends up in the library.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Source {
    /// Identifiers, `::`, and every other sign by itself.
    pub(super) words: Vec<String>,
    /// Modules declared for tests alone: their files are no code of the library.
    pub(super) test_modules: Vec<String>,
}

impl Source {
    pub(super) fn read(text: &str) -> Source {
        let words = words(text);
        let mut source = Source::default();
        let mut rest = words.as_slice();
        while let [word, behind @ ..] = rest {
            if let Some(item) = behind_test_attribute(rest) {
                let (item, after) = item.split_at(item_length(item));
                source.test_modules.extend(item.windows(3).filter_map(|three| match three {
                    [declares, name, end] if declares == "mod" && end == ";" => Some(name.clone()),
                    _ => None,
                }));
                rest = after;
            } else {
                source.words.push(word.clone());
                rest = behind;
            }
        }
        source
    }
}

/// Every Rust file below a folder.
///
/// # Panics
///
/// If the folder cannot be read.
pub fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let entries =
        fs::read_dir(folder).unwrap_or_else(|error| panic!("cannot read {}: {error}", folder.display()));
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.unwrap_or_else(|error| panic!("cannot read {}: {error}", folder.display())).path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}

/// What follows `#[cfg(test)]` or `#[cfg(all(test, …))]`, if that is what the words begin with.
fn behind_test_attribute(words: &[String]) -> Option<&[String]> {
    let starts = |with: &[&str]| words.len() > with.len() && words.iter().zip(with).all(|(a, b)| a == b);
    let tests_alone = starts(&["#", "[", "cfg", "(", "test", ")", "]"])
        || starts(&["#", "[", "cfg", "(", "all", "(", "test", ","]);
    let end = words.iter().position(|word| word == "]")?;
    if tests_alone { words.get(end + 1..) } else { None }
}

/// How many words belong to the item that the words begin with. When in doubt fewer: what is left over counts as code
/// of the library, which can only refuse too much.
fn item_length(words: &[String]) -> usize {
    let mut depth = 0_usize;
    for (index, word) in words.iter().enumerate() {
        match word.as_str() {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" if depth == 0 => return index,
            ")" | "]" | "}" => depth -= 1,
            _ => {}
        }
        if depth == 0 && matches!(word.as_str(), ";" | "," | "}") {
            return index + 1;
        }
    }
    words.len()
}

fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = blank_length(rest).or_else(|| literal_length(rest));
        let length = length.unwrap_or_else(|| {
            let length = word_length(rest).max(first.len_utf8());
            words.push(rest[..length].trim_start_matches("r#").to_owned());
            length
        });
        rest = &rest[length..];
    }
    words
}

/// Of white space or a comment at the start of the text.
fn blank_length(text: &str) -> Option<usize> {
    if text.starts_with("//") {
        return Some(text.find('\n').unwrap_or(text.len()));
    }
    if text.starts_with("/*") {
        return Some(block_comment_length(text));
    }
    let first = text.chars().next()?;
    first.is_whitespace().then(|| first.len_utf8())
}

/// Block comments nest.
fn block_comment_length(text: &str) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while at < text.len() {
        let pair = text.as_bytes().get(at..at + 2);
        match pair {
            Some(b"/*") => depth += 1,
            Some(b"*/") => depth -= 1,
            _ => {
                at += 1;
                continue;
            }
        }
        at += 2;
        if depth == 0 {
            return at;
        }
    }
    text.len()
}

/// Of a string or character literal at the start of the text. A lifetime is none: its quote is a sign by itself.
fn literal_length(text: &str) -> Option<usize> {
    let prefix = ["br", "cr", "r", "b", "c", ""]
        .into_iter()
        .find(|prefix| text.strip_prefix(prefix).is_some_and(|rest| rest.starts_with(['"', '\'', '#'])))?;
    let body = &text[prefix.len()..];
    let length = if prefix.ends_with('r') {
        let hashes = body.len() - body.trim_start_matches('#').len();
        let inside = body[hashes..].strip_prefix('"')?;
        let closing = format!("\"{}", "#".repeat(hashes));
        hashes + 1 + inside.find(&closing).map_or(inside.len(), |end| end + closing.len())
    } else if let Some(inside) = body.strip_prefix('"') {
        1 + escaped_length(inside, '"')
    } else {
        let inside = body.strip_prefix('\'')?;
        let second = inside.chars().nth(1);
        if !inside.starts_with('\\') && second != Some('\'') {
            return None;
        }
        1 + escaped_length(inside, '\'')
    };
    Some(prefix.len() + length)
}

/// Up to and with the closing quote.
fn escaped_length(text: &str, quote: char) -> usize {
    let mut signs = text.char_indices();
    while let Some((index, sign)) = signs.next() {
        if sign == '\\' {
            signs.next();
        } else if sign == quote {
            return index + sign.len_utf8();
        }
    }
    text.len()
}

/// Of an identifier, raw or not, or of `::`; zero for any other sign.
fn word_length(text: &str) -> usize {
    if text.starts_with("::") {
        return 2;
    }
    let raw = if text.starts_with("r#") { 2 } else { 0 };
    let name = &text[raw..];
    let length = name.find(|sign: char| !sign.is_alphanumeric() && sign != '_').unwrap_or(name.len());
    if length == 0 { 0 } else { raw + length }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(text: &str) -> String {
        Source::read(text).words.join(" ")
    }

    #[test]
    fn comments_and_literals_are_no_code() {
        for (text, expected) in [
            ("//! see [`crate::sign`]\nuse a::b; // crate::c", "use a :: b ;"),
            ("/* crate::a /* nested */ crate::b */ c", "c"),
            (r#"let a = "crate::b \" crate::c"; d"#, "let a = ; d"),
            (r##"let a = r#"crate::b " crate::c"#; d"##, "let a = ; d"),
            (r#"(b"x", br"\", c"y", b'"', '"', '\'', '\u{7f}')"#, "( , , , , , , )"),
            ("fn a<'b>(c: &'b str) -> '_ {}", "fn a < ' b > ( c : & ' b str ) - > ' _ { }"),
            ("r#mod::crate_name", "mod :: crate_name"),
            ("\"never closed", ""),
            ("/* never closed", ""),
        ] {
            assert_eq!(kept(text), expected, "{text}");
        }
    }

    #[test]
    fn only_the_item_behind_a_test_attribute_is_left_out() {
        for (text, expected) in [
            ("a; #[cfg(test)] mod tests { fn b() { c; } } d;", "a ; d ;"),
            ("#[cfg(test)]\nmod tests;\npub use a::b;", "pub use a :: b ;"),
            ("#[cfg(all(test, feature = \"signer\"))] fn a() -> [u8; 4] { b } c", "c"),
            ("#[cfg(test)] #[derive(Debug)] struct A(u8); b", "b"),
            ("struct A { #[cfg(test)] b: u8, c: u8 }", "struct A { c : u8 }"),
            ("struct A { b: u8, #[cfg(test)] c: u8 } d", "struct A { b : u8 , } d"),
            ("#[cfg(not(test))] a", "# [ cfg ( not ( test ) ) ] a"),
            ("#[cfg(any(test, fuzzing))] a", "# [ cfg ( any ( test , fuzzing ) ) ] a"),
        ] {
            assert_eq!(kept(text), expected, "{text}");
        }
    }

    #[test]
    fn files_of_test_modules_are_known_by_name() {
        let source = Source::read("mod a; #[cfg(test)] mod tests; #[cfg(test)] mod more { mod b {} }");
        assert_eq!(source.test_modules, ["tests"]);
    }
}
