//! The page: its WASM with the JavaScript and the TypeScript types around it (`web/pkg`), bundled by npm (`web/dist`).

mod npm;

use std::ffi::OsStr;
use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::install;
use crate::progress::{self, Running};
use crate::step::{Failure, Step, cargo, root, run_all, target};

/// What everything is called that wasm-bindgen writes.
const NAME: &str = "coldamp_wasm";

/// All WASM of the page together, as a server sends it (gzip -9): 0.8 MiB.
const MAX_COMPRESSED_BYTES: usize = 4 * 1024 * 1024 / 5;

/// The build of what the browser loads.
const BUILD: Step = Step {
    name: "WASM of the page",
    arguments: &[
        "build",
        "--profile",
        "web",
        "--target",
        install::TARGET,
        "--package",
        "coldamp-wasm",
        "--lib",
        "--locked",
    ],
    environment: &[],
};

/// The build of what writes the JavaScript and the types. With the features of the whole workspace, as the tests are built.
const GLUE: [&str; 6] = ["build", "--workspace", "--all-features", "--locked", "--bin", "coldamp-glue"];

/// Where the page finds the WASM and what belongs to it, unless another folder is named.
pub(crate) fn default_package() -> PathBuf {
    root().join("web/pkg")
}

/// Sees that what builds the page is there.
pub(crate) fn install() -> Result<(), Failure> {
    install::for_page()?;
    install::for_wasm()
}

/// Starts to build all of the page, in a process of its own. The commands `demo` and `test` have other work meanwhile: for half
/// of the time one core alone makes the WASM.
///
/// # Errors
/// In words, why it does not start.
pub(crate) fn start() -> Result<Running, String> {
    let this = std::env::current_exe().map_err(|error| format!("cannot find xtask: {error}"))?;
    Running::start("the page", Command::new(this).arg("web"))
}

/// Builds all of the page.
pub(crate) fn page() -> Result<(), Failure> {
    install::for_page()?;
    // npm downloads while cargo compiles.
    let packages = npm::install()?;
    package(&default_package())?;
    npm::page(packages)
}

/// Tests the page that was built: by itself, and in a browser against the binaries that were built.
pub(crate) fn tests() -> Result<(), Failure> {
    install::for_browser_tests()?;
    npm::tests()
}

/// Builds the WASM and writes it with its JavaScript and its types into a folder.
pub(crate) fn package(folder: &Path) -> Result<(), Failure> {
    install::for_wasm()?;
    let failed_glue = |why| Failure::new("JavaScript of the page", why);
    // At the end one core alone makes the WASM; the other has this to compile.
    let glue = Running::start("JavaScript of the page", &mut cargo(&GLUE, &[])).map_err(failed_glue)?;
    run_all("web", &[BUILD])?;
    glue.end().map_err(failed_glue)?;
    let mut write = Command::new(target().join("debug/coldamp-glue"));
    write.arg(target().join(format!("{}/web/{NAME}.wasm", install::TARGET))).arg(NAME).arg(folder);
    progress::run("JavaScript of the page", &mut write).map_err(failed_glue)?;
    let wasm = folder.join(format!("{NAME}_bg.wasm"));
    let raw = std::fs::metadata(&wasm).map_err(|error| failed(&wasm, &error))?.len();
    let compressed = compressed_bytes(&wasm)?;
    eprintln!("xtask web: {}: {raw} bytes, {compressed} compressed", wasm.display());
    small_enough(compressed)
}

fn small_enough(compressed: usize) -> Result<(), Failure> {
    match compressed <= MAX_COMPRESSED_BYTES {
        true => Ok(()),
        false => Err(Failure::new(
            "size of the WASM",
            format!("{compressed} bytes compressed, expected at most {MAX_COMPRESSED_BYTES}"),
        )),
    }
}

fn compressed_bytes(path: &Path) -> Result<usize, Failure> {
    let output = Command::new("gzip").args([OsStr::new("-9c"), path.as_os_str()]).output();
    match output {
        Ok(output) if output.status.success() => Ok(output.stdout.len()),
        Ok(output) => Err(failed(path, &format!("gzip: {}", output.status))),
        Err(error) => Err(failed(path, &format!("cannot start gzip: {error}"))),
    }
}

fn failed(path: &Path, why: &dyn Display) -> Failure {
    Failure::new("package of the page", format!("{}: {why}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_than_a_page_may_load_is_refused() {
        assert_eq!(small_enough(MAX_COMPRESSED_BYTES), Ok(()));
        assert!(small_enough(MAX_COMPRESSED_BYTES + 1).is_err());
    }
}
