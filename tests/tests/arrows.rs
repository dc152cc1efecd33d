//! The workspace keeps to the dependencies that docs/architecture.md draws. What each check finds in text made by hand is tested
//! beside the check, in `src/arrows/`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use coldamp_tests::arrows::layers::{rust_files, wrong_uses};
use coldamp_tests::arrows::packages::{
    PRODUCTS, SIGNERS, contains_sandbox, enables_signer, names, tree, wrong_arrows, wrong_packages,
};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// What the air-gapped binary may be built with.
const RECORD: &str = "tests/packages/coldamp.txt";

fn members() -> BTreeSet<String> {
    let members = tree(&["--workspace", "--depth", "0"]);
    names(&members).into_iter().map(str::to_owned).collect()
}

#[test]
fn members_depend_on_each_other_only_as_allowed() {
    let members = members();
    let members: BTreeSet<&str> = members.iter().map(String::as_str).collect();
    assert!(members.contains("coldamp") && members.contains("coldamp-core"), "{members:?}");
    let direct = |member: &str| tree(&["--edges", "normal,build,dev", "--depth", "1", "--package", member]);
    let wrong: Vec<String> =
        members.iter().flat_map(|member| wrong_arrows(member, &direct(member), &members)).collect();
    none(&wrong);
}

#[test]
fn only_the_cold_side_and_the_tests_enable_the_signer() {
    let enables = |member: &str| enables_signer(&tree(&["--edges", "normal,build,dev", "--package", member]));
    assert!(SIGNERS.iter().all(|member| enables(member)), "the check sees it where it is enabled");
    let members = members();
    let others = members.iter().filter(|member| !SIGNERS.contains(&member.as_str()));
    none(&others.filter(|member| enables(member)).cloned().collect::<Vec<_>>());
}

#[test]
fn the_air_gapped_binary_is_built_with_the_recorded_packages_and_no_others() {
    let record = std::fs::read_to_string(Path::new(ROOT).join(RECORD)).unwrap();
    let wrong = wrong_packages(&tree(&["--edges", "normal,build", "--package", "coldamp"]), &record);
    assert!(
        wrong.is_empty(),
        "{}\n{RECORD} records every package of the air-gapped binary. Read a new package's code: it must open no socket and start \
         no process. Then add its name there, below a line `# ` with the reason why it is needed. Remove names that are no \
         longer used.",
        wrong.join("\n")
    );
}

#[test]
fn a_plain_build_makes_the_two_binaries_and_nothing_else() {
    assert_eq!(names(&tree(&["--depth", "0"])), BTreeSet::from(["coldamp", "coldamp-online-cli"]));
}

#[test]
fn no_product_is_built_with_the_sandbox() {
    let built = |member: &str| tree(&["--edges", "normal,build", "--package", member]);
    assert!(contains_sandbox(&built("coldamp-tests")), "the check sees it where it is");
    none(&PRODUCTS.iter().filter(|product| contains_sandbox(&built(product))).collect::<Vec<_>>());
}

#[test]
fn a_module_of_core_uses_only_its_own_layer_and_those_above() {
    let src = Path::new(ROOT).join("core/src");
    assert!(src.join("network.rs").exists(), "core is in another folder");
    none(&wrong_uses(&src));
}

#[test]
fn a_module_file_has_the_name_of_its_module() {
    let folders = [
        "cli",
        "core",
        "offline-cli",
        "online",
        "online-cli",
        "sandbox",
        "tests",
        "wasm",
        "xtask",
        "xtask/glue",
    ];
    let folders = folders.map(|folder| Path::new(ROOT).join(folder).join("src"));
    let files: Vec<PathBuf> = folders.iter().flat_map(|folder| rust_files(folder)).collect();
    none(&files.iter().filter(|file| file.ends_with("mod.rs")).collect::<Vec<_>>());
}

fn none<T: std::fmt::Debug>(wrong: &[T]) {
    assert!(wrong.is_empty(), "\n{wrong:#?}");
}
