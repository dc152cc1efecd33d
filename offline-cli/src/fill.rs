//! Fills the command line from the profile, directly after it was read: the keystore, and what a new keystore or an approver needs.
//! A profile holds no secret, and no file with one: the passphrase is typed, or its file is named.

use std::path::{Path, PathBuf};

use coldamp_cli::job::{self, APPROVAL, JobFolder, Picked, SIGNED, UNSIGNED};
use coldamp_cli::profile::{self, Filling};
use coldamp_cli::{Exit, Failure};

use crate::args::{
    Arguments, CombineArguments, Command, CreateArguments, JournalCommand, KeyCommand, KeystoreArguments,
    PolicyCommand, ProfileCommand, PsetArguments,
};
use crate::hints::HINTS;

/// Fills the command line.
///
/// # Errors
/// When the profile is refused, the command needs something that neither of the two names, or it reads no profile and one is
/// named.
pub(crate) fn fill(arguments: &mut Arguments) -> Result<(), Failure> {
    if matches!(arguments.command, Command::Qr(_) | Command::Policy(PolicyCommand::Template(_))) {
        return match arguments.profile.profile {
            Some(_) => {
                Err(Failure::new(Exit::Usage, "this command reads no profile", "Leave out --profile."))
            }
            None => Ok(()),
        };
    }
    let profile = profile::load(&arguments.profile, &HINTS)?;
    let mut filling = Filling::of(profile.as_ref());
    match &mut arguments.command {
        Command::Key(command) => key(command, &mut filling),
        Command::Backup(backup) => backup.keystore.fill(&mut filling),
        Command::Restore(restore) => restore.keystore.fill(&mut filling),
        Command::Policy(command) => policy(command, &mut filling),
        Command::Approve(approve) => {
            approve.keystore.fill(&mut filling);
            filling.need(&mut approve.descriptor, "--descriptor FILE", "descriptor", |profile| {
                profile.descriptor.clone()
            });
            if approve.policy.is_none() {
                let waits = |job: &JobFolder| Ok(is_unsigned(job)? && !job.has(APPROVAL));
                match picked(approve.file.as_deref(), "approve", &filling, waits)? {
                    Picked::File(file) => approve.file = Some(file),
                    Picked::Job(job) => {
                        approve.file = Some(job.file(UNSIGNED, &HINTS)?);
                        approve.output = approve.output.take().or_else(|| Some(job.path_of(APPROVAL)));
                    }
                }
            }
        }
        Command::Journal(command) => journal(command, &mut filling),
        Command::Review(review) => review.pset.fill("review", &mut filling, is_unsigned)?,
        Command::Sign(sign) => sign.pset.fill("sign", &mut filling, is_unsigned)?,
        Command::Combine(combine) => combine.fill(&mut filling)?,
        Command::Profile(ProfileCommand::Show(show)) => show.read = profile.clone(),
        Command::Qr(_) => {}
    }
    filling.finish()
}

impl KeystoreArguments {
    fn fill(&mut self, filling: &mut Filling<'_>) {
        filling.need(&mut self.keystore, "--keystore FILE", "keystore", |profile| profile.keystore.clone());
    }
}

impl PsetArguments {
    fn fill(
        &mut self,
        step: &str,
        filling: &mut Filling<'_>,
        waits: impl Fn(&JobFolder) -> Result<bool, String>,
    ) -> Result<(), Failure> {
        self.keystore.fill(filling);
        match picked(self.named_file.as_deref(), step, filling, waits)? {
            Picked::File(file) => self.file = file,
            Picked::Job(job) => {
                self.file = job.file(UNSIGNED, &HINTS)?;
                self.job = Some(job);
            }
        }
        Ok(())
    }
}

impl CombineArguments {
    fn fill(&mut self, filling: &mut Filling<'_>) -> Result<(), Failure> {
        let has_parts = |job: &JobFolder| job.signature_names().map(|names| !names.is_empty());
        let waits =
            |job: &JobFolder| Ok(is_unsigned(job)? && has_parts(job).map_err(|error| error.to_string())?);
        self.pset.fill("combine", filling, waits)?;
        let named = self.named_output.take();
        self.output = match &self.pset.job {
            Some(job) => {
                if self.parts.is_empty() {
                    self.parts = job.signatures(&HINTS)?;
                }
                named.unwrap_or_else(|| job.path_of(SIGNED))
            }
            None => named.unwrap_or_else(|| PathBuf::from(SIGNED)),
        };
        if self.parts.is_empty() {
            filling.lacks_flag("PART");
        }
        Ok(())
    }
}

/// Whether a job has a PSET and no signed file.
fn is_unsigned(job: &JobFolder) -> Result<bool, String> {
    if job.has(SIGNED) {
        return job.signed(&HINTS).map(|_| false);
    }
    Ok(job.has(UNSIGNED))
}

/// What a command works on: see [`job::pick`].
fn picked(
    named: Option<&Path>,
    step: &str,
    filling: &Filling<'_>,
    waits: impl Fn(&JobFolder) -> Result<bool, String>,
) -> Result<Picked, Failure> {
    job::pick(named, filling.jobs().as_deref(), step, &HINTS, waits)
}

impl CreateArguments {
    fn fill(&mut self, filling: &mut Filling<'_>) {
        self.keystore.fill(filling);
        filling.need(&mut self.network, "--network NET", "network", |profile| profile.network);
        filling.give(&mut self.policy_asset, |profile| profile.policy_asset);
    }
}

fn key(command: &mut KeyCommand, filling: &mut Filling<'_>) {
    match command {
        KeyCommand::New(new) => new.create.fill(filling),
        KeyCommand::Restore(restore) => restore.create.fill(filling),
        KeyCommand::Watch(watch) => watch.keystore.fill(filling),
        KeyCommand::Address(address) => address.keystore.fill(filling),
        KeyCommand::Approver(keystore) => keystore.fill(filling),
        KeyCommand::Account(account) => account.keystore.fill(filling),
        KeyCommand::Register(register) => register.keystore.fill(filling),
    }
}

fn policy(command: &mut PolicyCommand, filling: &mut Filling<'_>) {
    match command {
        PolicyCommand::Show(keystore) => keystore.fill(filling),
        PolicyCommand::Export(export) => export.keystore.fill(filling),
        PolicyCommand::Template(_) => {}
        PolicyCommand::Apply(apply) => apply.keystore.fill(filling),
        PolicyCommand::Remove(remove) => remove.keystore.fill(filling),
    }
}

fn journal(command: &mut JournalCommand, filling: &mut Filling<'_>) {
    match command {
        JournalCommand::List(keystore)
        | JournalCommand::Verify(keystore)
        | JournalCommand::Compare(keystore)
        | JournalCommand::AcknowledgeUnknown(keystore)
        | JournalCommand::RebuildHead(keystore) => keystore.fill(filling),
        JournalCommand::DeclareVoid(declare) => declare.keystore.fill(filling),
        JournalCommand::Used(used) => used.keystore.fill(filling),
    }
}
