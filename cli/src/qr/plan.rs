//! How many frames of which size a terminal shows.

use coldamp_core::transport::kind::Kind;
use qrcodegen::QrCode;

use super::form::{Codes, Form, Refused};
use super::picture::{capacity, code, side, version_within};
use crate::terminal::Size;

/// The largest version without a wish for another: cameras read larger ones badly (BBQr.md, "27 is a sweet spot").
pub(super) const USUAL_VERSION: u8 = 27;

/// More frames than this are told to be many: half a minute a round, and a frame that was missed costs another round.
const MANY: usize = 100;

/// The frames of a file on a terminal.
pub(super) struct Plan {
    frames: Vec<String>,
    /// How many of the frames are needed, if none is missed.
    needed: usize,
    version: u8,
}

/// Why there is none.
pub(super) enum NoPlan {
    /// A code of the file has more modules than the terminal has cells for.
    Terminal {
        /// Columns and rows that would do.
        needed: Size,
    },
    /// The file is not shown in this form.
    Refused(Refused),
}

impl Plan {
    /// For a terminal, of which `width` columns are used at most. One row is kept for words.
    ///
    /// # Errors
    /// When a frame does not fit, or the file cannot be split.
    pub(super) fn of(
        form: &dyn Form,
        kind: Kind,
        file: &[u8],
        size: Size,
        width: Option<u16>,
    ) -> Result<Self, NoPlan> {
        let columns = width.map_or(size.columns, |width| size.columns.min(usize::from(width)));
        let modules = columns.min(size.rows.saturating_sub(1).saturating_mul(2));
        let smallest = || NoPlan::Terminal { needed: needed(1) };
        let most = version_within(modules).ok_or_else(smallest)?;
        let most = if width.is_some() { most } else { most.min(form.usual_version()) };
        let Codes { texts: frames, needed: needed_frames } =
            form.codes(kind, file, capacity(most)).map_err(NoPlan::Refused)?;
        // All of one version, so that the picture does not change its size: that of the longest.
        let longest = frames.iter().max_by_key(|frame| frame.len()).map(String::as_str).unwrap_or_default();
        match code(longest, 1, most) {
            Ok(code) => Ok(Plan { version: code.version().value(), frames, needed: needed_frames }),
            Err(_) => {
                let version = code(longest, 1, 40).map_or(40, |code| code.version().value());
                Err(NoPlan::Terminal { needed: needed(version) })
            }
        }
    }

    /// The texts of the codes.
    pub(super) fn frames(&self) -> &[String] {
        &self.frames
    }

    /// Whether its pictures fit a terminal.
    pub(super) fn fits(&self, size: Size) -> bool {
        let needed = needed(self.version);
        size.rows >= needed.rows && size.columns >= needed.columns
    }

    /// The code of a frame. `None` for a number that is none.
    pub(super) fn code(&self, index: usize) -> Option<QrCode> {
        code(self.frames.get(index)?, self.version, self.version).ok()
    }

    /// How much there is to show, in words.
    pub(super) fn told(&self, fps: u32) -> String {
        let version = self.version;
        match self.frames.len() {
            1 => format!("1 QR code of version {version}"),
            count => {
                let seconds = count.div_ceil(usize::try_from(fps.max(1)).unwrap_or(1));
                let plural = if seconds == 1 { "" } else { "s" };
                let mixed = match count.saturating_sub(self.needed) {
                    0 => String::new(),
                    mixed => format!(", of which {mixed} stand for some that were missed"),
                };
                format!(
                    "{count} QR codes of version {version}{mixed}; a round takes {seconds} second{plural} at {fps} codes a second"
                )
            }
        }
    }

    /// Whether a file on a stick is the better way.
    pub(super) fn is_long(&self) -> bool {
        self.needed > MANY
    }
}

/// What a terminal needs for a version, with a row of words.
pub(super) fn needed(version: u8) -> Size {
    Size { rows: side(version).div_ceil(2).saturating_add(1), columns: side(version) }
}

#[cfg(test)]
mod tests {
    use super::super::form::Bbqr;
    use super::*;

    const ADDRESS: &str = "el1qq0umk3pez693jrrlxz9ndlkuwne93gdu9g83mhhzuyf46e3mdzfpva0w48gqgzgrklncnm0k5zeyw8my2ypfsmxh4xcjh2rse";

    fn plan(file: &str, rows: usize, columns: usize, width: Option<u16>) -> Result<Plan, NoPlan> {
        Plan::of(&Bbqr, Kind::of(file.as_bytes()).unwrap(), file.as_bytes(), Size { rows, columns }, width)
    }

    fn signatures(characters: usize) -> String {
        let mut state = 1_u64;
        let mut digit = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            char::from_digit(u32::try_from(state >> 60).unwrap(), 16).unwrap()
        };
        let digits: String = (0..characters).map(|_| digit()).collect();
        format!("{{\"schema\":\"coldamp.signatures/1\",\"x\":\"{digits}\"}}\n")
    }

    #[test]
    fn a_larger_terminal_takes_fewer_frames() {
        let file = signatures(9_000);
        let count =
            |rows, columns, width| plan(&file, rows, columns, width).ok().map(|plan| plan.frames.len());
        let (small, usual, large) = (count(24, 80, None), count(68, 240, None), count(200, 300, None));
        assert!(small > usual && usual == large, "{small:?} {usual:?} {large:?}");
        assert!(count(200, 300, Some(185)) < usual, "a width that was asked for may be larger");
        assert!(count(68, 240, Some(60)) > usual);
    }

    #[test]
    fn all_frames_have_one_version_and_fit() {
        let size = Size { rows: 40, columns: 80 };
        let plan = plan(&signatures(3_000), 40, 80, None).ok().unwrap();
        assert!(plan.frames.len() > 1 && plan.fits(size) && !plan.fits(Size { rows: 20, ..size }));
        let sizes: Vec<i32> = (0..plan.frames.len()).map(|index| plan.code(index).unwrap().size()).collect();
        assert!(sizes.iter().all(|size| *size == sizes[0]), "{sizes:?}");
        assert!(plan.code(plan.frames.len()).is_none());
    }

    #[test]
    fn a_terminal_that_is_too_small_is_told_what_would_do() {
        for (rows, columns) in [(10, 80), (24, 28), (24, 40)] {
            let Err(NoPlan::Terminal { needed }) = plan(ADDRESS, rows, columns, None) else {
                panic!("{rows} {columns}")
            };
            assert!(needed.rows > rows || needed.columns > columns, "{needed:?}");
        }
        assert!(plan(ADDRESS, 24, 80, None).is_ok());
    }
}
