//! A folder with the files of both rooms, and the binaries that run in it.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use super::say;

/// How many lines of what a command says are shown at its head and at its end.
const SHOWN: usize = 14;

/// The desk.
pub(super) struct Desk {
    binaries: PathBuf,
    folder: PathBuf,
}

impl Desk {
    /// One with a folder of its own.
    pub(super) fn new(binaries: PathBuf) -> Result<Self, String> {
        Ok(Desk { binaries, folder: fresh_folder()? })
    }

    /// Where everything is.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Writes a file for its owner alone.
    pub(super) fn write(&self, name: &str, line: &str) -> Result<(), String> {
        use std::os::unix::fs::OpenOptionsExt as _;
        let mut options = fs::OpenOptions::new();
        let file = options.write(true).create_new(true).mode(0o600).open(self.folder.join(name));
        file.and_then(|mut file| writeln!(file, "{line}")).map_err(|error| format!("{name}: {error}"))
    }

    /// The path of a binary.
    pub(super) fn binary(&self, name: &str) -> PathBuf {
        self.binaries.join(name)
    }

    /// A command that runs in the folder, shown as it is typed.
    pub(super) fn command(&self, binary: &str, arguments: &str) -> Command {
        say(&format!("$ {binary} {arguments}"));
        let mut command = Command::new(self.binary(binary));
        // Credentials of the real AMP stay out of a demo.
        for name in ["COLDAMP_AMP_TOKEN", "COLDAMP_AMP_USERNAME", "COLDAMP_AMP_PASSWORD"] {
            command.env_remove(name);
        }
        // And so does the operator's own profile.
        command.env("XDG_CONFIG_HOME", self.folder.join("none"));
        command.args(arguments.split_whitespace()).current_dir(&self.folder);
        command
    }

    fn output(&self, binary: &str, arguments: &str) -> Result<Output, String> {
        let output = self.command(binary, arguments).output();
        let output = output.map_err(|error| format!("cannot start {binary}: {error}"))?;
        if !output.status.success() {
            let words = String::from_utf8_lossy(&output.stderr).into_owned();
            return Err(format!("{binary} ended with {}:\n{words}", output.status));
        }
        Ok(output)
    }

    /// SHA-256 of a file, as the system's own tool says it.
    pub(super) fn sha256(&self, name: &str) -> Result<String, String> {
        say(&format!("$ sha256sum {name}"));
        let output = Command::new("sha256sum").arg(name).current_dir(&self.folder).output();
        let output = output.map_err(|error| format!("cannot start sha256sum: {error}"))?;
        let words = String::from_utf8_lossy(&output.stdout).into_owned();
        say(&format!("  {}", words.trim_end()));
        words.split_whitespace().next().map(str::to_owned).ok_or(format!("sha256sum: {}", output.status))
    }

    /// Runs a command and gives its data.
    pub(super) fn run(&self, binary: &str, arguments: &str) -> Result<String, String> {
        Ok(String::from_utf8_lossy(&self.output(binary, arguments)?.stdout).into_owned())
    }

    /// The same, data and words shown, the middle of a long text left out.
    pub(super) fn show(&self, binary: &str, arguments: &str) -> Result<String, String> {
        let output = self.output(binary, arguments)?;
        let data = String::from_utf8_lossy(&output.stdout).into_owned();
        let words = String::from_utf8_lossy(&output.stderr).into_owned();
        // Whoever prints both ends with the data.
        let lines: Vec<&str> = words.lines().chain(data.lines()).collect();
        for (index, line) in lines.iter().enumerate() {
            if index < SHOWN || index + SHOWN >= lines.len() {
                say(&format!("  {line}"));
            } else if index == SHOWN {
                say(&format!("  … {} lines more …", lines.len() - 2 * SHOWN));
            }
        }
        Ok(data)
    }
}

/// A new folder below the system's temporary one, for its owner alone.
fn fresh_folder() -> Result<PathBuf, String> {
    use std::os::unix::fs::DirBuilderExt as _;
    let base = std::env::temp_dir();
    for number in 0..10_000 {
        let folder = base.join(format!("coldamp-demo-{}-{number}", std::process::id()));
        match fs::DirBuilder::new().mode(0o700).create(&folder) {
            Ok(()) => return Ok(folder),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(format!("{}: {error}", folder.display())),
        }
    }
    Err(format!("no free name for a folder in {}", base.display()))
}
