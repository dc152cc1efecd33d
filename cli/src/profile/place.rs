//! Where a profile is, and who can write it. Never the current folder: that may be a stick.

use std::fs::{self, DirBuilder, Metadata};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use clap::Args;
use coldamp_core::code::{Code, Hints};

use super::name::{SHAPE, ShortName};
use crate::failure::{Exit, Failure};
use crate::output::{OutputError, check_free, folder_of};
use crate::screen::printable_path;

/// The profile that is used where none is named.
const DEFAULT: &str = "default";

/// Which profile.
#[derive(Debug, Default, Args)]
pub struct ProfileArguments {
    /// The profile: a TOML file (a path with a slash, or one that ends in .toml), or the NAME of one in ~/.config/coldamp.
    /// Without it the one called default, if it exists. What the command line names wins over it
    #[arg(long, global = true, value_name = "NAME")]
    pub profile: Option<PathBuf>,
}

/// Links that the system follows for one path (Linux, `path_resolution(7)`).
const MAX_LINKS: usize = 40;

/// Where the profile is that is named, or the default one. `None` if none is named and there is no default one.
pub(super) fn find(arguments: &ProfileArguments, hints: &Hints) -> Result<Option<PathBuf>, Failure> {
    if arguments.profile.is_some() {
        return path_of(arguments, hints).map(Some);
    }
    let Some(path) = folder().map(|folder| folder.join(format!("{DEFAULT}.toml"))) else { return Ok(None) };
    match fs::symlink_metadata(&path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        // One that cannot be looked at is refused when it is read. It does not count as none.
        _ => Ok(Some(path)),
    }
}

/// Where the profile of these arguments is or would be, without a look whether it exists.
///
/// # Errors
/// When the name is none, or the environment names no folder.
pub fn path_of(arguments: &ProfileArguments, hints: &Hints) -> Result<PathBuf, Failure> {
    let named = arguments.profile.as_deref().unwrap_or(Path::new(DEFAULT));
    let text = named.to_string_lossy();
    if text.contains('/') || text.ends_with(".toml") {
        return Ok(named.to_owned());
    }
    let Some(name) = ShortName::parse(&text) else {
        let message =
            format!("--profile: found {}, expected {SHAPE}, or the path of a file", printable_path(named));
        return Err(Failure::coded(Code::Profile, message, hints).with_exit(Exit::Usage));
    };
    let folder = folder().ok_or_else(|| {
        let hint = "Name the file of the profile with --profile, with its path.";
        Failure::new(
            Exit::Usage,
            "found neither XDG_CONFIG_HOME nor HOME, expected the folder of profiles",
            hint,
        )
    })?;
    Ok(folder.join(format!("{name}.toml")))
}

/// Where a new profile goes: nothing is there, and only you can write there. The folder of profiles is made where it is missing.
///
/// # Errors
/// When a profile is there already, or others can write the folder.
pub fn new_place(arguments: &ProfileArguments, hints: &Hints) -> Result<PathBuf, Failure> {
    let path = path_of(arguments, hints)?;
    let own = folder().filter(|folder| path.parent() == Some(folder));
    if let Some(folder) = own {
        let made = DirBuilder::new().recursive(true).mode(0o700).create(&folder);
        made.map_err(|reason| OutputError::File { path: folder, reason })?;
    }
    check_free(&path)?;
    let folder = folder_of(&path);
    let metadata =
        fs::metadata(folder).map_err(|reason| OutputError::File { path: folder.to_owned(), reason })?;
    judge("the folder of the profile", folder, &metadata, hints)?;
    Ok(path)
}

/// `$XDG_CONFIG_HOME/coldamp`, else `~/.config/coldamp` (XDG Base Directory Specification).
fn folder() -> Option<PathBuf> {
    let folder = variable("XDG_CONFIG_HOME").or_else(|| home().map(|home| home.join(".config")));
    folder.map(|folder| folder.join("coldamp"))
}

/// The operator's home folder, which `~/` stands for.
pub(super) fn home() -> Option<PathBuf> {
    variable("HOME")
}

/// The folder of the jobs where no profile names one. `None` where the environment names no home folder.
pub fn default_jobs() -> Option<PathBuf> {
    home().map(|home| home.join("coldamp-jobs"))
}

#[expect(
    clippy::disallowed_methods,
    reason = "only the environment names the folder of profiles. No value of a profile comes from it"
)]
fn variable(name: &str) -> Option<PathBuf> {
    std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute())
}

/// Refuses a file that others could have written: the file, the folder that it is in, and, of a link, the folder of the link.
/// Whoever can write a folder can put another file there. `what` names the file.
pub(super) fn refuse_writable(
    what: &str,
    named: &Path,
    target: &Path,
    file: &Metadata,
    hints: &Hints,
) -> Result<(), Failure> {
    judge(what, named, file, hints)?;
    let mut folders = vec![folder_of(target).to_owned()];
    let mut link = named.to_owned();
    // Each link of a chain: whoever can write the folder of one of them chooses where it leads.
    for _ in 0..MAX_LINKS {
        folders.push(folder_of(&link).to_owned());
        match fs::read_link(&link) {
            Ok(next) => link = folder_of(&link).join(next),
            Err(_) => break,
        }
    }
    for folder in &folders {
        let metadata = fs::metadata(folder).map_err(|error| {
            let message = format!("cannot look at the folder {}: {error}", printable_path(folder));
            Failure::coded(Code::Profile, message, hints)
        })?;
        judge(&format!("the folder of {what}"), folder, &metadata, hints)?;
    }
    Ok(())
}

/// Refuses what another user owns, or what group or others can write. The system's administrator may own it: nothing is safe
/// from him.
fn judge(what: &str, path: &Path, metadata: &Metadata, hints: &Hints) -> Result<(), Failure> {
    let own = rustix::process::geteuid().as_raw();
    let path = printable_path(path);
    let problem = if ![own, 0].contains(&metadata.uid()) {
        format!("another user owns {what}, {path}")
    } else if metadata.permissions().mode() & 0o022 != 0 {
        format!("others than its owner can write {what}, {path}")
    } else {
        return Ok(());
    };
    Err(Failure::coded(Code::ProfileOpen, problem, hints))
}
