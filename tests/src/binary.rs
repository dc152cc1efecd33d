//! The two binaries, run as an operator runs them: in a folder of their own, without a terminal.

use std::ffi::OsStr;
use std::fs::{self, DirBuilder, Permissions};
use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::LazyLock;

use coldamp_core::code::Code;
use tempfile::TempDir;

/// Where the binaries are: in the folder that `COLDAMP_BINARIES` names, as `cargo xtask test` does after it has built them.
/// Without the variable they are built here, because cargo names only a package's own binaries to its tests. If they are up
/// to date that takes a moment.
static FOLDER: LazyLock<PathBuf> = LazyLock::new(|| match std::env::var_os("COLDAMP_BINARIES") {
    Some(folder) => PathBuf::from(folder),
    None => built(),
});

/// Builds the binaries into the folder in which this test was built.
fn built() -> PathBuf {
    let test = std::env::current_exe().expect("this test's path");
    let folder = test.parent().and_then(Path::parent).expect("target/PROFILE/deps").to_owned();
    let mut build = Command::new(env!("CARGO"));
    // What cargo told this test about its package would make build scripts run again, here and in the next build.
    for (name, _) in std::env::vars_os() {
        let of_package = name.to_str().is_some_and(|name| {
            name.starts_with("CARGO_PKG_")
                || name.starts_with("CARGO_MANIFEST_")
                || name == "CARGO_CRATE_NAME"
        });
        if of_package {
            build.env_remove(name);
        }
    }
    build.args(["build", "--quiet", "--locked", "-p", "coldamp", "-p", "coldamp-online-cli"]);
    if folder.ends_with("release") {
        build.arg("--release");
    }
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.toml");
    let built = build.arg("--manifest-path").arg(manifest).status().expect("cargo");
    assert!(built.success(), "the binaries do not build");
    folder
}

/// A folder with files for the binaries to read and write.
pub struct Desk {
    folder: TempDir,
    /// Of its own: coins that one test reserves must not change another test's addresses.
    state: TempDir,
}

/// Exit code and output of a run.
#[derive(Debug)]
pub struct Run {
    /// Exit code.
    pub code: i32,
    /// Data.
    pub stdout: String,
    /// Words.
    pub stderr: String,
}

impl Default for Desk {
    fn default() -> Self {
        let folder = || tempfile::tempdir().expect("a temporary folder");
        Desk { folder: folder(), state: folder() }
    }
}

impl Desk {
    /// A file of it.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Makes a file that only its owner can read.
    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        fs::write(self.path(name), content).expect("a file written");
        fs::set_permissions(self.path(name), Permissions::from_mode(0o600)).expect("permissions set");
    }

    /// Reads a file.
    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// Whether a file is there.
    pub fn has(&self, name: &str) -> bool {
        self.path(name).symlink_metadata().is_ok()
    }

    /// The names of all files: nothing may be left behind.
    pub fn files(&self) -> Vec<String> {
        let entries = fs::read_dir(self.folder.path()).expect("the folder");
        let mut names: Vec<String> = entries
            .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    /// The logs of reports and issuances in the state folder, each with its content.
    pub fn kept_logs(&self) -> Vec<(PathBuf, String)> {
        let folder = |name| self.state.path().join("coldamp-online").join(name);
        // Where nothing was broadcast there is no such folder.
        let entries = ["signed", "issues"].into_iter().flat_map(|name| fs::read_dir(folder(name)));
        let entries = entries.flatten();
        let paths = entries.map(|entry| entry.expect("an entry").path());
        let logs = paths.filter(|path| path.extension().is_some_and(|extension| extension == "log"));
        logs.map(|path| (path.clone(), fs::read_to_string(path).expect("a log"))).collect()
    }

    /// Puts them back as they were, and removes others.
    pub fn put_back_kept_logs(&self, logs: &[(PathBuf, String)]) {
        for (path, _) in self.kept_logs() {
            fs::remove_file(path).expect("a log removed");
        }
        for (path, content) in logs {
            fs::write(path, content).expect("a log written");
        }
    }

    /// Who may read a file.
    pub fn mode(&self, name: &str) -> u32 {
        fs::metadata(self.path(name)).expect("the file").permissions().mode() & 0o777
    }

    /// Runs a binary with arguments separated by blanks.
    pub fn run(&self, binary: &str, arguments: &str) -> Run {
        self.run_with(binary, arguments.split_whitespace())
    }

    /// Runs a binary with these arguments. setsid leaves the terminal that the tests were started from.
    pub fn run_with(&self, binary: &str, arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Run {
        let mut command = Command::new("setsid");
        command.arg("--wait").arg(Desk::binary(binary)).args(arguments);
        command.current_dir(self.folder.path()).stdin(Stdio::null());
        self.settle(&mut command);
        Run::of(command.output().unwrap_or_else(|error| panic!("{binary}: {error}")))
    }

    /// Keeps the state folder, the profiles and the home folder of whoever runs the tests out of them.
    pub(crate) fn settle(&self, command: &mut Command) {
        let own = self.state.path();
        command.env("XDG_STATE_HOME", own).env("XDG_CONFIG_HOME", own).env("HOME", own);
    }

    /// Writes a profile, for its owner alone, where both binaries find it by this name.
    pub fn write_profile(&self, name: &str, content: impl AsRef<[u8]>) {
        let folder = self.state.path().join("coldamp");
        DirBuilder::new().recursive(true).mode(0o700).create(&folder).expect("a folder");
        let path = folder.join(format!("{name}.toml"));
        fs::write(&path, content).expect("a profile written");
        fs::set_permissions(&path, Permissions::from_mode(0o600)).expect("permissions set");
    }

    /// Starts a binary and does not wait for it, so that it can be killed half way.
    pub fn start(&self, binary: &str, arguments: &str) -> Child {
        self.spawn(binary, arguments, Stdio::null())
    }

    fn spawn(&self, binary: &str, arguments: &str, stdout: Stdio) -> Child {
        let mut command = Command::new(Desk::binary(binary));
        command.args(arguments.split_whitespace()).current_dir(self.folder.path());
        command.stdin(Stdio::null()).stdout(stdout).stderr(Stdio::null());
        self.settle(&mut command);
        command.spawn().unwrap_or_else(|error| panic!("{binary}: {error}"))
    }

    /// Starts `coldamp-online serve --port 0 …` and waits until it says where the page is.
    pub fn serve(&self, arguments: &str) -> Served {
        let arguments = format!("serve --port 0 {arguments}");
        let mut child = self.spawn("coldamp-online", &arguments, Stdio::piped());
        let lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        // In front of everything that may panic: whatever happens, the process goes.
        let mut served = Served { child, page: String::new() };
        let pages = lines
            .map_while(Result::ok)
            .filter_map(|line| Some(line.strip_prefix("page ")?.trim().trim_end_matches('/').to_owned()));
        served.page = pages.take(1).last().expect("a line that says where the page is");
        served
    }

    /// Where a binary is, for a shell.
    pub fn binary_path(&self, name: &str) -> PathBuf {
        Desk::binary(name)
    }

    /// The path of a binary.
    pub(crate) fn binary(name: &str) -> PathBuf {
        FOLDER.join(name)
    }
}

/// Whether a terminal acts on a character, or shows the text around it in another order.
fn steers(character: char) -> bool {
    (character.is_control() && character != '\n')
        || matches!(character, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A page that is served, until this is dropped.
#[derive(Debug)]
pub struct Served {
    child: Child,
    page: String,
}

impl Served {
    /// Where, without a slash at the end.
    pub fn page(&self) -> &str {
        &self.page
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Run {
    /// How a process ended. Holds every run to what is true of all of them.
    pub(crate) fn of(output: Output) -> Self {
        let run = Run {
            code: output.status.code().expect("an exit code"),
            stdout: String::from_utf8(output.stdout).expect("UTF-8"),
            stderr: String::from_utf8(output.stderr).expect("UTF-8"),
        };
        // elements' own Display of an outpoint, which no other tool reads: `listed::CoinName` writes TXID:VOUT.
        for words in [&run.stdout, &run.stderr] {
            assert!(!words.contains("[elements]"), "{words}");
            assert!(!words.contains(steers), "{words:?}");
        }
        // docs/codes.md says which exit codes a code has.
        if let Some(code) = run.failed_for() {
            let others = code.other_exits().iter().map(|other| other.exit);
            let exits: Vec<i32> =
                code.exit().into_iter().chain(others).map(|exit| exit.number().into()).collect();
            assert!(
                exits.contains(&run.code),
                "exit {}, expected one of {exits:?}: {}",
                run.code,
                run.stderr
            );
        }
        run
    }

    /// The code of its failure, if it failed and has one.
    fn failed_for(&self) -> Option<Code> {
        let line = self.stderr.lines().find(|line| line.starts_with("error["))?;
        let name = line.strip_prefix("error[")?.split_once(']')?.0;
        let code = Code::ALL.iter().copied().find(|code| code.as_str() == name);
        Some(code.unwrap_or_else(|| panic!("{name} is no code of core's list")))
    }

    /// Whether it failed for a rule of this code: the failure's own, or one of the rules that a review lists.
    pub fn names(&self, code: &str) -> bool {
        let (failure, listed) = (format!("error[{code}]: "), format!("  {code}: "));
        self.stderr.lines().any(|line| line.starts_with(&failure) || line.starts_with(&listed))
    }

    /// The run, if it was done.
    ///
    /// # Panics
    ///
    /// If it was not.
    pub fn done(self) -> Self {
        assert_eq!(self.code, 0, "{}", self.stderr);
        self
    }
}
