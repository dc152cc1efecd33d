//! Every command that a document names exists, with the options that it names: held against the programs' own help.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use coldamp_tests::Desk;

const PROGRAMS: [&str; 2] = ["coldamp", "coldamp-online"];

/// The documents that tell of the programs as they are. docs/codes.md has every hint of theirs.
fn documents() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut paths = vec![root.join("README.md")];
    let entries = fs::read_dir(root.join("docs")).unwrap().map(|entry| entry.unwrap().path());
    paths.extend(entries.filter(|path| path.extension().is_some_and(|extension| extension == "md")));
    let read = |path: &Path| fs::read_to_string(path).unwrap();
    paths.iter().map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), read(path))).collect()
}

/// What stands in code: the lines of blocks, and the spans of text, which may go over the end of a line.
fn codes_in(document: &str) -> Vec<String> {
    let mut codes = Vec::new();
    for (number, part) in document.split("\n```").enumerate() {
        if number % 2 == 1 {
            codes.extend(part.lines().map(str::to_owned));
            continue;
        }
        // A span ends in its own paragraph: a single backtick somewhere misleads no further.
        for paragraph in part.split("\n\n") {
            let spans = paragraph.split('`').skip(1).step_by(2);
            codes.extend(spans.map(|span| span.split_whitespace().collect::<Vec<_>>().join(" ")));
        }
    }
    codes
}

/// What begins like a command and is none: the first line of a keystore's plaintext, and pictures.
fn is_no_command(code: &str) -> bool {
    code == "coldamp keystore 1" || code.contains('─')
}

/// The words of each command in a line of code: from a program's name to what belongs to another program.
fn commands_in(code: &str) -> Vec<Vec<&str>> {
    let parts = code.split([';', '|', '#']).flat_map(|part| part.split("&&"));
    parts
        .filter_map(|part| {
            let words: Vec<&str> = part.split_whitespace().collect();
            let program = words.iter().position(|word| PROGRAMS.contains(word))?;
            Some(words[program..].to_vec())
        })
        .collect()
}

/// The programs' help, asked once for each command.
#[derive(Default)]
struct Helps {
    desk: Desk,
    asked: BTreeMap<Vec<String>, String>,
}

impl Helps {
    fn of(&mut self, command: &[&str]) -> &str {
        let key: Vec<String> = command.iter().map(|word| (*word).to_owned()).collect();
        let desk = &self.desk;
        self.asked.entry(key).or_insert_with(|| {
            let arguments = command[1..].iter().copied().chain(["--help"]);
            desk.run_with(command[0], arguments).done().stdout
        })
    }

    /// What of a command there is not.
    fn missing(&mut self, words: &[&str]) -> Option<String> {
        let mut depth = 1;
        while let Some(word) = words.get(depth) {
            let help = self.of(&words[..depth]);
            let is_command =
                |line: &str| line.strip_prefix("  ").is_some_and(|rest| rest.split(' ').next() == Some(word));
            let (_, commands) = help.split_once("\nCommands:\n").unwrap_or_default();
            let (commands, _) = commands.split_once("\n\n").unwrap_or((commands, ""));
            if !commands.lines().any(is_command) {
                let is_word = word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
                if !commands.is_empty() && is_word && !word.starts_with('-') && !takes_arguments(help) {
                    return Some(format!("`{}` has no command {word}", words[..depth].join(" ")));
                }
                break;
            }
            depth += 1;
        }
        let help = self.of(&words[..depth]).to_owned();
        let options = words[depth..].iter().filter_map(|word| {
            let option = word.trim_start_matches(['[', '(']).strip_prefix("--")?;
            let end = option.find(|character: char| !character.is_ascii_lowercase() && character != '-');
            Some(&option[..end.unwrap_or(option.len())]).filter(|option| !option.is_empty())
        });
        let has = |option: &str| {
            let flag = format!("--{option}");
            help.match_indices(&flag).any(|(at, _)| {
                !help[at + flag.len()..].starts_with(|next: char| next.is_ascii_lowercase() || next == '-')
            })
        };
        let unknown: Vec<&str> =
            options.filter(|option| !["help", "version"].contains(option) && !has(option)).collect();
        let command = words[..depth].join(" ");
        (!unknown.is_empty()).then(|| format!("`{command}` has no --{}", unknown.join(", --")))
    }
}

/// Whether a command of commands works by itself, too.
fn takes_arguments(help: &str) -> bool {
    help.lines().any(|line| line.starts_with("Usage: ") && !line.contains("COMMAND"))
}

#[test]
fn every_command_and_option_that_a_document_names_exists() {
    let mut helps = Helps::default();
    let (mut found, mut count) = (Vec::new(), 0);
    for (name, document) in documents() {
        for code in codes_in(&document).into_iter().filter(|code| !is_no_command(code)) {
            for words in commands_in(&code) {
                count += 1;
                found.extend(helps.missing(&words).map(|missing| format!("{name}: {missing}, in `{code}`")));
            }
        }
    }
    assert!(count > 200, "{count} commands were found");
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn what_does_not_exist_is_found() {
    let mut helps = Helps::default();
    let mut missing =
        |code: &str| commands_in(code).iter().filter_map(|words| helps.missing(words)).collect::<Vec<_>>();
    assert_eq!(missing("cold$ coldamp key wach KEYS"), ["`coldamp key` has no command wach"]);
    assert_eq!(
        missing("x | coldamp-online qr show FILE --ur --fast | coldamp qr join [--ur]"),
        ["`coldamp-online qr show` has no --fast", "`coldamp qr join` has no --ur"]
    );
    assert_eq!(
        missing("`coldamp key watch KEYS -o FILE`; coldamp-online treasury --json"),
        Vec::<String>::new()
    );
    assert_eq!(codes_in("a `coldamp\nkey` b\n\n```\nc d\n```\n e `f`"), ["coldamp key", "", "c d", "f"]);
}
