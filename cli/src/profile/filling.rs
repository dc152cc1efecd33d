//! Puts the values of a profile where the command line left something out. What the command line names wins.

use std::path::PathBuf;

use super::{Profile, default_jobs};
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
    /// None where no profile has it.
    key: Option<&'static str>,
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

    /// The folder of the jobs: the profile's, else `~/coldamp-jobs`. `None` where the environment names no home folder.
    pub fn jobs(&self) -> Option<PathBuf> {
        let own = self.profile.and_then(|profile| profile.jobs.clone());
        own.or_else(default_jobs)
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
        self.missing.push(Missing { flag, key: Some(key) });
    }

    /// Notes that the command line does not name something that no profile has.
    pub fn lacks_flag(&mut self, flag: &'static str) {
        self.missing.push(Missing { flag, key: None });
    }

    /// Whether nothing that the command needs is missing.
    ///
    /// # Errors
    /// When something is: all of it in one message.
    pub fn finish(self) -> Result<(), Failure> {
        if self.missing.is_empty() {
            return Ok(());
        }
        let flags: Vec<&str> = self.missing.iter().map(|missing| missing.flag).collect();
        let message = format!("the following is not named: {}", flags.join(", "));
        let keys: Vec<&str> = self.missing.iter().filter_map(|missing| missing.key).collect();
        let keys = keys.join(", ");
        let hint = match self.profile {
            _ if keys.is_empty() => "Name it on the command line.".to_owned(),
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
