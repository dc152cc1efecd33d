//! The tree keeps to docs/rules.md, and docs/rules.md to the tree. What each check finds in a tree made by hand is tested
//! beside the check, in `src/rules.rs`.

use std::path::Path;
use std::sync::LazyLock;

use coldamp_core::code::Code;
use coldamp_tests::rules::Tree;

static TREE: LazyLock<Tree> = LazyLock::new(|| Tree::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("..")));

#[test]
fn every_rule_that_is_cited_exists() {
    none(&TREE.missing_headings());
}

#[test]
fn every_rule_is_cited_or_names_a_code() {
    none(&TREE.unused_rules());
}

#[test]
fn every_rule_is_in_the_index() {
    none(&TREE.rules_outside_the_index());
}

#[test]
fn the_codes_and_tests_that_a_rule_names_exist() {
    none(&TREE.missing_codes_and_tests());
}

#[test]
fn every_code_of_a_review_belongs_to_a_rule() {
    let rules = Code::ALL.iter().filter(|code| code.is_rule());
    let codes: Vec<&str> = rules.map(|code| code.as_str()).collect();
    none(&TREE.undescribed(&codes));
}

#[test]
fn nothing_is_cited_that_is_not_in_the_repository() {
    none(&TREE.outside_citations());
}

fn none(findings: &[String]) {
    assert!(findings.is_empty(), "\n{}", findings.join("\n"));
}
