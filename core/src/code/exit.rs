//! Exit codes of the command lines, fixed for scripts.

/// What a command exits with when it stops. 0 means that it did what it was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Exit {
    /// A mistake in Coldamp, or a system that does not do what every system does.
    Internal = 1,
    /// Arguments that cannot be read, or that contradict each other.
    Usage = 2,
    /// The input decodes, and a rule fails.
    Refused = 3,
    /// A question was not answered, or there was nobody to ask.
    Declined = 4,
    /// The keystore, or one of its passphrases.
    Keystore = 5,
    /// Input that does not decode at all.
    Input = 6,
    /// Output that could not be written.
    Output = 7,
    /// Not done yet. The same command, run again later, goes on.
    NotYet = 10,
    /// The network gave no answer, or none that can be used.
    Network = 11,
    /// AMP refuses.
    Amp = 12,
    /// Something else has happened than was to happen: another transaction, or another record.
    Conflict = 13,
}

impl Exit {
    /// Every exit code except 0.
    pub const ALL: [Exit; 11] = [
        Exit::Internal,
        Exit::Usage,
        Exit::Refused,
        Exit::Declined,
        Exit::Keystore,
        Exit::Input,
        Exit::Output,
        Exit::NotYet,
        Exit::Network,
        Exit::Amp,
        Exit::Conflict,
    ];

    /// The number.
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// What it means, in a few words.
    pub fn meaning(self) -> &'static str {
        match self {
            Exit::Internal => "internal error",
            Exit::Usage => "wrong arguments",
            Exit::Refused => "refused: a rule failed",
            Exit::Declined => "declined, or nobody to ask",
            Exit::Keystore => "keystore or passphrase",
            Exit::Input => "unreadable input",
            Exit::Output => "cannot write",
            Exit::NotYet => "not done yet: run it again later",
            Exit::Network => "network",
            Exit::Amp => "AMP refuses",
            Exit::Conflict => "conflict with what has happened already",
        }
    }
}

/// An exit code that a code has in some places only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OtherExit {
    /// The exit code.
    pub exit: Exit,
    /// Where, as it follows "for".
    pub place: &'static str,
}
