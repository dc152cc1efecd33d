//! How a command fails: an exit code and a stable name that a script can tell apart, what was found, and what to do next.

/// The exit codes besides 0. Other tools match on them (docs/formats.md#exit-codes-and-codes).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Exit {
    /// A mistake in Coldamp itself.
    Internal = 1,
    /// Arguments that cannot be read, or contradict each other.
    Usage = 2,
    /// It decodes and a rule fails.
    Refused = 3,
    /// A question was not answered, or there is nobody to ask.
    Declined = 4,
    /// Input that is not at all what it should be.
    Input = 6,
    /// Data could not be written.
    Output = 7,
    /// Not done yet: the same command goes on.
    NotYet = 10,
    /// No answer from the network, or none that can be used.
    Network = 11,
    /// AMP says no.
    Amp = 12,
    /// Something else has happened than what was to happen: another transaction, another record.
    Conflict = 13,
}

/// Why a command stopped.
#[derive(Debug)]
pub(crate) struct Failure {
    /// What the process exits with.
    pub(crate) exit: Exit,
    /// The stable name of the rule that failed, where there is one.
    pub(crate) code: Option<&'static str>,
    /// What was found and what was expected.
    pub(crate) message: String,
    /// What to do next.
    pub(crate) hint: String,
}

impl Failure {
    /// A failure with its `error:` and its `hint:`.
    pub(crate) fn new(exit: Exit, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Failure { exit, code: None, message: message.into(), hint: hint.into() }
    }

    /// The same with the name of the rule.
    pub(crate) fn with_code(mut self, code: &'static str) -> Self {
        self.code = Some(code);
        self
    }

    /// A failure that no input can bring about.
    pub(crate) fn internal(message: impl ToString) -> Self {
        Failure::new(
            Exit::Internal,
            message.to_string(),
            "report the line above; amounts and addresses in it may be left out",
        )
    }
}
