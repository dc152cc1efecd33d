//! A table of the rules in force beside the new ones. It fits the 80 columns that every terminal has.

use coldamp_cli::line::cell;
use coldamp_core::sign::review::{AssetChange, Effect, RuleChange};

/// Columns of a rule's name: the longest, `unconfidential_recipients`, has as many.
const NAME: usize = 25;
/// Columns of what is in force, and of what would be.
const CELL: usize = 25;

/// The rules of one asset.
pub(super) fn table(change: &AssetChange) -> Vec<String> {
    let mut lines = vec![
        format!("asset        {}", change.asset),
        row(' ', "", "in force", "new"),
        row(' ', &"-".repeat(NAME), &"-".repeat(CELL), &"-".repeat(CELL)),
    ];
    lines.extend(change.rules.iter().flat_map(rule));
    lines
}

/// The rules that become weaker, each with what it was and what it becomes. The operator decides by these lines.
pub(super) fn weaker(change: &AssetChange) -> Vec<String> {
    let rules: Vec<&RuleChange> = change.weaker().collect();
    let heading = match rules.len() {
        1 => format!("1 RULE BECOMES WEAKER for {}", change.asset),
        count => format!("{count} RULES BECOME WEAKER for {}", change.asset),
    };
    let words = |rule: &RuleChange| format!("  ! {}: {} becomes {}", rule.rule, rule.before, rule.after);
    std::iter::once(heading).chain(rules.into_iter().map(words)).collect()
}

/// A rule, on as many lines as its longer side takes.
fn rule(rule: &RuleChange) -> Vec<String> {
    let mark = match rule.effect {
        Effect::Same => ' ',
        Effect::Stricter => '+',
        Effect::Weaker => '!',
    };
    let (before, after) = (cell(&rule.before, CELL), cell(&rule.after, CELL));
    let part = |parts: &[String], index: usize| parts.get(index).cloned().unwrap_or_default();
    (0..before.len().max(after.len()))
        .map(|index| {
            let (mark, name) = if index == 0 { (mark, rule.rule.as_str()) } else { (' ', "") };
            row(mark, name, &part(&before, index), &part(&after, index))
        })
        .collect()
}

fn row(mark: char, name: &str, before: &str, after: &str) -> String {
    format!("{mark} {name:<NAME$} {before:<CELL$} {after}").trim_end().to_owned()
}
