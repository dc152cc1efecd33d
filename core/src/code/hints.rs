//! What a front end tells people to do, by code.

use super::Code;

/// What to do where one of these codes is seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hint {
    codes: &'static [Code],
    text: &'static str,
}

impl Hint {
    /// One text for some codes: whole sentences.
    pub const fn new(codes: &'static [Code], text: &'static str) -> Self {
        Hint { codes, text }
    }
}

/// Writes a [`Hints`] table: `Code | Code => "what to do";` for the codes that a front end shows, and after them
/// `[elsewhere] Code | Code;` for those it never shows.
///
/// ```
/// use coldamp_core::code::{Code, Hints};
/// const TABLE: Hints = coldamp_core::hints! {
///     Host | Network => "Check the network.";
///     [elsewhere] Parse;
/// };
/// assert_eq!(TABLE.of(Code::Host), Some("Check the network."));
/// ```
#[macro_export]
macro_rules! hints {
    ($($($code:ident)|+ => $text:expr;)+ [elsewhere] $($other:ident)|+;) => {
        $crate::code::Hints::new(
            &[$($crate::code::Hint::new(&[$($crate::code::Code::$code),+], $text)),+],
            &[$($crate::code::Code::$other),+],
        )
    };
}

/// Where an asset's contract comes from, in the words of every front end. A macro, because `concat!` takes no constant.
#[macro_export]
macro_rules! contract_source {
    () => {
        "Get the asset's contract from AMP, or from the asset registry: of its answer save the member `contract` alone."
    };
}

/// The table of a front end: a hint for each code that can be seen there, and the codes that cannot.
///
/// A front end asserts [`Hints::is_complete`] in a constant. A code that is added to [`Code`] and forgotten in a table then
/// stops the build of that front end.
#[derive(Debug, Clone, Copy)]
pub struct Hints {
    hints: &'static [Hint],
    elsewhere: &'static [Code],
}

impl Hints {
    /// A table. `elsewhere` are the codes that this front end never shows.
    pub const fn new(hints: &'static [Hint], elsewhere: &'static [Code]) -> Self {
        Hints { hints, elsewhere }
    }

    /// What to do about a code. None where this front end never shows it.
    pub fn of(&self, code: Code) -> Option<&'static str> {
        self.hints.iter().find(|hint| hint.codes.contains(&code)).map(|hint| hint.text)
    }

    /// What to do about a code; empty where this front end never shows it.
    pub fn text(&self, code: Code) -> &'static str {
        self.of(code).unwrap_or_default()
    }

    /// Whether the table names every code exactly once.
    pub const fn is_complete(&self) -> bool {
        let mut codes = Code::ALL;
        while let [code, rest @ ..] = codes {
            if self.times(*code) != 1 {
                return false;
            }
            codes = rest;
        }
        true
    }

    const fn times(&self, code: Code) -> usize {
        let mut times = count(self.elsewhere, code);
        let mut hints = self.hints;
        while let [hint, rest @ ..] = hints {
            times = times.saturating_add(count(hint.codes, code));
            hints = rest;
        }
        times
    }
}

const fn count(mut codes: &[Code], code: Code) -> usize {
    let mut count = 0_usize;
    while let [first, rest @ ..] = codes {
        if *first as u16 == code as u16 {
            count = count.saturating_add(1);
        }
        codes = rest;
    }
    count
}
