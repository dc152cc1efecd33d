//! How a command fails: an exit code and a stable code that a script can tell apart, what was found, and what to do next.

/// The exit codes besides 0. Other tools match on them (docs/formats.md#exit-codes-and-codes).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// A fault in Coldamp, or a system that does not do what every system does.
    Internal = 1,
    /// Arguments that cannot be read, or that contradict each other.
    Usage = 2,
    /// The input decodes, and a rule fails.
    Refused = 3,
    /// A question was not answered as it had to be, or there was nobody to ask.
    Declined = 4,
    /// The keystore, or one of its passphrases.
    Keystore = 5,
    /// Input that does not decode.
    Input = 6,
    /// Data could not be written.
    Output = 7,
    /// Not done yet. The same command continues.
    NotYet = 10,
    /// The network gave no answer, or none that can be used.
    Network = 11,
    /// AMP refused.
    Amp = 12,
    /// Something else happened than was to happen: another transaction, another record.
    Conflict = 13,
}

/// Why a command stopped.
#[derive(Debug)]
pub struct Failure {
    /// What the process exits with.
    pub exit: Exit,
    /// The stable code of the rule that failed, where it has one.
    pub code: Option<&'static str>,
    /// What was found and what was expected, on one line.
    pub message: String,
    /// Lines that are printed below the message, for example the rules that failed.
    pub lines: Vec<String>,
    /// What to do next, on one line.
    pub hint: String,
}

impl Failure {
    /// A failure without a code and without further lines.
    pub fn new(exit: Exit, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Failure { exit, code: None, message: message.into(), lines: Vec::new(), hint: hint.into() }
    }

    /// The same failure with the code of the rule that failed.
    pub fn with_code(mut self, code: &'static str) -> Self {
        self.code = Some(code);
        self
    }

    /// The same failure with lines below its message.
    pub fn with_lines(mut self, lines: Vec<String>) -> Self {
        self.lines = lines;
        self
    }

    /// The same failure with another hint.
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }

    /// A failure that no input can cause.
    pub fn internal(message: impl ToString) -> Self {
        let hint = "This is a fault of Coldamp. Report the line above: it holds no key that spends. You may leave out amounts and addresses";
        Failure::new(Exit::Internal, message.to_string(), hint)
    }
}
