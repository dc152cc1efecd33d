//! The layers of modules inside core: a file may use its own layer and those above it. The two modules of the last layer never
//! use each other, so that what builds a PSET cannot approve it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// From the top.
const LAYERS: [&[&str]; 3] = [
    &["code", "network", "units", "limits", "hmac", "json", "listed", "register", "encoding", "secp"],
    &["amp", "treasury", "pset", "consensus", "signed", "transport"],
    LAST,
];

const LAST: &[&str] = &["prepare", "sign"];

/// What the crate's root offers besides modules. Anything else there would hide which module it comes from.
const ROOT: [&str; 2] = ["Secp", "elements"];

/// Every Rust file below a folder.
///
/// # Panics
///
/// If the folder cannot be read.
pub fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let paths = entries.map(|entry| entry.expect("an entry").path());
    paths
        .flat_map(|path| match path.is_dir() {
            true => rust_files(&path),
            false => vec![path],
        })
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .collect()
}

/// The uses in a crate's `src` folder that break the layers.
///
/// # Panics
///
/// If the folder cannot be read.
pub fn wrong_uses(src: &Path) -> Vec<String> {
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        wrong_uses_of(path.strip_prefix(src).expect("a file below it"), &text)
    };
    rust_files(src).into_iter().flat_map(read).collect()
}

/// The same of one file. Modules called `tests` are compiled for tests alone and may use everything.
fn wrong_uses_of(path: &Path, text: &str) -> BTreeSet<String> {
    let module = if path == Path::new("lib.rs") { PathBuf::new() } else { path.with_extension("") };
    let names: Vec<&str> = module.iter().filter_map(|name| name.to_str()).collect();
    let mut wrong = BTreeSet::new();
    let [top, ..] = names[..] else { return wrong };
    if names.contains(&"tests") {
        return wrong;
    }
    let mut says = |what: String| {
        wrong.insert(format!("{}: {what}", path.display()));
    };
    let Some(own) = layer_of(top) else {
        says(format!("`{top}` is in no layer"));
        return wrong;
    };
    let (code, has_other_tests) = library_code(text);
    if has_other_tests {
        says("a module `tests` is not for tests alone".to_owned());
    }
    for used in names_at_root(&code, names.len()) {
        match layer_of(&used) {
            _ if used == top || ROOT.contains(&used.as_str()) => {}
            None => says(format!("uses `crate::{used}`, which is in no layer")),
            Some(layer) if layer > own => says(format!("uses `crate::{used}`, a layer below `{top}`")),
            Some(_) if LAST.contains(&top) && LAST.contains(&used.as_str()) => {
                says(format!("uses `crate::{used}`, which `{top}` must not see"));
            }
            Some(_) => {}
        }
    }
    wrong
}

fn layer_of(module: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| layer.contains(&module))
}

/// The text without lines of comment and without the module `tests`, which rustfmt ends with a brace at the start of a line;
/// and whether it has a module of that name without `#[cfg(test)]` or `#[cfg(all(test, …))]` above it. What is left of
/// comments and strings counts as code, which can only refuse too much.
fn library_code(text: &str) -> (String, bool) {
    let mut code = String::new();
    let mut is_for_tests = false;
    let mut has_other_tests = false;
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let trimmed = line.trim();
        if trimmed.starts_with("//") {
            continue;
        }
        if trimmed.contains("mod tests") {
            has_other_tests |= !is_for_tests;
            if is_for_tests && line == "mod tests {" {
                lines.by_ref().find(|line| *line == "}");
                continue;
            }
        }
        is_for_tests = trimmed == "#[cfg(test)]" || trimmed.starts_with("#[cfg(all(test,");
        code.push_str(line);
        code.push('\n');
    }
    (code, has_other_tests)
}

/// What a file names of the crate's root, through `crate` or through as many `super` as its module lies deep.
fn names_at_root(code: &str, depth: usize) -> Vec<String> {
    let mut names = Vec::new();
    let roots = [("crate".to_owned(), ""), (["super"; 16][..depth].join("::"), "super::")];
    for (root, not_behind) in &roots {
        for (at, _) in code.match_indices(root.as_str()) {
            let (before, behind) = (&code[..at], &code[at + root.len()..]);
            let is_whole = !before.ends_with(is_of_a_name) && !behind.starts_with(is_of_a_name);
            if !is_whole || before.ends_with("pub(") && behind.starts_with(')') {
                continue;
            }
            // A longer chain of `super` is met where it begins; its first part alone is no root.
            if !not_behind.is_empty() && before.ends_with(not_behind) {
                continue;
            }
            match behind.strip_prefix("::") {
                Some(path) => names.extend(first_names(path)),
                None if behind.starts_with(" as ") => names.push("* as".to_owned()),
                None => {}
            }
        }
    }
    names
}

fn is_of_a_name(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// The first name of a path, or of every path in its braces.
fn first_names(path: &str) -> Vec<String> {
    let first = |path: &str| match path.trim_start() {
        path if path.starts_with('*') => "*".to_owned(),
        path => path.chars().take_while(|character| is_of_a_name(*character)).collect(),
    };
    let Some(group) = path.strip_prefix('{') else { return vec![first(path)] };
    let mut names = Vec::new();
    let (mut depth, mut from) = (0_usize, 0);
    for (at, character) in group.char_indices() {
        match character {
            '{' => depth += 1,
            '}' | ',' if depth == 0 => {
                names.push(first(&group[from..at]));
                from = at + 1;
                if character == '}' {
                    break;
                }
            }
            '}' => depth -= 1,
            _ => {}
        }
    }
    names.retain(|name| !name.is_empty());
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(path: &str, text: &str) -> Vec<String> {
        wrong_uses_of(Path::new(path), text).into_iter().collect()
    }

    #[test]
    fn own_and_upper_layers_may_be_used() {
        for (path, text) in [
            ("lib.rs", "pub mod units; pub mod sign; pub use elements;"),
            ("units.rs", "mod decimal; use crate::limits::MAX;"),
            ("units/decimal.rs", "use super::Unit; use crate::units::Unit;"),
            ("signed.rs", "use crate::amp::{Request, confirm::Payload}; use crate::Secp;"),
            ("amp/request.rs", "use super::confirm; fn a(x: crate::elements::Txid) {}"),
            ("sign/review.rs", "use crate::{amp, pset::{Content, prepare}, sign::Blinder};"),
            ("prepare/plan.rs", "pub(crate) fn a() {} use super::super::consensus::Weight;"),
            ("prepare/plan/fee.rs", "use super::super::Prepared;"),
        ] {
            assert_eq!(wrong(path, text), [""; 0], "{text}");
        }
    }

    #[test]
    fn a_use_that_breaks_the_layers_is_named() {
        for (path, text, expected) in [
            ("units.rs", "use crate::amp::Request;", "uses `crate::amp`, a layer below `units`"),
            ("amp/request.rs", "use crate::prepare::Plan;", "uses `crate::prepare`, a layer below `amp`"),
            ("pset.rs", "fn a() { crate::sign::b() }", "uses `crate::sign`, a layer below `pset`"),
            ("pset.rs", "use crate::{amp, sign::{a, b}};", "uses `crate::sign`, a layer below `pset`"),
            (
                "pset.rs",
                "use crate::{\n    amp::{a, b},\n    sign,\n};",
                "uses `crate::sign`, a layer below `pset`",
            ),
            ("pset.rs", "use super::sign;", "uses `crate::sign`, a layer below `pset`"),
            ("pset/content.rs", "use super::super::sign;", "uses `crate::sign`, a layer below `pset`"),
            ("pset/content.rs", "use super::super::{amp, sign};", "uses `crate::sign`, a layer below `pset`"),
            (
                "prepare/plan.rs",
                "use crate::sign::Blinder;",
                "uses `crate::sign`, which `prepare` must not see",
            ),
            (
                "sign/review/check.rs",
                "use crate::prepare::Plan;",
                "uses `crate::prepare`, which `sign` must not see",
            ),
            ("sign.rs", "use crate::*;", "uses `crate::*`, which is in no layer"),
            ("sign.rs", "use super::*;", "uses `crate::*`, which is in no layer"),
            ("sign.rs", "use crate as all;", "uses `crate::* as`, which is in no layer"),
            ("sign.rs", "use crate::{self as all};", "uses `crate::self`, which is in no layer"),
            ("sign.rs", "use crate::Plan;", "uses `crate::Plan`, which is in no layer"),
            ("helpers.rs", "", "`helpers` is in no layer"),
            ("amp.rs", "pub mod tests;", "a module `tests` is not for tests alone"),
        ] {
            assert_eq!(wrong(path, text), [format!("{path}: {expected}")], "{text}");
        }
    }

    #[test]
    fn comments_and_tests_may_name_anything_and_code_behind_them_is_read() {
        let tests = "//! [`crate::sign`]\n#[cfg(test)]\nmod tests {\n    use crate::sign::a;\n}\n";
        assert_eq!(wrong("amp.rs", tests), [""; 0]);
        assert_eq!(
            wrong("amp.rs", "#[cfg(all(test, feature = \"signer\"))]\npub(super) mod tests;\n"),
            [""; 0]
        );
        assert_eq!(wrong("amp/request/tests/deeper.rs", "use crate::prepare::Plan;"), [""; 0]);
        let behind = format!("{tests}use crate::prepare::Plan;\n");
        assert_eq!(wrong("amp.rs", &behind), ["amp.rs: uses `crate::prepare`, a layer below `amp`"]);
    }
}
