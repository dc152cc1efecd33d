//! Lists and names in messages: cut to what a screen can show, with the number of what is left out. Files and chain data
//! may be as long as their author likes, and must not scroll a refusal or a warning off the screen.

use std::collections::BTreeMap;
use std::fmt;

use elements::OutPoint;

use crate::limits::MAX_LISTED_ITEMS;

/// An outpoint as people and other tools write it: `TXID:VOUT`. elements' own Display puts `[elements]` before it, which
/// nothing else reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CoinName(pub OutPoint);

impl fmt::Display for CoinName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.0.txid, self.0.vout)
    }
}

/// Outpoints as [`listed`] writes a list.
pub fn coins<'a>(outpoints: impl IntoIterator<Item = &'a OutPoint>) -> String {
    listed(outpoints.into_iter().map(|outpoint| CoinName(*outpoint)))
}

/// The first [`MAX_LISTED_ITEMS`] items with commas between them, and how many more there are.
pub fn listed<T: fmt::Display>(items: impl IntoIterator<Item = T>) -> String {
    let mut items = items.into_iter();
    let first: Vec<String> = items.by_ref().take(MAX_LISTED_ITEMS).map(|item| item.to_string()).collect();
    match items.count() {
        0 => first.join(", "),
        more => format!("{} and {more} more", first.join(", ")),
    }
}

/// The first characters of a text, and an ellipsis where there are more.
pub fn beginning(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// The last characters of a text, and an ellipsis where there are more: of a domain, whose end says whose it is.
pub fn ending(text: &str, most: usize) -> String {
    match text.chars().count().checked_sub(most).filter(|hidden| *hidden > 0) {
        Some(hidden) => format!("…{}", text.chars().skip(hidden).collect::<String>()),
        None => text.to_owned(),
    }
}

/// The items in their order, of each kind at most as many as `most` says. `more` is told, for the last item that stays
/// of a kind, how many of that kind are left out.
pub(crate) fn at_most_of_each<T, K: Ord>(
    items: Vec<T>,
    kind: impl Fn(&T) -> K,
    most: impl Fn(&K) -> usize,
    more: impl Fn(&mut T, usize),
) -> Vec<T> {
    let mut kept: Vec<T> = Vec::new();
    // By kind: how many there were, and the place of the last one kept.
    let mut seen: BTreeMap<K, Seen> = BTreeMap::new();
    for item in items {
        let kind = kind(&item);
        let most = most(&kind);
        let seen = seen.entry(kind).or_default();
        if seen.kept < most {
            seen.kept = seen.kept.saturating_add(1);
            seen.last = kept.len();
            kept.push(item);
        } else {
            seen.hidden = seen.hidden.saturating_add(1);
        }
    }
    for seen in seen.into_values().filter(|seen| seen.hidden > 0) {
        if let Some(last) = kept.get_mut(seen.last) {
            more(last, seen.hidden);
        }
    }
    kept
}

/// What [`at_most_of_each`] knows of a kind.
#[derive(Default)]
struct Seen {
    kept: usize,
    last: usize,
    hidden: usize,
}

#[cfg(test)]
mod tests {
    use super::*;
    use elements::Txid;

    #[test]
    fn an_outpoint_is_written_as_other_tools_read_it() {
        let outpoint = OutPoint::new(Txid::from_byte_array([0xab; 32]), 7);
        let text = format!("{}:7", "ab".repeat(32));
        assert_eq!(CoinName(outpoint).to_string(), text);
        assert_eq!(coins(&[outpoint, outpoint]), format!("{text}, {text}"));
        assert_eq!(text.parse::<OutPoint>(), Ok(outpoint));
    }

    #[test]
    fn a_long_list_is_cut_and_counted() {
        assert_eq!(listed([""; 0]), "");
        assert_eq!(listed(1..=3), "1, 2, 3");
        assert_eq!(listed(1..=8), "1, 2, 3, 4, 5, 6, 7, 8");
        assert_eq!(listed(1..=60_000), "1, 2, 3, 4, 5, 6, 7, 8 and 59992 more");
    }

    #[test]
    fn a_long_text_is_cut_where_the_other_end_matters() {
        assert_eq!((beginning("abc", 3), ending("abc", 3)), ("abc".to_owned(), "abc".to_owned()));
        assert_eq!((beginning("äöü", 2), ending("äöü", 2)), ("äö…".to_owned(), "…öü".to_owned()));
    }

    #[test]
    fn of_each_kind_the_first_stay_and_the_last_of_them_counts_the_others() {
        let items = vec!["a1", "b1", "a2", "a3", "c1", "a4", "b2"];
        let items: Vec<String> = items.into_iter().map(str::to_owned).collect();
        let kind = |item: &String| item.get(..1).unwrap_or_default().to_owned();
        let more = |item: &mut String, hidden: usize| item.push_str(&format!("+{hidden}"));
        let most = |kind: &String| if kind == "b" { 9 } else { 2 };
        assert_eq!(at_most_of_each(items, kind, most, more), ["a1", "b1", "a2+2", "c1", "b2"]);
    }
}
