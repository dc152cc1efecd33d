//! How a command fails: an exit code that a script can tell apart, what was found, and what to do next.

/// The exit codes besides 0. Other tools match on them (docs/formats.md#exit-codes-and-codes).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Exit {
    /// A mistake in Coldamp itself, or a system that does not do what every system does.
    Internal = 1,
    /// Arguments that contradict each other; clap exits with the same for those it cannot read.
    Usage = 2,
    /// It decodes and a rule fails.
    Refused = 3,
    /// The operator declined, or there was nobody to ask.
    Declined = 4,
    /// The keystore, or one of its passphrases.
    Keystore = 5,
    /// Input that is not at all what it should be.
    Input = 6,
    /// Data could not be written.
    Output = 7,
}

/// Why a command stopped.
#[derive(Debug)]
pub(crate) struct Failure {
    /// What the process exits with.
    pub(crate) exit: Exit,
    /// What was found and what was expected.
    pub(crate) message: String,
    /// What to do next.
    pub(crate) hint: String,
}

impl Failure {
    /// A failure with its `error:` and its `hint:`.
    pub(crate) fn new(exit: Exit, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Failure { exit, message: message.into(), hint: hint.into() }
    }

    /// A failure that no input can bring about.
    pub(crate) fn internal(message: impl ToString) -> Self {
        Failure::new(Exit::Internal, message.to_string(), "report the line above; it holds no secret")
    }
}
