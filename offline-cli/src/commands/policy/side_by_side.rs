//! Old and new side by side, a rule a line, within the 80 columns that every terminal has.

use coldamp_cli::terminal::WIDTH;
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

/// The names of the rules that become weaker, below each other's words and not beside them: this is what counts.
pub(super) fn weaker(change: &AssetChange) -> Vec<String> {
    let rules: Vec<&RuleChange> = change.weaker().collect();
    let heading = match rules.len() {
        1 => format!("1 RULE BECOMES WEAKER for {}", change.asset),
        count => format!("{count} RULES BECOME WEAKER for {}", change.asset),
    };
    let mut lines = within_width(&heading);
    for rule in rules {
        let words = format!("{}: {} becomes {}", rule.rule, rule.before, rule.after);
        for (index, part) in wrapped(&words, WIDTH - 4).into_iter().enumerate() {
            lines.push(format!("{}{part}", if index == 0 { "  ! " } else { "    " }));
        }
    }
    lines
}

/// A line, broken where a terminal would break it.
pub(super) fn within_width(line: &str) -> Vec<String> {
    wrapped(line, WIDTH)
}

/// A rule, on as many lines as its longer side takes.
fn rule(rule: &RuleChange) -> Vec<String> {
    let mark = match rule.effect {
        Effect::Same => ' ',
        Effect::Stricter => '+',
        Effect::Weaker => '!',
    };
    let (before, after) = (wrapped(&rule.before, CELL), wrapped(&rule.after, CELL));
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

/// Cuts a text at blanks, and where a word alone is too long, inside of it.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let mut word: Vec<char> = word.chars().collect();
        while let Some(last) = lines.last_mut() {
            let used = last.chars().count();
            let gap = usize::from(used > 0);
            let room = width.saturating_sub(used).saturating_sub(gap);
            if word.len() <= room {
                last.extend(std::iter::repeat_n(' ', gap).chain(word.drain(..)));
                break;
            }
            // A word that fits on a line of its own is not cut.
            if used == 0 {
                let rest = word.split_off(width.min(word.len()));
                last.extend(word);
                word = rest;
            }
            lines.push(String::new());
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_at_blanks_and_long_words_inside() {
        assert_eq!(wrapped("one two three", 7), ["one two", "three"]);
        assert_eq!(wrapped("abcdefghij", 4), ["abcd", "efgh", "ij"]);
        assert_eq!(wrapped("ab cdefghij k", 4), ["ab", "cdef", "ghij", "k"]);
        assert_eq!(wrapped("", 4), [""]);
    }
}
