//! The words of a mnemonic with their numbers, as they are written down and compared.

use zeroize::Zeroizing;

/// Words in a row, so that 24 of them fit on the smallest terminal.
const COLUMNS: usize = 4;

/// Room for the rows, so that the text never grows and leaves copies behind.
const BYTES: usize = 512;

/// The words in rows, each behind its number, counted from 1.
pub(super) fn numbered<'a>(words: impl ExactSizeIterator<Item = &'a str>) -> Zeroizing<String> {
    let count = words.len();
    let mut rows = Zeroizing::new(String::with_capacity(BYTES));
    for (position, word) in (1_usize..).zip(words) {
        rows.push_str(&format!("{position:>4}  "));
        rows.push_str(word);
        if position.is_multiple_of(COLUMNS) || position == count {
            rows.push('\n');
        } else {
            // The longest word of BIP-39 has eight letters.
            rows.extend(std::iter::repeat_n(' ', 8_usize.saturating_sub(word.len())));
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_numbered_in_rows_of_four() {
        let words = [&["abandon"; 14][..], &["about"]].concat();
        assert_eq!(
            numbered(words.into_iter()).as_str(),
            "   1  abandon    2  abandon    3  abandon    4  abandon\n\
             \x20  5  abandon    6  abandon    7  abandon    8  abandon\n\
             \x20  9  abandon   10  abandon   11  abandon   12  abandon\n\
             \x20 13  abandon   14  abandon   15  about\n"
        );
    }
}
