//! Files, arguments and streams that are not what they should be.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::os::unix::ffi::OsStrExt as _;
use std::process::Stdio;

use crate::desk::{Desk, PREPARE, Run};

#[test]
fn an_existing_file_is_not_overwritten() {
    let desk = Desk::of("wpkh", "burn");
    desk.write("unsigned.pset", "the only copy");
    desk.fails(PREPARE, 7, &["unsigned.pset exists already"]);
    assert_eq!(desk.read("unsigned.pset"), "the only copy");
    std::os::unix::fs::symlink("nowhere", desk.path("link")).unwrap();
    desk.fails(&PREPARE.replace("unsigned.pset", "link"), 7, &["link exists already"]);
    let before = desk.read("request.json");
    desk.fails(&PREPARE.replace("unsigned.pset", "request.json"), 7, &["request.json exists already"]);
    assert_eq!(desk.read("request.json"), before);
}

#[test]
fn what_cannot_be_written_leaves_nothing_behind() {
    let desk = Desk::of("wpkh", "burn");
    // The tests may run as root, who writes whatever the permissions say.
    for path in ["missing/unsigned.pset", "/proc/unsigned.pset", "request.json/unsigned.pset"] {
        desk.fails(&PREPARE.replace("unsigned.pset", path), 7, &[&format!("cannot write {path}")]);
    }
}

#[test]
fn a_missing_file_is_named() {
    for name in ["request.json", "descriptor", "transactions.json"] {
        let desk = Desk::of("wpkh", "burn");
        fs::remove_file(desk.path(name)).unwrap();
        desk.fails(PREPARE, 6, &["cannot read the ", name, "No such file"]);
        fs::create_dir(desk.path(name)).unwrap();
        // A folder is that of a job.
        let says = if name == "request.json" { "the job has no " } else { "not a regular file" };
        desk.fails(PREPARE, 6, &[name, says]);
    }
}

#[test]
fn arguments_that_cannot_be_read_exit_with_2() {
    let desk = Desk::of("wpkh", "burn");
    let without = |argument: &str| {
        assert!(PREPARE.contains(argument));
        PREPARE.replace(argument, "")
    };
    for (arguments, says) in [
        (String::new(), "no command is named"),
        ("sign".to_owned(), "'sign'"),
        (without("request.json "), "waits for `prepare`"),
        (without("--descriptor descriptor"), "--descriptor FILE"),
        (without("--network regtest"), "--network NET"),
        (without("--transactions transactions.json"), "--esplora URL or --node URL"),
        (without("-o unsigned.pset"), "-o FILE.pset"),
        (
            PREPARE.replace("regtest", "liquidv1"),
            "network \"liquidv1\" is not known; expected liquid, liquid-testnet or regtest",
        ),
        (format!("{PREPARE} --fee-basis half"), "expected discounted or full"),
        (format!("{PREPARE} --fee-rate 0.1"), "'0.1'"),
        (format!("{PREPARE} --fee-rate=-1"), "'-1'"),
        (format!("{PREPARE} --issuance-tx 11"), "'11'"),
        (format!("{PREPARE} --policy-asset 11"), "'11'"),
        (format!("{PREPARE} --yes"), "'--yes'"),
        (format!("{PREPARE} --network regtest"), "'--network <NET>' cannot be used multiple times"),
    ] {
        desk.fails(&arguments, 2, &[says]);
    }
}

#[test]
fn the_policy_asset_of_a_public_network_is_fixed() {
    let desk = Desk::of("wpkh", "burn");
    let asset = "11".repeat(32);
    for network in ["liquid", "liquid-testnet"] {
        let arguments = format!("{PREPARE} --policy-asset {asset}").replace("regtest", network);
        let found = format!("found --policy-asset {asset} with --network {network}");
        desk.fails(&arguments, 2, &[&found, "only regtest takes another"]);
    }
}

#[test]
fn nothing_that_was_typed_or_named_steers_the_terminal() {
    // `Run::of` checks it of every run. Names of files are in tests/tests/names.rs.
    let desk = Desk::of("wpkh", "burn");
    let mut command = desk.command(&PREPARE.replace("--network regtest", ""));
    let typed = Run::of(command.args(["--network", "\u{1b}]0;x\u{7}"]).output().unwrap());
    assert_eq!(typed.code, 2);

    let mut command = desk.command(&PREPARE.replace("-o unsigned.pset", "-o"));
    let made = Run::of(command.arg(OsStr::from_bytes(b"un\xffsigned\x1b.pset")).output().unwrap());
    assert_eq!(made.code, 0, "{}", made.stderr);
    assert!(desk.path("").join(OsStr::from_bytes(b"un\xffsigned\x1b.pset")).exists());

    desk.replace("request.json", "\"burn\"", "\"bu\\u001b\\u202ern\"");
    desk.refused("TEXT_UNSAFE", &[r#""command": found U+001B in "bu\u{1b}\u{202e}rn""#]);
}

#[test]
fn closed_streams_stop_nothing_that_does_not_need_them() {
    let closed = || {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        writer
    };
    let desk = Desk::of("wpkh", "burn");
    let run = desk.command(PREPARE).stdout(closed()).stderr(closed()).status().unwrap();
    assert_eq!(run.code(), Some(0));
    assert!(desk.path("unsigned.pset").exists());
    assert_eq!(Run::of(desk.command("--help").stdout(closed()).output().unwrap()).code, 7);
    let full = Stdio::from(File::options().write(true).open("/dev/full").unwrap());
    assert_eq!(Run::of(desk.command("--version").stdout(full).output().unwrap()).code, 7);
}

#[test]
fn help_and_version_are_data() {
    let desk = Desk::of("wpkh", "burn");
    let version = desk.run("--version");
    assert_eq!(version.stdout, concat!("coldamp-online ", env!("CARGO_PKG_VERSION"), "\n"));
    let help = desk.run("prepare --help");
    assert!(help.stdout.contains("--transactions <FILE>") && help.stderr.is_empty(), "{}", help.stdout);
    assert_eq!((version.code, help.code), (0, 0));
}
