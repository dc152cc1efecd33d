//! `coldamp-glue WASM NAME FOLDER`: writes into the folder what the browser loads of a WASM file, the JavaScript and the
//! TypeScript types around it. `cargo xtask web` builds and runs it.
#![allow(clippy::print_stderr, reason = "xtask's own helper has one reader at a terminal")]

use std::env;
use std::path::Path;
use std::process::ExitCode;

use wasm_bindgen_cli_support::Bindgen;

fn main() -> ExitCode {
    let arguments: Vec<String> =
        env::args_os().skip(1).map(|argument| argument.to_string_lossy().into_owned()).collect();
    let outcome = match arguments.as_slice() {
        [wasm, name, folder] => write(Path::new(wasm), name, Path::new(folder)),
        _ => Err("usage: coldamp-glue WASM NAME FOLDER".to_owned()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("coldamp-glue: {why}");
            ExitCode::FAILURE
        }
    }
}

fn write(wasm: &Path, name: &str, folder: &Path) -> Result<(), String> {
    let failed = |error: &dyn std::fmt::Display| format!("{}: {error}", folder.display());
    let mut bindgen = Bindgen::new();
    bindgen.input_path(wasm).out_name(name).typescript(true);
    // `init()` without an argument finds the WASM beside the JavaScript.
    bindgen.omit_default_module_path(false);
    bindgen.remove_name_section(true).remove_producers_section(true);
    let mut output = bindgen.web(true).and_then(Bindgen::generate_output).map_err(|error| failed(&error))?;
    let own = format!("./{name}_bg.js");
    let modules = output.wasm().imports.iter().map(|import| import.module.as_str());
    nothing_foreign(modules, &own)?;
    output.emit(folder).map_err(|error| failed(&error))
}

/// With another C compiler than clang the build seems to succeed, and wants 43 functions of secp256k1 from the browser.
fn nothing_foreign<'a>(modules: impl Iterator<Item = &'a str>, own: &str) -> Result<(), String> {
    let foreign: Vec<&str> = modules.filter(|module| *module != own).collect();
    match foreign.first() {
        None => Ok(()),
        Some(module) => Err(format!(
            "the WASM wants {} functions that no browser has, of {module:?}: is clang the compiler?",
            foreign.len()
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_that_no_browser_has_are_noticed() {
        let own = "./coldamp_wasm_bg.js";
        assert_eq!(nothing_foreign([own, own].into_iter(), own), Ok(()));
        let refused = nothing_foreign([own, "env", "env"].into_iter(), own);
        assert!(refused.is_err_and(|words| words.contains("2 functions") && words.contains("\"env\"")));
    }
}
