//! Codes: the stable names of every refusal, failure and warning of Coldamp.
//!
//! [`Code`] is the only list of them. Core, the online half, both command lines and the page return its variants, so a
//! script that matches a name matches one thing. [`Code::meaning`] says what happened. What to do depends on where it
//! happened, so each front end has a table of its own, a [`Hints`], which names every code.
//!
//! `docs/codes.md` is written from this list and the three tables.

mod exit;
mod hints;
mod table;

pub use exit::{Exit, OtherExit};
pub use hints::{Hint, Hints};
pub use table::Code;

/// What a code is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A rule that a PSET must satisfy before it is signed. A review lists every rule that failed.
    Rule,
    /// Something to know of a PSET although no rule failed.
    Warning {
        /// It in a few words, for a summary of one line a code.
        in_short: &'static str,
    },
    /// Something to know of how a PSET was prepared or a treasury was read.
    Notice,
    /// The reason why a command or a step stopped.
    Failure,
}

impl Code {
    /// Whether it names a rule that a PSET can fail.
    pub fn is_rule(self) -> bool {
        self.kind() == Kind::Rule
    }

    /// It in a few words. Of a code that is no warning, its name.
    pub fn in_short(self) -> &'static str {
        match self.kind() {
            Kind::Warning { in_short } => in_short,
            Kind::Rule | Kind::Notice | Kind::Failure => self.as_str(),
        }
    }
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests;
