//! `cargo xtask demo`: the three jobs of a recorded treasury through the two binaries, every command shown as it is
//! typed, with what the review said and what came out. Its keys are public and its chain is nobody's.

use std::fs;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::{Command, Output};

use crate::step::{root, target};

/// The recorded treasury: single key, BIP-84, five recipients.
const SCENARIO: &str = "tests/scenarios/wpkh";

/// The words of the recorded treasury, known to everybody.
const WORDS: &str =
    "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";

/// How many lines of a review are shown at its head and at its end.
const SHOWN: usize = 14;

/// Runs the demo.
///
/// # Errors
/// In words, what failed.
pub(crate) fn run() -> Result<(), String> {
    let root = root();
    say(
        "demo: building the two binaries (cargo build --release --locked); the first time this takes two or three minutes",
    );
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let built = Command::new(cargo).args(["build", "--release", "--locked"]).current_dir(&root).status();
    if !built.map_err(|error| format!("cannot start cargo: {error}"))?.success() {
        return Err("the binaries do not build".to_owned());
    }
    let desk = Desk { binaries: target().join("release"), folder: fresh_folder()? };
    say(&format!("demo: everything it makes is in {}", desk.folder.display()));

    desk.write("words", WORDS)?;
    desk.write("passphrase", "staple battery 7 horse")?;
    say(
        "\nThe air-gapped machine makes a keystore from the words of a backup, and prints the watch-only descriptor.",
    );
    let keys = "--keystore treasury.age --passphrase-file passphrase";
    desk.show("coldamp", &format!("key restore {keys} --network regtest --mnemonic-file words"))?;
    let descriptor = desk.run("coldamp", &format!("key watch {keys}"))?;
    desk.write("treasury.descriptor", descriptor.trim_end())?;
    say(&format!("  {} …  > treasury.descriptor", descriptor.chars().take(60).collect::<String>()));

    for job in ["distribute", "reissue", "burn"] {
        say(&format!(
            "\n── {job} ──\nOnline, with the descriptor alone: AMP's request becomes an unsigned PSET."
        ));
        for (from, to) in [
            (format!("requests/{job}.json"), format!("{job}.request.json")),
            ("chain/transactions.json".to_owned(), "transactions.json".to_owned()),
        ] {
            let from = root.join(SCENARIO).join(from);
            fs::copy(&from, desk.folder.join(to)).map_err(|error| format!("{}: {error}", from.display()))?;
        }
        let prepare = format!(
            "prepare {job}.request.json --descriptor treasury.descriptor --network regtest \
             --transactions transactions.json --state state -o {job}.pset"
        );
        desk.show("coldamp-online", &prepare)?;
        say("\nOn the air-gapped machine: what does it do?");
        let review = desk.show("coldamp", &format!("review {job}.pset {keys}"))?;
        let code = review.lines().find_map(|line| line.strip_prefix("approval")).map(str::trim);
        let code = code.ok_or("the review printed no approval code")?;
        say("\nIt is what was asked for, so it is signed under its approval code.");
        desk.run_shown("coldamp", &format!("sign {job}.pset {keys} --approve {code} -o {job}.signed.json"))?;
        let signed = desk.read(&format!("{job}.signed.json"))?;
        say(&format!(
            "\n{job}.signed.json, {} bytes, goes back: the transaction and what AMP is told",
            signed.len()
        ));
        for line in signed.lines().filter(|line| !line.contains("\"transaction\"")).take(SHOWN) {
            say(&format!("  {line}"));
        }
        say("  …");
    }
    say(&format!(
        "\ndemo: done. Each of the three transactions, alone, is one that a node of this chain takes; they share a coin. In {}",
        desk.folder.display()
    ));
    Ok(())
}

/// A folder, and the binaries that run in it.
struct Desk {
    binaries: PathBuf,
    folder: PathBuf,
}

impl Desk {
    fn write(&self, name: &str, line: &str) -> Result<(), String> {
        use std::os::unix::fs::OpenOptionsExt as _;
        let mut options = fs::OpenOptions::new();
        let file = options.write(true).create_new(true).mode(0o600).open(self.folder.join(name));
        file.and_then(|mut file| writeln!(file, "{line}")).map_err(|error| format!("{name}: {error}"))
    }

    fn read(&self, name: &str) -> Result<String, String> {
        fs::read_to_string(self.folder.join(name)).map_err(|error| format!("{name}: {error}"))
    }

    fn output(&self, binary: &str, arguments: &str) -> Result<Output, String> {
        say(&format!("$ {binary} {arguments}"));
        let mut command = Command::new(self.binaries.join(binary));
        let output = command.args(arguments.split_whitespace()).current_dir(&self.folder).output();
        let output = output.map_err(|error| format!("cannot start {binary}: {error}"))?;
        if !output.status.success() {
            let words = String::from_utf8_lossy(&output.stderr).into_owned();
            return Err(format!("{binary} ended with {}:\n{words}", output.status));
        }
        Ok(output)
    }

    /// Runs a command and gives its data.
    fn run(&self, binary: &str, arguments: &str) -> Result<String, String> {
        Ok(String::from_utf8_lossy(&self.output(binary, arguments)?.stdout).into_owned())
    }

    /// The same, its words shown: the end of them, where it says what came out.
    fn run_shown(&self, binary: &str, arguments: &str) -> Result<(), String> {
        let words = String::from_utf8_lossy(&self.output(binary, arguments)?.stderr).into_owned();
        let lines: Vec<&str> = words.lines().collect();
        for line in lines.iter().skip(lines.len().saturating_sub(3)) {
            say(&format!("  {line}"));
        }
        Ok(())
    }

    /// The same, data and words shown, the middle of a long text left out.
    fn show(&self, binary: &str, arguments: &str) -> Result<String, String> {
        let output = self.output(binary, arguments)?;
        let data = String::from_utf8_lossy(&output.stdout).into_owned();
        let words = String::from_utf8_lossy(&output.stderr).into_owned();
        let lines: Vec<&str> = data.lines().chain(words.lines()).collect();
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

fn say(line: &str) {
    println!("{line}");
}
