//! What the page takes besides Rust: looked for, and installed where it is missing, which is said before it is done.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::step::Failure;

/// What the page is built for; the compiler and its flags are in .cargo/config.toml.
pub(crate) const TARGET: &str = "wasm32-unknown-unknown";

/// Where Debian puts its browser.
const CHROMIUM: &str = "/usr/bin/chromium";

/// Sees to the Rust target and to clang, which compiles the C parts of secp256k1 for WASM.
pub(crate) fn for_wasm() -> Result<(), Failure> {
    if !output_of("rustup", &["target", "list", "--installed"]).contains(TARGET) {
        run("rustup", &["target", "add", TARGET])?;
    }
    if output_of("clang", &["--version"]).is_empty() {
        debian("clang")?;
    }
    Ok(())
}

/// Sees that node and npm are there, which bundle the page. They are not installed from here: a machine's node is its
/// owner's business.
pub(crate) fn for_page() -> Result<(), Failure> {
    let version = output_of("node", &["--version"]);
    let major = version.trim().trim_start_matches('v').split('.').next().and_then(|major| major.parse().ok());
    if major.is_none_or(|major: u32| major < 20) {
        let found = if version.is_empty() { "none" } else { version.trim() };
        return Err(missing(format!(
            "found node {found}, expected 20 or newer: install node and npm by hand"
        )));
    }
    if output_of("npm", &["--version"]).is_empty() {
        return Err(missing("found no npm: install it by hand".to_owned()));
    }
    Ok(())
}

/// Sees to a browser: the one that CHROMIUM names, else Debian's.
pub(crate) fn for_browser_tests() -> Result<(), Failure> {
    let named = std::env::var_os("CHROMIUM");
    let browser = named.as_deref().map_or(Path::new(CHROMIUM), Path::new);
    match browser.exists() {
        true => Ok(()),
        false if named.is_none() => debian("chromium"),
        false => Err(missing(format!("found no {}, which CHROMIUM names", browser.display()))),
    }
}

/// What a command prints; nothing where there is no such command.
fn output_of(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).stdin(Stdio::null()).stderr(Stdio::null()).output();
    output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default()
}

fn debian(package: &str) -> Result<(), Failure> {
    run("apt-get", &["update", "-qq"])?;
    run("apt-get", &["install", "-y", "-qq", package])
}

fn run(program: &str, arguments: &[&str]) -> Result<(), Failure> {
    eprintln!("xtask: installing: {program} {}", arguments.join(" "));
    let status = Command::new(program).args(arguments).stdin(Stdio::null()).status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(missing(format!("{program}: {status}"))),
        Err(error) => {
            let by_hand = arguments.last().copied().unwrap_or(program);
            Err(missing(format!("cannot start {program}: {error}; install {by_hand} by hand")))
        }
    }
}

fn missing(why: String) -> Failure {
    Failure::new("installing what the page needs", why)
}
