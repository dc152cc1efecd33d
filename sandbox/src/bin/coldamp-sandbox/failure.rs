//! How the program fails: an exit code that a script can tell apart, what was found, and what to do next.

/// The exit codes besides 0, the same as those of `coldamp-online` (docs/formats.md).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Exit {
    /// A mistake in the sandbox itself.
    Internal = 1,
    /// Arguments that cannot be read.
    Usage = 2,
    /// A descriptor that can be read and is not of a regtest treasury that Coldamp supports.
    Refused = 3,
    /// A file that cannot be read, or holds no descriptor.
    Input = 6,
    /// stdout takes no data.
    Output = 7,
    /// The port cannot be had.
    Network = 11,
}

/// Why the program ends.
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
        Failure::new(Exit::Internal, message.to_string(), "report the line above")
    }
}
