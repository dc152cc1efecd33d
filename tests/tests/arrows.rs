//! The workspace keeps to the arrows that the design draws. What each check finds wrong in a workspace made by hand is
//! tested beside the check, in `src/arrows/`.

use std::path::Path;
use std::sync::LazyLock;

use coldamp_tests::arrows::{Workspace, network, packages, rows, rust_files};

static WORKSPACE: LazyLock<Workspace> = LazyLock::new(Workspace::read);

#[test]
fn members_depend_on_each_other_only_along_the_arrows() {
    none(&packages::wrong_arrows(&WORKSPACE));
}

#[test]
fn only_the_cold_side_and_the_tests_enable_the_signer() {
    none(&packages::wrong_signers(&WORKSPACE));
}

#[test]
fn the_air_gapped_binary_links_no_network_crate() {
    none(&network::linked(&WORKSPACE, "coldamp"));
}

#[test]
fn a_plain_build_makes_the_two_binaries_and_nothing_else() {
    assert_eq!(WORKSPACE.default_members(), ["coldamp", "coldamp-online-cli"]);
}

#[test]
fn no_product_is_built_with_the_sandbox() {
    none(&packages::built_with_sandbox(&WORKSPACE));
}

#[test]
fn a_module_of_core_uses_only_the_rows_above() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("../core/src");
    assert!(src.join("network.rs").exists(), "core does not lie where it is looked for");
    none(&rows::wrong_uses(&src));
}

#[test]
fn a_module_file_carries_its_own_name() {
    let files: Vec<_> = WORKSPACE.folders().flat_map(|folder| rust_files(&folder.join("src"))).collect();
    assert!(files.iter().any(|file| file.ends_with("core/src/lib.rs")), "core is not looked at");
    let called_mod: Vec<String> = files
        .iter()
        .filter(|file| file.ends_with("mod.rs"))
        .map(|file| format!("{}: a folder's story stands in the file beside it", file.display()))
        .collect();
    none(&called_mod);
}

fn none(wrong: &[String]) {
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
