//! Characters that a person does not see. They move the cursor, change the direction of writing, or have no width, so
//! a screen shows something else than the file holds (docs/rules.md#request-text).

/// The ranges of general category Cf, format, of Unicode 16.0 (UnicodeData.txt): 170 characters.
const FORMAT: &[(u32, u32)] = &[
    (0x00ad, 0x00ad),
    (0x0600, 0x0605),
    (0x061c, 0x061c),
    (0x06dd, 0x06dd),
    (0x070f, 0x070f),
    (0x0890, 0x0891),
    (0x08e2, 0x08e2),
    (0x180e, 0x180e),
    (0x200b, 0x200f),
    (0x202a, 0x202e),
    (0x2060, 0x2064),
    (0x2066, 0x206f),
    (0xfeff, 0xfeff),
    (0xfff9, 0xfffb),
    (0x110bd, 0x110bd),
    (0x110cd, 0x110cd),
    (0x13430, 0x1343f),
    (0x1bca0, 0x1bca3),
    (0x1d173, 0x1d17a),
    (0xe0001, 0xe0001),
    (0xe0020, 0xe007f),
];

/// Whether a character is a control (Cc), a format character (Cf), or a line or paragraph separator (Zl, Zp).
pub(super) fn is_unseen(character: char) -> bool {
    let code = u32::from(character);
    let format = FORMAT.iter().any(|(first, last)| (*first..=*last).contains(&code));
    character.is_control() || format || matches!(character, '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn controls_bidirectional_and_zero_width_characters_are_unseen() {
        for character in [
            '\0',
            '\t',
            '\n',
            '\u{1b}',
            '\u{7f}',
            '\u{85}',
            '\u{9b}',
            '\u{ad}',
            '\u{61c}',
            '\u{200b}',
            '\u{200e}',
            '\u{202e}',
            '\u{2028}',
            '\u{2029}',
            '\u{2060}',
            '\u{2066}',
            '\u{feff}',
            '\u{e0041}',
        ] {
            assert!(is_unseen(character), "{:04x}", u32::from(character));
        }
    }

    #[test]
    fn letters_signs_and_blanks_are_seen() {
        for character in " az~é߀中🦀\u{a0}\u{3000}\u{2027}\u{202f}\u{2065}\u{fffc}".chars() {
            assert!(!is_unseen(character), "{:04x}", u32::from(character));
        }
    }

    #[test]
    fn the_table_is_in_order_and_has_as_many_characters_as_unicode_16() {
        assert!(FORMAT.windows(2).all(|pair| pair[0].1 < pair[1].0));
        assert_eq!(FORMAT.iter().map(|(first, last)| last - first + 1).sum::<u32>(), 170);
    }
}
