//! Checks docs/rules.md against the tree. Every rule that a file cites exists, every rule is cited or names a code, the
//! codes and tests that it names exist, and no file cites a document that is not in the repository. Each check returns a
//! line for each finding.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// Where the rules are.
const RULES: &str = "docs/rules.md";

/// Folders of what is generated, downloaded or recorded by a tool.
const SKIPPED: [&str; 8] =
    [".git", ".test", "__pycache__", "dist", "node_modules", "pkg", "results", "target"];

/// Files whose text is read. Others only have to exist.
const TEXT: [&str; 11] = ["css", "html", "js", "md", "mjs", "py", "rs", "toml", "ts", "tsx", "txt"];

/// Folders of the code that gives out codes.
const PRODUCT: [&str; 7] = ["cli/", "core/", "offline-cli/", "online-cli/", "online/", "wasm/", "web/src/"];

/// Names of documents that earlier comments cited and that are not in the repository. Written in two parts, so that this
/// file does not find itself.
const OUTSIDE: [&str; 5] = [
    concat!("security", ".md"),
    concat!("design", ".md"),
    concat!("house", ".md"),
    concat!("reference", "/"),
    concat!("cata", "logue"),
];

/// The files of a repository, by their paths from its root.
#[derive(Debug, Default)]
pub struct Tree {
    paths: BTreeSet<String>,
    texts: BTreeMap<String, String>,
}

/// A rule of docs/rules.md.
struct Rule {
    anchor: String,
    codes: Vec<String>,
    tests: Vec<String>,
}

impl Tree {
    /// Reads every file below a folder, except what is generated.
    ///
    /// # Panics
    /// If a folder or a text cannot be read.
    pub fn read(root: &Path) -> Self {
        let mut tree = Tree::default();
        tree.add(root, "");
        tree
    }

    fn add(&mut self, folder: &Path, prefix: &str) {
        let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        for entry in entries {
            let entry = entry.unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
            let name = entry.file_name().into_string().expect("a name in UTF-8");
            let path = format!("{prefix}{name}");
            let kind = entry.file_type().expect("a type of file");
            if kind.is_dir() && !SKIPPED.contains(&name.as_str()) {
                self.add(&entry.path(), &format!("{path}/"));
            } else if kind.is_file() {
                if name.rsplit_once('.').is_none_or(|(_, extension)| TEXT.contains(&extension)) {
                    let text = fs::read_to_string(entry.path());
                    self.texts.insert(path.clone(), text.unwrap_or_else(|error| panic!("{path}: {error}")));
                }
                self.paths.insert(path);
            }
        }
    }

    fn text(&self, path: &str) -> &str {
        self.texts.get(path).map_or("", String::as_str)
    }

    /// Citations of a heading in `docs/` that does not exist.
    pub fn missing_headings(&self) -> Vec<String> {
        let anchors: BTreeMap<&str, BTreeSet<String>> = self
            .texts
            .iter()
            .filter(|(path, _)| path.starts_with("docs/"))
            .map(|(path, text)| (path.as_str(), headings(text).map(|(_, anchor)| anchor).collect()))
            .collect();
        let mut findings = Vec::new();
        for (path, text) in &self.texts {
            for (document, anchor) in citations(path, text) {
                if anchors.get(document.as_str()).is_some_and(|anchors| !anchors.contains(&anchor)) {
                    findings.push(format!("{path} cites {document}#{anchor}, which is no heading there"));
                }
            }
        }
        findings
    }

    /// Rules that no source file cites and that name no code.
    pub fn unused_rules(&self) -> Vec<String> {
        let sources = self.texts.iter().filter(|(path, _)| !path.starts_with("docs/"));
        let cited: BTreeSet<String> = sources
            .flat_map(|(path, text)| citations(path, text))
            .filter(|(document, _)| document == RULES)
            .map(|(_, anchor)| anchor)
            .collect();
        let unused =
            self.rules().into_iter().filter(|rule| rule.codes.is_empty() && !cited.contains(&rule.anchor));
        unused
            .map(|rule| format!("{RULES}#{} is cited by no source file and names no code", rule.anchor))
            .collect()
    }

    /// Rules that the index of docs/rules.md leaves out.
    pub fn rules_outside_the_index(&self) -> Vec<String> {
        let (_, index) = self.text(RULES).split_once("\n## Index\n").unwrap_or_default();
        let index = index.split("\n## ").next().unwrap_or_default();
        let listed: BTreeSet<String> =
            citations(RULES, index).into_iter().map(|(_, anchor)| anchor).collect();
        let outside = self.rules().into_iter().filter(|rule| !listed.contains(&rule.anchor));
        outside.map(|rule| format!("the index of {RULES} leaves out #{}", rule.anchor)).collect()
    }

    /// Codes of a rule that the product does not give out, rules without a test, and tests that are not there.
    pub fn missing_codes_and_tests(&self) -> Vec<String> {
        let is_product = |path: &&String| PRODUCT.iter().any(|folder| path.starts_with(folder));
        let product: BTreeSet<&str> = self
            .texts
            .iter()
            .filter(|(path, _)| is_product(path))
            .flat_map(|(_, text)| words(text))
            .collect();
        let exists = |test: &String| {
            self.paths.contains(test) || self.paths.contains(&format!("tests/tests/hostile/{test}"))
        };
        let mut findings = Vec::new();
        for rule in self.rules() {
            let of_rule = |what: String| format!("{RULES}#{} names {what}", rule.anchor);
            let codes = rule.codes.iter().filter(|code| !product.contains(code.as_str()));
            findings.extend(codes.map(|code| of_rule(format!("{code}, a code that nothing gives out"))));
            let tests = rule.tests.iter().filter(|test| !exists(test));
            findings.extend(tests.map(|test| of_rule(format!("{test}, a test that does not exist"))));
            if rule.tests.is_empty() {
                findings.push(of_rule("no test".to_owned()));
            }
        }
        findings
    }

    /// Those of these codes that docs/rules.md does not mention.
    pub fn undescribed(&self, codes: &[&str]) -> Vec<String> {
        let described: BTreeSet<&str> = words(self.text(RULES)).collect();
        let missing = codes.iter().filter(|code| !described.contains(**code));
        missing.map(|code| format!("{RULES} does not say which rule {code} enforces")).collect()
    }

    /// Lines that cite a document which is not in the repository, or a row of one by its number.
    pub fn outside_citations(&self) -> Vec<String> {
        let mut findings = Vec::new();
        for (path, text) in &self.texts {
            for (number, line) in text.lines().enumerate() {
                let named = OUTSIDE.iter().any(|name| line.contains(name));
                let row = line
                    .match_indices("row ")
                    .any(|(at, word)| line.as_bytes().get(at + word.len()).is_some_and(u8::is_ascii_digit));
                if named || row {
                    findings
                        .push(format!("{path}:{} cites what is not in the repository: {line}", number + 1));
                }
            }
        }
        findings
    }

    /// The rules: every heading of the third level.
    fn rules(&self) -> Vec<Rule> {
        let text = self.text(RULES);
        let sections =
            text.split("\n### ").skip(1).map(|section| section.split("\n## ").next().unwrap_or(section));
        sections
            .map(|section| {
                let (title, body) = section.split_once('\n').unwrap_or((section, ""));
                let (before_tests, tests) = body.split_once("Tests:").unwrap_or((body, ""));
                let (_, codes) = before_tests.split_once("Codes:").unwrap_or(("", ""));
                let is_code = |word: &&str| {
                    word.bytes()
                        .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
                };
                Rule {
                    anchor: anchor(title),
                    codes: quoted(codes).filter(is_code).map(str::to_owned).collect(),
                    tests: quoted(tests).map(str::to_owned).collect(),
                }
            })
            .collect()
    }
}

/// The headings of a Markdown text outside of code blocks: level and anchor.
fn headings(text: &str) -> impl Iterator<Item = (usize, String)> {
    let mut in_code = false;
    text.lines().filter_map(move |line| {
        if line.starts_with("```") {
            in_code = !in_code;
        }
        let title = line.trim_start_matches('#');
        let level = line.len() - title.len();
        (!in_code && level > 0 && title.starts_with(' ')).then(|| (level, anchor(title)))
    })
}

/// The anchor that GitHub gives a heading: lower case, blanks as hyphens, no other punctuation.
fn anchor(title: &str) -> String {
    let kept = |character: &char| character.is_alphanumeric() || matches!(character, ' ' | '-' | '_');
    title
        .trim()
        .to_lowercase()
        .chars()
        .filter(kept)
        .map(|kept| if kept == ' ' { '-' } else { kept })
        .collect()
}

/// The headings of documents in `docs/` that a text cites: document and anchor. A link without a document is to the
/// text itself.
fn citations(path: &str, text: &str) -> Vec<(String, String)> {
    let is_name = |character: char| character.is_ascii_alphanumeric() || matches!(character, '-' | '_');
    let anchor_at = |rest: &str| rest.chars().take_while(|character| is_name(*character)).collect();
    let mut cited = Vec::new();
    for (at, mark) in text.match_indices(".md#") {
        let before = &text[..at];
        let name = &before[before.trim_end_matches(is_name).len()..];
        cited.push((format!("docs/{name}.md"), anchor_at(&text[at + mark.len()..])));
    }
    for (at, mark) in text.match_indices("](#") {
        cited.push((path.to_owned(), anchor_at(&text[at + mark.len()..])));
    }
    cited
}

/// What a text has between backticks.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// The words of a text, underscores included.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|character: char| !character.is_ascii_alphanumeric() && character != '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES_TEXT: &str = "# Rules\n\n## Index\n\n[one](#first-rule), [two](#second-rule-more)\n\n## Part\n\n### First rule\n\nIt holds.\n\nCodes: `A_CODE`. \
                              Tests: `rows.rs`.\n\n### Second `rule`: more\n\nIt holds.\n\nTests: `core/src/b.rs`.\n";

    fn tree(files: &[(&str, &str)]) -> Tree {
        let honest = [
            (RULES, RULES_TEXT),
            ("core/src/a.rs", "const CODE: &str = \"A_CODE\"; // docs/rules.XX#second-rule-more."),
            ("core/src/b.rs", ""),
            ("tests/tests/hostile/rows.rs", ""),
        ];
        let files: BTreeMap<&str, &str> = honest.into_iter().chain(files.iter().copied()).collect();
        // The citations are spelled so that the check of the real tree does not find them here.
        let texts = files.iter().map(|(path, text)| ((*path).to_owned(), text.replace("XX#", "md#")));
        Tree { paths: files.keys().map(|path| (*path).to_owned()).collect(), texts: texts.collect() }
    }

    #[test]
    fn a_tree_that_keeps_to_its_rules_has_no_finding() {
        let tree = tree(&[]);
        assert_eq!(tree.missing_headings(), [""; 0]);
        assert_eq!(tree.unused_rules(), [""; 0]);
        assert_eq!(tree.rules_outside_the_index(), [""; 0]);
        assert_eq!(tree.missing_codes_and_tests(), [""; 0]);
        assert_eq!(tree.undescribed(&["A_CODE"]), [""; 0]);
        assert_eq!(tree.outside_citations(), [""; 0]);
    }

    #[test]
    fn a_citation_of_a_rule_that_does_not_exist_is_found() {
        let tree = tree(&[
            ("web/src/c.ts", "// (docs/rules.XX#third-rule)"),
            ("docs/other.md", "[x](rules.XX#part-2)"),
        ]);
        let found = tree.missing_headings();
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(
            found[0].contains("docs/other.md") && found[0].ends_with("#part-2, which is no heading there")
        );
        assert!(found[1].contains("#third-rule"));
    }

    #[test]
    fn a_rule_that_nobody_cites_and_that_names_no_code_is_found() {
        let found = tree(&[("core/src/a.rs", "A_CODE")]).unused_rules();
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].contains("#second-rule-more"));
    }

    #[test]
    fn a_rule_that_the_index_leaves_out_is_found() {
        let text =
            RULES_TEXT.replace("(#first-rule)", "(#part)").replace("It holds.", "See [one](#first-rule).");
        let found = tree(&[(RULES, &text)]).rules_outside_the_index();
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].ends_with("#first-rule"));
    }

    #[test]
    fn a_code_that_nothing_gives_out_and_a_test_that_does_not_exist_are_found() {
        let found = tree(&[("core/src/a.rs", "ANOTHER_A_CODE")]).missing_codes_and_tests();
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].contains("A_CODE"));
        let text = RULES_TEXT.replace("rows.rs", "gone.rs").replace("`core/src/b.rs`", "none");
        let found = tree(&[(RULES, &text)]).missing_codes_and_tests();
        assert_eq!(found.len(), 2, "{found:?}");
        assert_eq!(tree(&[]).undescribed(&["A_CODE", "B_CODE"]).len(), 1);
    }

    #[test]
    fn a_citation_of_what_is_not_in_the_repository_is_found_by_its_line() {
        for name in OUTSIDE {
            let found = tree(&[("core/src/b.rs", &format!("//! a\n//! b ({name})"))]).outside_citations();
            assert_eq!(found.len(), 1, "{name}: {found:?}");
            assert!(found[0].starts_with("core/src/b.rs:2 "));
        }
        let row =
            |number: &str| tree(&[("core/src/b.rs", &format!("//! row {number}"))]).outside_citations().len();
        assert_eq!((row("7"), row("seven")), (1, 0));
        assert_eq!(tree(&[("README.md", "[how to report](SECURITY.md)")]).outside_citations(), [""; 0]);
    }
}
