//! How a command fails: an exit code and a stable code that a script can tell apart, what was found, and what to do next.

use coldamp_core::code::{Code, Hints};

pub use coldamp_core::code::Exit;

/// Why a command stopped.
#[derive(Debug)]
pub struct Failure {
    /// What the process exits with.
    pub exit: Exit,
    /// The stable name, where it has one. `docs/codes.md` says what each means.
    pub code: Option<Code>,
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

    /// A failure with the exit code of its code, and with its hint in a front end's table.
    pub fn coded(code: Code, message: impl Into<String>, hints: &Hints) -> Self {
        let exit = code.exit().unwrap_or(Exit::Internal);
        Failure::new(exit, message, hints.text(code)).with_code(code)
    }

    /// The same failure with a code.
    pub fn with_code(mut self, code: Code) -> Self {
        self.code = Some(code);
        self
    }

    /// The same failure with one of the other exit codes of its code.
    pub fn with_exit(mut self, exit: Exit) -> Self {
        self.exit = exit;
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
        let hint = "This is a fault of Coldamp. Report the line above: it holds no key that spends. You may leave out amounts and addresses.";
        Failure::new(Exit::Internal, message.to_string(), hint).with_code(Code::Internal)
    }
}
