//! One QR code as half blocks, two modules above each other in a cell.

use qrcodegen::{DataTooLong, QrCode, QrCodeEcc, QrSegment, Version};

/// The white border in modules, as ISO/IEC 18004 requires.
pub(super) const QUIET: usize = 4;

/// Black on white whatever the terminal's own colours are. These two of the 256 are fixed; the first 16 are not: a theme may
/// draw its "black" in a light grey.
const COLOURS: &str = "\u{1b}[38;5;16;48;5;231m";
const OWN_COLOURS: &str = "\u{1b}[0m";

/// The most characters that a code of each version holds: alphanumeric, error correction L (ISO/IEC 18004 table 7).
const CAPACITIES: [usize; 40] = [
    25, 47, 77, 114, 154, 195, 224, 279, 335, 395, 468, 535, 619, 667, 758, 854, 938, 1_046, 1_153, 1_249,
    1_352, 1_460, 1_588, 1_704, 1_853, 1_990, 2_132, 2_223, 2_369, 2_520, 2_677, 2_840, 3_009, 3_183, 3_351,
    3_537, 3_729, 3_927, 4_087, 4_296,
];

/// The characters that a code of a version holds.
pub(super) fn capacity(version: u8) -> usize {
    let index = usize::from(version).checked_sub(1);
    index.and_then(|index| CAPACITIES.get(index)).copied().unwrap_or_default()
}

/// The largest version whose picture has at most so many modules a side, border included.
pub(super) fn version_within(modules: usize) -> Option<u8> {
    (1..=40).rev().find(|version| side(*version) <= modules)
}

/// Modules a side, border included.
pub(super) fn side(version: u8) -> usize {
    usize::from(version).saturating_mul(4).saturating_add(17 + 2 * QUIET)
}

/// A code of a text, of the smallest version that holds it from `least` on.
///
/// # Errors
/// When it does not fit the largest version allowed.
pub(super) fn code(text: &str, least: u8, most: u8) -> Result<QrCode, DataTooLong> {
    // Error correction is low, since a frame that was missed is shown again.
    let (least, most) = (least.clamp(1, 40), most.clamp(1, 40));
    let segments = QrSegment::make_segments(text);
    let (least, most) = (Version::new(least.min(most)), Version::new(most));
    QrCode::encode_segments_advanced(&segments, QrCodeEcc::Low, least, most, None, false)
}

/// The rows of a code on a terminal, with its border.
pub(super) fn rows(code: &QrCode) -> Vec<String> {
    let border = i32::try_from(QUIET).unwrap_or_default();
    let (from, to) = (0_i32.saturating_sub(border), code.size().saturating_add(border));
    let cell = |x: i32, y: i32| match (code.get_module(x, y), code.get_module(x, y.saturating_add(1))) {
        (false, false) => ' ',
        (true, false) => '▀',
        (false, true) => '▄',
        (true, true) => '█',
    };
    let row = |y: i32| -> String { (from..to).map(|x| cell(x, y)).collect() };
    (from..to).step_by(2).map(|y| format!("{COLOURS}{}{OWN_COLOURS}", row(y))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_says_what_a_version_holds() {
        for version in 1..=40 {
            let text = "A".repeat(capacity(version));
            assert_eq!(code(&text, 1, 40).unwrap().version().value(), version);
            assert!(code(&format!("{text}A"), 1, version).is_err(), "{version}");
        }
    }

    #[test]
    fn a_picture_is_as_large_as_its_version() {
        assert_eq!((side(1), side(27), side(40)), (29, 133, 185));
        assert_eq!((version_within(28), version_within(29), version_within(134)), (None, Some(1), Some(27)));
        assert_eq!(version_within(9_999), Some(40));
        let rows = rows(&code("HELLO", 3, 9).unwrap());
        assert_eq!(rows.len(), side(3).div_ceil(2));
        let cells = |row: &String| {
            row.strip_prefix(COLOURS).unwrap().strip_suffix(OWN_COLOURS).unwrap().chars().count()
        };
        assert!(rows.iter().all(|row| cells(row) == side(3)));
    }
}
