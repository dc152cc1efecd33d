//! Puts the values of a profile where the command line left something out. What the command line names wins.

use super::Profile;
use crate::failure::{Exit, Failure};
use crate::screen::printable_path;

/// A command line while it is filled.
#[derive(Debug)]
pub struct Filling<'a> {
    profile: Option<&'a Profile>,
    missing: Vec<Missing>,
}

/// What neither of the two names.
#[derive(Debug)]
struct Missing {
    flag: &'static str,
    key: &'static str,
}

impl<'a> Filling<'a> {
    /// With the values of a profile, or with none.
    pub fn of(profile: Option<&'a Profile>) -> Self {
        Filling { profile, missing: Vec::new() }
    }

    /// The profile.
    pub fn profile(&self) -> Option<&'a Profile> {
        self.profile
    }

    /// A value that the command can do without.
    pub fn give<T>(&self, slot: &mut Option<T>, of: impl FnOnce(&'a Profile) -> Option<T>) {
        if slot.is_none() {
            *slot = self.profile.and_then(of);
        }
    }

    /// A value that the command needs. `flag` and `key` say how the command line and the profile name it.
    pub fn need<T>(
        &mut self,
        slot: &mut Option<T>,
        flag: &'static str,
        key: &'static str,
        of: impl FnOnce(&'a Profile) -> Option<T>,
    ) {
        self.give(slot, of);
        if slot.is_none() {
            self.lacks(flag, key);
        }
    }

    /// Notes that neither command line nor profile names something.
    pub fn lacks(&mut self, flag: &'static str, key: &'static str) {
        self.missing.push(Missing { flag, key });
    }

    /// Whether nothing that the command needs is missing.
    ///
    /// # Errors
    /// When something is: all of it in one message.
    pub fn finish(self) -> Result<(), Failure> {
        if self.missing.is_empty() {
            return Ok(());
        }
        let listed =
            |of: fn(&Missing) -> &'static str| self.missing.iter().map(of).collect::<Vec<_>>().join(", ");
        let message = format!("the following is not named: {}", listed(|missing| missing.flag));
        let keys = listed(|missing| missing.key);
        let hint = match self.profile {
            Some(profile) => format!(
                "Name it on the command line, or in the profile {} (keys: {keys}).",
                printable_path(&profile.path)
            ),
            None => format!(
                "Name it on the command line, or in a profile (keys: {keys}). docs/operator.md says how to make one, under \"Once\"."
            ),
        };
        Err(Failure::new(Exit::Usage, message, hint))
    }
}
