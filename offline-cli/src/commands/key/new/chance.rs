//! Whether what was typed or rolled can be chance. Nothing can prove that it is; these refuse what fair dice and
//! careless fingers do not do once in a million times. No refusal quotes what was typed.

use coldamp_cli::{Exit, Failure};

use crate::input::strength::is_echo;

/// Why it is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum ChanceError {
    /// Fewer bits than the words have, or nobody can say how many.
    #[error("found {found} {what}; expected at least {needed}")]
    TooFew {
        /// What was counted.
        what: &'static str,
        /// How many there are.
        found: usize,
        /// How many there have to be.
        needed: usize,
    },
    /// Loaded dice, or rolls that somebody thought up.
    #[error("the faces do not come up as fair dice show them: some too often, some too seldom")]
    Biased,
    /// A key held down, `asdfasdf`, `123456123456`.
    #[error("the {what} repeat a pattern")]
    Repeated {
        /// What was typed.
        what: &'static str,
    },
}

impl From<ChanceError> for Failure {
    fn from(error: ChanceError) -> Self {
        let hint = match error {
            ChanceError::TooFew { .. } => {
                "nothing was made; run it again and go on until it asks for no more"
            }
            ChanceError::Biased => "nothing was made; take other dice, and type every roll as it falls",
            ChanceError::Repeated { .. } => {
                "nothing was made; run it again, with rolls as they fall or keys as they come"
            }
        };
        Failure::new(Exit::Refused, error.to_string(), hint)
    }
}

/// Refuses less than is needed, counted in characters.
///
/// # Errors
/// When it is.
pub(super) fn check_count(what: &'static str, typed: &str, needed: usize) -> Result<(), ChanceError> {
    let found = typed.chars().count();
    if found < needed {
        return Err(ChanceError::TooFew { what, found, needed });
    }
    Ok(())
}

/// Refuses dice with a chi-square above 36, with five degrees of freedom: one in a million fair dice. Multiplied by
/// 6 n throughout, so that integers do.
///
/// # Errors
/// When it is above.
pub(super) fn check_fair(rolls: &str) -> Result<(), ChanceError> {
    let total = rolls.len();
    let distance = |face: char| rolls.matches(face).count().saturating_mul(6).abs_diff(total);
    let sum = ('1'..='6').map(distance).fold(0_usize, |sum, d| sum.saturating_add(d.saturating_mul(d)));
    if sum > total.saturating_mul(36 * 6) {
        return Err(ChanceError::Biased);
    }
    Ok(())
}

/// Refuses what is its own echo: at some distance of up to half its length, three quarters of it come again. So a
/// slip in a pattern does not hide it. Fair dice do this less than once in a million times.
///
/// # Errors
/// When it is.
pub(super) fn check_no_pattern(what: &'static str, typed: &str) -> Result<(), ChanceError> {
    if is_echo(typed.as_bytes()) {
        return Err(ChanceError::Repeated { what });
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
        for typed in [
            "1".repeat(50),
            "123456".repeat(9),
            "asdfjkl;".repeat(9),
            "é".repeat(65),
            format!("{}7{}", "123456".repeat(8), "123456".repeat(8)),
            "the whole night is dark and the moon is not there".repeat(2),
        ] {
            assert_eq!(
                check_no_pattern("keys", &typed),
                Err(ChanceError::Repeated { what: "keys" }),
                "{typed}"
            );
        }
    }

    #[test]
    fn what_is_no_pattern_passes() {
        for typed in [
            "13336343643643641562261422122524221214416145464326",
            "133363436436436415622614221225242212144161454643266122155666664444633643543353132626522332412313253",
            "fj4 sldkfjw;eroi 2309 sdlkvnx,m.cvweoiu02394;lksdjf wp3o4iu sdklfj;",
            "наугад набранные буквы, без всякого порядка и смысла, как придётся ёж",
        ] {
            assert_eq!(check_no_pattern("keys", typed), Ok(()), "{typed}");
        }
    }

    #[test]
    fn characters_are_counted_and_not_bytes() {
        assert_eq!(check_count("keys", &"é".repeat(65), 65), Ok(()));
        let error = ChanceError::TooFew { what: "keys", found: 64, needed: 65 };
        assert_eq!(check_count("keys", &"é".repeat(64), 65), Err(error));
    }
}
