//! The page: its WASM with the JavaScript and the TypeScript types around it (`web/pkg`), bundled by npm (`web/dist`).

mod npm;

use std::ffi::OsStr;
use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::process::Command;

use wasm_bindgen_cli_support::Bindgen;

use crate::install;
use crate::step::{Failure, Step, root, run_all, target};

/// What everything is called that wasm-bindgen writes.
const NAME: &str = "coldamp_wasm";

/// All WASM of the page together, as a server sends it (gzip -9): 0.9 MiB.
const MAX_COMPRESSED_BYTES: usize = 9 * 1024 * 1024 / 10;

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

/// Where the page finds the WASM and what belongs to it, unless another folder is named.
pub(crate) fn default_package() -> PathBuf {
    root().join("web/pkg")
}

/// Builds all of the page.
pub(crate) fn page() -> Result<(), Failure> {
    install::for_page()?;
    package(&default_package())?;
    npm::page()
}

/// Tests the page that was built: by itself, and in a browser against the binaries that were built.
pub(crate) fn tests() -> Result<(), Failure> {
    install::for_browser_tests()?;
    npm::tests()
}

/// Builds the WASM and writes it with its JavaScript and its types into a folder.
pub(crate) fn package(folder: &Path) -> Result<(), Failure> {
    install::for_wasm()?;
    run_all("web", &[BUILD])?;
    let built = target().join(format!("{}/web/{NAME}.wasm", install::TARGET));
    glue(&built, folder)?;
    let wasm = folder.join(format!("{NAME}_bg.wasm"));
    let raw = std::fs::metadata(&wasm).map_err(|error| failed(&wasm, &error))?.len();
    let compressed = compressed_bytes(&wasm)?;
    eprintln!("xtask web: {}: {raw} bytes, {compressed} compressed", wasm.display());
    small_enough(compressed)
}

/// The JavaScript and the types.
fn glue(built: &Path, folder: &Path) -> Result<(), Failure> {
    let failed = |error: &dyn Display| failed(folder, error);
    let mut bindgen = Bindgen::new();
    bindgen.input_path(built).out_name(NAME).typescript(true);
    // `init()` without an argument finds the WASM beside the JavaScript.
    bindgen.omit_default_module_path(false);
    bindgen.remove_name_section(true).remove_producers_section(true);
    let mut output = bindgen.web(true).and_then(Bindgen::generate_output).map_err(|error| failed(&error))?;
    let own = format!("./{NAME}_bg.js");
    let modules = output.wasm().imports.iter().map(|import| import.module.as_str());
    nothing_foreign(modules, &own)?;
    output.emit(folder).map_err(|error| failed(&error))
}

/// With another C compiler than clang the build seems to succeed, and wants 43 functions of secp256k1 from the browser.
fn nothing_foreign<'a>(modules: impl Iterator<Item = &'a str>, own: &str) -> Result<(), Failure> {
    let foreign: Vec<&str> = modules.filter(|module| *module != own).collect();
    match foreign.first() {
        None => Ok(()),
        Some(module) => Err(Failure::new(
            "WASM of the page",
            format!(
                "it wants {} functions that no browser has, of {module:?}: is clang the compiler?",
                foreign.len()
            ),
        )),
    }
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
    fn functions_that_no_browser_has_are_noticed() {
        let own = "./coldamp_wasm_bg.js";
        assert_eq!(nothing_foreign([own, own].into_iter(), own), Ok(()));
        let refused =
            nothing_foreign([own, "env", "env"].into_iter(), own).map_err(|error| error.to_string());
        assert!(refused.is_err_and(|words| words.contains("2 functions") && words.contains("\"env\"")));
    }

    #[test]
    fn more_than_a_page_may_load_is_refused() {
        assert_eq!(small_enough(MAX_COMPRESSED_BYTES), Ok(()));
        assert!(small_enough(MAX_COMPRESSED_BYTES + 1).is_err());
    }
}
