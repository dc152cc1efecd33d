//! docs/codes.md says what core's list of codes and the tables of the three front ends say, and the page's script has its
//! hints from the page's table. `COLDAMP_WRITE_CODES=1 cargo test -p coldamp-tests --test codes` writes both files.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "nothing here runs outside a test, and a file that is not there must say so"
)]

// The tables depend on nothing but core's list.
#[path = "../../offline-cli/src/hints.rs"]
mod coldamp;
#[path = "../../online-cli/src/hints.rs"]
mod coldamp_online;
#[path = "../../wasm/src/hints.rs"]
mod page;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use coldamp_core::code::{Code, Exit, Hints, Kind};

const FRONT_ENDS: [(&str, &Hints); 3] =
    [("`coldamp`", &coldamp::HINTS), ("`coldamp-online`", &coldamp_online::HINTS), ("page", &page::HINTS)];

const DOCUMENT: &str = "docs/codes.md";

/// The script's own failures, as it makes them without the engine.
const SCRIPT: &str = "web/src/codes.ts";

#[test]
fn the_document_says_what_the_tables_say() {
    is_current(DOCUMENT, &document());
}

#[test]
fn the_pages_script_has_the_hints_of_the_pages_table() {
    is_current(SCRIPT, &script());
}

#[test]
fn every_code_can_be_seen_somewhere() {
    for code in Code::ALL {
        assert!(FRONT_ENDS.iter().any(|(_, hints)| hints.of(*code).is_some()), "{code}");
        let of_a_command = FRONT_ENDS[..2].iter().any(|(_, hints)| hints.of(*code).is_some());
        let never_ends_a_command = code.exit().is_none();
        let is_told_only = matches!(code.kind(), Kind::Warning { .. } | Kind::Notice);
        assert!(
            of_a_command != never_ends_a_command || is_told_only,
            "{code}: an exit code where it can be seen"
        );
    }
}

#[test]
fn every_hint_is_whole_sentences_and_the_page_names_no_flag() {
    for (front_end, hints) in FRONT_ENDS {
        for hint in Code::ALL.iter().filter_map(|code| hints.of(*code)) {
            assert!(hint.ends_with('.'), "{front_end}: {hint}");
            assert!(front_end != "page" || !hint.contains("--"), "{front_end}: {hint}");
        }
    }
}

#[test]
fn no_hint_of_the_page_tells_anybody_to_forget_every_reservation_and_every_log() {
    for code in [Code::CoinsSpent, Code::CoinsReserved] {
        let hint = page::HINTS.text(code);
        assert!(hint.contains("release") && !hint.contains("untick"), "{code}: {hint}");
    }
}

/// What the documents write like a code is one.
#[test]
fn the_documents_name_no_code_that_is_none() {
    for path in ["docs/operator.md", "docs/formats.md", "docs/moving-in.md", "README.md"] {
        let text = std::fs::read_to_string(root().join(path)).unwrap();
        for word in text.split(|character: char| !character.is_ascii_alphanumeric() && character != '_') {
            let is_code_like = word.contains('_')
                && word.len() > 4
                && word
                    .bytes()
                    .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
            if is_code_like && !NOT_CODES.iter().any(|prefix| word.starts_with(prefix)) {
                let is_code = Code::ALL.iter().any(|code| code.as_str() == word);
                let is_group =
                    Code::ALL.iter().any(|code| word.ends_with('_') && code.as_str().starts_with(word));
                assert!(is_code || is_group, "{path}: {word}");
            }
        }
    }
}

/// Environment variables, opcodes and placeholders.
const NOT_CODES: [&str; 10] = [
    "COLDAMP_",
    "OP_",
    "XDG_",
    "BASE_UNITS",
    "ASSET_ID",
    "TOKEN_ID",
    "ADDRESS_",
    "ISSUANCE_TXID",
    "ELEMENTSD_EXEC",
    "ELECTRS_EXEC",
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn is_current(path: &str, expected: &str) {
    let file = root().join(path);
    if std::env::var_os("COLDAMP_WRITE_CODES").is_some() {
        std::fs::write(&file, expected).unwrap();
    }
    let found = std::fs::read_to_string(&file).unwrap_or_default();
    let differs = found.lines().zip(expected.lines()).find(|(found, expected)| found != expected);
    assert!(
        found == expected,
        "{path} is not current: COLDAMP_WRITE_CODES=1 cargo test -p coldamp-tests --test codes writes it; first difference: {differs:?}"
    );
}

fn document() -> String {
    let mut text = String::from(HEAD);
    text.push_str("| exit | meaning |\n|---|---|\n| 0 | done |\n");
    for exit in Exit::ALL {
        let _ = writeln!(text, "| {} | {} |", exit.number(), exit.meaning());
    }
    let rules = rules();
    for (title, lead, is_here) in SECTIONS {
        let _ = write!(text, "\n## {title}\n\n{lead}\n");
        for code in Code::ALL.iter().copied().filter(|code| is_here(code.kind())) {
            entry(&mut text, code, &rules);
        }
    }
    text
}

const HEAD: &str = "# Codes

This file is written from `core/src/code` and the tables of hints: `offline-cli/src/hints.rs`, `online-cli/src/hints.rs` and
`wasm/src/hints.rs`. Do not edit it; change those, and run
`COLDAMP_WRITE_CODES=1 cargo test -p coldamp-tests --test codes`.

A command that stops writes two lines to stderr, and exits with a code:

```
error[CODE]: what was found, and what was expected
hint: what to do
```

The page shows the same three. Codes and exit codes do not change; messages and hints may. A failure that has no code, such as
a file that does not exist, begins with `error:`. A command may say more in its hint than this page, where it knows more of
the case.

";

type Section = (&'static str, &'static str, fn(Kind) -> bool);

const SECTIONS: [Section; 4] = [
    (
        "Rules of the review",
        "A PSET that fails one of these is not signed. `coldamp review`, `coldamp sign` and the page list every rule that failed;\n`coldamp-online prepare` writes no PSET that fails one. Some of them refuse other files too.",
        |kind| kind == Kind::Rule,
    ),
    (
        "Warnings of the review",
        "No rule failed, and the operator should know. `coldamp` writes `WARNING CODE`.",
        |kind| matches!(kind, Kind::Warning { .. }),
    ),
    ("Notices", "What `coldamp-online prepare` and the page say besides.", |kind| kind == Kind::Notice),
    ("Failures", "Why a command, or a step of the page, stopped.", |kind| kind == Kind::Failure),
];

fn entry(text: &mut String, code: Code, rules: &BTreeMap<String, Vec<String>>) {
    let _ = write!(text, "\n### {code}\n\n{}", code.meaning());
    if let Some(exit) = code.exit() {
        let _ = write!(text, " Exit {}", exit.number());
        for other in code.other_exits() {
            let _ = write!(text, "; {} for {}", other.exit.number(), other.place);
        }
        text.push('.');
    }
    if let Some(rules) = rules.get(code.as_str()) {
        let links: Vec<String> = rules.iter().map(|slug| format!("[{slug}]({RULES}#{slug})")).collect();
        let _ = write!(text, " Rule: {}.", links.join(", "));
    }
    text.push_str("\n\n");
    for (name, hints) in FRONT_ENDS {
        if let Some(hint) = hints.of(code) {
            let _ = writeln!(text, "- {name}: {hint}");
        }
    }
}

/// Where the document links to.
const RULES: &str = "rules.md";

/// The rules of docs/rules.md that each code belongs to, by the line `Codes:` below a heading.
fn rules() -> BTreeMap<String, Vec<String>> {
    let text = std::fs::read_to_string(root().join("docs/rules.md")).unwrap();
    let mut rules: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let (mut slug, mut in_codes) = (String::new(), false);
    for line in text.lines() {
        if let Some(heading) = line.strip_prefix("### ") {
            slug = heading.to_lowercase().replace(' ', "-").replace(',', "");
        }
        in_codes = line.starts_with("- Codes:") || in_codes && line.starts_with("  ");
        if in_codes {
            for name in line.split('`').skip(1).step_by(2) {
                rules.entry(name.to_owned()).or_default().push(slug.clone());
            }
        }
    }
    rules
}

/// Codes of failures that the script makes itself.
const IN_SCRIPT: &[Code] = &[
    Code::AmpDiffers,
    Code::Amount,
    Code::Camera,
    Code::Cancelled,
    Code::Descriptor,
    Code::DistributionOpen,
    Code::EngineStopped,
    Code::FeeRate,
    Code::KeptOtherwise,
    Code::KeysExposed,
    Code::LogBusy,
    Code::Network,
    Code::NoLocks,
    Code::NothingToDistribute,
    Code::Page,
    Code::ProofsUnsigned,
    Code::RecordChanged,
    Code::RecordDiffers,
    Code::ServerAddress,
    Code::Storage,
    Code::TooLarge,
    Code::TotalDiffers,
    Code::Unreadable,
    Code::Uuid,
];

fn script() -> String {
    let mut text = String::from(
        "// Written by tests/tests/codes.rs from wasm/src/hints.rs, the page's table. Do not edit it.\n\n/** What to do, by the codes of the failures that this script makes without the engine. */\nexport const HINTS = {\n",
    );
    for code in IN_SCRIPT {
        let hint = page::HINTS.of(*code).unwrap_or_else(|| panic!("the page has no hint of {code}"));
        let _ = writeln!(text, "  {code}: {},", serde_json::to_string(hint).unwrap());
    }
    text.push_str(
        "} as const;\n\n/** A code of one of them. */\nexport type ScriptCode = keyof typeof HINTS;\n",
    );
    text
}
