//! Policies as a file: TOML that people read, change and keep with their backups. `wire` is its shape, `read` converts and
//! judges its values (`faults`), `write` makes it: the export of what is in force, and a template.
//!
//! Every key has to be there, and a key without a limit says so by name. A key that is missing, doubled, unknown or not
//! filled in is an error, never a limit that is lifted (docs/rules.md#weaker-policy).

mod faults;
mod read;
mod wire;
mod write;

pub(crate) use read::{MAX_POLICY_BYTES, PolicyFile, Setting, read};
pub(crate) use write::{Blanks, exported, removal, template};

/// What the first key of such a file says.
const SCHEMA: &str = "coldamp.policy/1";

/// What a template has in place of what a person has to decide.
const FILL_IN: &str = "FILL IN";

/// No limit.
const UNLIMITED: &str = "unlimited";
/// Nothing pinned, no approver.
const NONE: &str = "none";
/// Any uuid.
const ANY: &str = "any";
/// The fee cap that holds without a policy.
const DEFAULT: &str = "default";
/// What becomes of recipients without a blinding key.
const REFUSED: &str = "refused";
/// The other way.
const ALLOWED: &str = "allowed";

#[cfg(test)]
mod tests;
