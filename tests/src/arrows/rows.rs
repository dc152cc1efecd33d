//! The rows of modules inside core: a file may use the rows above its own and its neighbours, none below; and the two
//! wings of the last row never name each other, or what builds a PSET could also approve it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use super::source::{Source, rust_files};

/// From the top.
const ROWS: &[&[&str]] = &[
    &["code", "network", "units", "limits", "hmac", "json", "listed", "encoding"],
    &["amp", "treasury", "pset", "consensus", "signed", "transport"],
    WINGS,
];

const WINGS: &[&str] = &["prepare", "sign"];

/// What the crate's root offers besides modules; everything else of a root would hide which module it comes from.
const ROOT: &[&str] = &["Secp", "elements"];

/// The uses that break the rows in a crate's `src` folder.
///
/// # Panics
///
/// If the folder cannot be read.
pub fn wrong_uses(src: &Path) -> Vec<String> {
    let sources: BTreeMap<PathBuf, Source> = rust_files(src)
        .into_iter()
        .map(|path| {
            let text = fs::read_to_string(&path)
                .unwrap_or_else(|error| panic!("cannot read {}: {error}", path.display()));
            (path.strip_prefix(src).unwrap_or(&path).to_owned(), Source::read(&text))
        })
        .collect();
    wrong_uses_of(&sources)
}

fn wrong_uses_of(sources: &BTreeMap<PathBuf, Source>) -> Vec<String> {
    let for_tests: BTreeSet<PathBuf> = sources
        .iter()
        .flat_map(|(path, source)| source.test_modules.iter().map(|name| module_path(path).join(name)))
        .collect();
    let mut wrong = BTreeSet::new();
    for (path, source) in sources {
        let module = module_path(path);
        if module.as_os_str().is_empty() || module.ancestors().any(|folder| for_tests.contains(folder)) {
            continue;
        }
        let top = module.iter().next().and_then(|name| name.to_str()).unwrap_or_default();
        let Some(own_row) = row_of(top) else {
            wrong.insert(format!("{}: `{top}` stands in no row", path.display()));
            continue;
        };
        for used in names_at_root(&source.words, module.iter().count()) {
            if let Some(why) = refusal(top, own_row, used) {
                wrong.insert(format!("{}: {why}", path.display()));
            }
        }
    }
    wrong.into_iter().collect()
}

/// `amp/request.rs` and `amp/request/` are the module `amp/request`; `lib.rs` is the root.
fn module_path(file: &Path) -> PathBuf {
    if file == Path::new("lib.rs") { PathBuf::new() } else { file.with_extension("") }
}

fn row_of(module: &str) -> Option<usize> {
    ROWS.iter().position(|row| row.contains(&module))
}

fn refusal(module: &str, own_row: usize, used: &str) -> Option<String> {
    if used == module || ROOT.contains(&used) {
        return None;
    }
    match row_of(used) {
        None => Some(format!("uses `crate::{used}`, which stands in no row")),
        Some(row) if row > own_row => Some(format!("uses `crate::{used}`, a row below `{module}`")),
        Some(_) if WINGS.contains(&module) && WINGS.contains(&used) => {
            Some(format!("uses `crate::{used}`, the other wing"))
        }
        Some(_) => None,
    }
}

/// What a file names of the crate's root, through `crate` or through as many `super` as its module lies deep.
fn names_at_root(words: &[String], depth: usize) -> Vec<&str> {
    let mut names = Vec::new();
    let mut supers = 0;
    for (index, word) in words.iter().enumerate() {
        supers = match word.as_str() {
            "super" => supers + 1,
            "::" => supers,
            _ => 0,
        };
        let at_root = word == "crate" || (word == "super" && supers >= depth);
        if at_root && let [next, behind @ ..] = &words[index + 1..] {
            match next.as_str() {
                "::" => names.extend(first_names(behind)),
                // The root under another name would carry every module past this check.
                "as" => names.push("* as"),
                _ => {}
            }
        }
    }
    // The chain of `super` itself names nothing.
    names.retain(|name| *name != "super");
    names
}

/// The first name of a path, or of every path in its braces.
fn first_names(words: &[String]) -> Vec<&str> {
    let Some(first) = words.first() else { return Vec::new() };
    if first != "{" {
        return vec![first];
    }
    let mut names = Vec::new();
    let mut depth = 0_usize;
    let mut starts = false;
    for word in words {
        match word.as_str() {
            "{" => {
                depth += 1;
                starts = depth == 1;
            }
            "}" if depth == 1 => break,
            "}" => depth -= 1,
            "," => starts = depth == 1,
            name if starts => {
                names.push(name);
                starts = false;
            }
            _ => {}
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(files: &[(&str, &str)]) -> Vec<String> {
        let sources = files.iter().map(|(path, text)| (PathBuf::from(path), Source::read(text))).collect();
        wrong_uses_of(&sources)
    }

    #[test]
    fn rows_above_neighbours_and_oneself_may_be_used() {
        let files = [
            ("lib.rs", "pub mod units; pub mod sign; pub use elements;"),
            ("units.rs", "mod decimal; use crate::limits::MAX;"),
            ("units/decimal.rs", "use super::Unit; use crate::units::Unit;"),
            ("signed.rs", "use crate::amp::{Request, confirm::Payload}; use crate::Secp;"),
            ("amp/request.rs", "use super::confirm; fn a(x: crate::elements::Txid) {}"),
            ("sign/review.rs", "use crate::{amp, pset::{Content, prepare}, sign::Blinder};"),
            ("prepare/plan.rs", "pub(crate) fn a() {} use super::super::consensus::Weight;"),
        ];
        assert_eq!(wrong(&files), [""; 0]);
    }

    #[test]
    fn whatever_breaks_the_rows_is_named() {
        for (path, text, expected) in [
            ("units.rs", "use crate::amp::Request;", "uses `crate::amp`, a row below `units`"),
            ("amp/request.rs", "use crate::prepare::Plan;", "uses `crate::prepare`, a row below `amp`"),
            ("pset.rs", "fn a() { crate::sign::b() }", "uses `crate::sign`, a row below `pset`"),
            ("pset.rs", "use crate::{amp, sign::{a, b}};", "uses `crate::sign`, a row below `pset`"),
            ("pset.rs", "use super::sign;", "uses `crate::sign`, a row below `pset`"),
            ("pset/content.rs", "use super::super::sign;", "uses `crate::sign`, a row below `pset`"),
            ("pset/content.rs", "use super::super::{amp, sign};", "uses `crate::sign`, a row below `pset`"),
            ("prepare/plan.rs", "use crate::sign::Blinder;", "uses `crate::sign`, the other wing"),
            ("sign/review/check.rs", "use crate::prepare::Plan;", "uses `crate::prepare`, the other wing"),
            ("sign.rs", "use crate::*;", "uses `crate::*`, which stands in no row"),
            ("sign.rs", "use super::*;", "uses `crate::*`, which stands in no row"),
            ("sign.rs", "use crate as all;", "uses `crate::* as`, which stands in no row"),
            ("sign.rs", "use crate::{self as all};", "uses `crate::self`, which stands in no row"),
            ("sign.rs", "use crate::Plan;", "uses `crate::Plan`, which stands in no row"),
            ("helpers.rs", "", "`helpers` stands in no row"),
        ] {
            assert_eq!(wrong(&[(path, text)]), [format!("{path}: {expected}")], "{text}");
        }
    }

    #[test]
    fn tests_may_use_anything() {
        let files = [
            ("amp.rs", "mod request; #[cfg(test)] mod tests { use crate::sign::Blinder; }"),
            ("amp/request.rs", "#[cfg(test)] mod tests;"),
            ("amp/request/tests.rs", "mod deeper; use crate::sign::Blinder;"),
            ("amp/request/tests/deeper.rs", "use crate::prepare::Plan;"),
        ];
        assert_eq!(wrong(&files), [""; 0]);
    }

    #[test]
    fn code_behind_the_tests_is_read_on() {
        let text = "#[cfg(test)] mod tests { use crate::sign::a; } use crate::prepare::Plan;";
        assert_eq!(wrong(&[("amp.rs", text)]), ["amp.rs: uses `crate::prepare`, a row below `amp`"]);
    }
}
