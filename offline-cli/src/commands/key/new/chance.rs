//! Whether rolls of dice that alone make the words can be chance. Nothing can prove that they are. These checks refuse what
//! fair dice do less than once in a million times. No refusal quotes what was typed.
//!
//! What is mixed with the system's randomness is not checked: without knowing that part, nobody knows the words.

use coldamp_cli::{Exit, Failure};

use crate::input::strength::is_echo;

/// Why rolls are refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum ChanceError {
    /// Loaded dice, or rolls that somebody made up.
    #[error("the faces do not come up as on fair dice: some too often, some too seldom")]
    Biased,
    /// A roll that was repeated, or `123456123456`.
    #[error("the rolls repeat a pattern")]
    Repeated,
}

impl From<ChanceError> for Failure {
    fn from(error: ChanceError) -> Self {
        let hint = match error {
            ChanceError::Biased => "Nothing was made. Use other dice, and type every roll as it falls.",
            ChanceError::Repeated => "Nothing was made. Run it again, and type every roll as it falls.",
        };
        Failure::new(Exit::Refused, error.to_string(), hint)
    }
}

/// Refuses rolls that no fair dice show.
///
/// # Errors
/// When the faces are biased, or the rolls repeat themselves.
pub(super) fn check_dice(rolls: &str) -> Result<(), ChanceError> {
    check_fair(rolls)?;
    // At some distance of up to half their length, three quarters of the rolls come again. A slip does not hide a pattern.
    if is_echo(rolls.as_bytes()) {
        return Err(ChanceError::Repeated);
    }
    Ok(())
}

/// Refuses dice with a chi-square above 36, with five degrees of freedom: one in a million fair dice. Both sides are
/// multiplied by 6 n, so that integers suffice.
fn check_fair(rolls: &str) -> Result<(), ChanceError> {
    let total = rolls.len();
    let distance = |face: char| rolls.matches(face).count().saturating_mul(6).abs_diff(total);
    let sum = ('1'..='6').map(distance).fold(0_usize, |sum, d| sum.saturating_add(d.saturating_mul(d)));
    if sum > total.saturating_mul(36 * 6) {
        return Err(ChanceError::Biased);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rolls with these counts of the faces.
    fn rolls(counts: [usize; 6]) -> String {
        ["1", "2", "3", "4", "5", "6"].iter().zip(counts).map(|(face, count)| face.repeat(count)).collect()
    }

    #[test]
    fn a_chi_square_of_36_is_the_most_that_passes() {
        assert_eq!(check_fair(&rolls([32, 20, 8, 8, 8, 8])), Ok(()));
        assert_eq!(check_fair(&rolls([36, 0, 18, 18, 18, 18])), Ok(()));
        assert_eq!(check_fair(&rolls([33, 19, 8, 8, 8, 8])), Err(ChanceError::Biased));
        assert_eq!(check_fair(&rolls([37, 0, 17, 18, 18, 18])), Err(ChanceError::Biased));
        assert_eq!(check_fair(&rolls([16, 17, 17, 16, 17, 16])), Ok(()));
        assert_eq!(check_fair(&rolls([99, 0, 0, 0, 0, 0])), Err(ChanceError::Biased));
    }

    #[test]
    fn patterns_are_found_even_with_a_slip_in_them() {
        for typed in ["123456".repeat(9), format!("{}7{}", "123456".repeat(8), "123456".repeat(8))] {
            assert_eq!(check_dice(&typed), Err(ChanceError::Repeated), "{typed}");
        }
    }

    #[test]
    fn fair_rolls_pass() {
        for typed in [
            "13336343643643641562261422122524221214416145464326",
            "133363436436436415622614221225242212144161454643266122155666664444633643543353132626522332412313253",
        ] {
            assert_eq!(check_dice(typed), Ok(()), "{typed}");
        }
    }
}
