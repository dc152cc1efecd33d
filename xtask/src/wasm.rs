//! What building for the browser takes besides Rust is installed here, and said before it is done.

use std::process::{Command, Stdio};

use crate::step::Failure;

/// The compiler and its flags for it stand in .cargo/config.toml.
pub(crate) const TARGET: &str = "wasm32-unknown-unknown";

/// Sees to the Rust target and to clang, which compiles the C parts of secp256k1 for WASM.
pub(crate) fn prepare() -> Result<(), Failure> {
    if !output_of("rustup", &["target", "list", "--installed"]).contains(TARGET) {
        install("rustup", &["target", "add", TARGET])?;
    }
    if output_of("clang", &["--version"]).is_empty() {
        install("apt-get", &["update", "-qq"])?;
        install("apt-get", &["install", "-y", "-qq", "clang"])?;
    }
    Ok(())
}

/// What a command prints; nothing where there is no such command.
fn output_of(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).stdin(Stdio::null()).stderr(Stdio::null()).output();
    output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default()
}

fn install(program: &str, arguments: &[&str]) -> Result<(), Failure> {
    eprintln!("xtask: installing: {program} {}", arguments.join(" "));
    let status = Command::new(program).args(arguments).stdin(Stdio::null()).status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(Failure::new("installing what WASM needs", format!("{program}: {status}"))),
        Err(error) => Err(Failure::new(
            "installing what WASM needs",
            format!("cannot start {program}: {error}; install clang and the Rust target {TARGET} by hand"),
        )),
    }
}
