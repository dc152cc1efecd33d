//! UR codes that a hostile screen shows to the online machine's camera, and files that are not shown as such. A row is a line of
//! `vectors/ur/hostile.txt`, which another implementation wrote.

use coldamp_core::code::Code;
use coldamp_core::pset::pset_binary;
use coldamp_online::ur::{UrError, UrJoin};
use coldamp_tests::pairs::{Pairs, proprietary, set};
use coldamp_tests::{Desk, RequestKind, Scenario, Treasury};

use super::binary;

const ROWS: &str = include_str!("../../vectors/ur/hostile.txt");

/// A scan, and the code that it is refused by.
struct Scan {
    code: Code,
    attack: &'static str,
    lines: Vec<&'static str>,
}

fn rows() -> impl Iterator<Item = Scan> {
    ROWS.lines().filter(|line| !line.starts_with('#')).map(|line| {
        let mut columns = line.split(" | ");
        let mut next = || columns.next().unwrap_or_else(|| panic!("{line}"));
        let (code, attack, lines) = (next(), next(), next());
        let code = Code::ALL.iter().copied().find(|known| known.as_str() == code);
        Scan { code: code.unwrap_or_else(|| panic!("{line}")), attack, lines: lines.split(' ').collect() }
    })
}

/// Files that are not shown as UR codes, with their codes.
const SHOWN: &[(&str, Code)] = &[
    ("unblinded.pset", Code::UrUnblinded),
    ("half.pset", Code::Parse),
    ("approval.json", Code::UrKind),
    ("other.json", Code::QrKind),
    ("many.pset", Code::UrTooMany),
];

/// The codes that have a row.
pub(crate) fn codes() -> impl Iterator<Item = Code> {
    rows().map(|row| row.code).chain(SHOWN.iter().map(|(_, code)| *code))
}

fn in_the_library(lines: &[&str]) -> Result<Option<Vec<u8>>, UrError> {
    let mut join = UrJoin::new();
    lines.iter().try_for_each(|line| join.add(line).map(drop))?;
    join.file()
}

/// Those with a code of another format, an end too early, or what the file is, are the command's.
#[test]
fn hostile_codes_are_refused_by_name_in_the_library() {
    let mut count = 0;
    for Scan { code, attack, lines } in rows() {
        let is_of_command = lines.iter().any(|line| !line.starts_with("ur:"))
            || [Code::UrIncomplete, Code::Parse].contains(&code);
        if !is_of_command {
            assert_eq!(in_the_library(&lines).map_err(|error| error.code()), Err(code), "{attack}");
            count += 1;
        }
    }
    assert!(count > 30, "{count}");
}

#[test]
fn hostile_codes_are_refused_by_name_in_the_binary() {
    if !binary::is_wanted() {
        return;
    }
    let desk = Desk::default();
    for Scan { code, attack, lines } in rows() {
        desk.write("scan.txt", lines.join("\n"));
        let run = desk.run("coldamp-online", "qr join scan.txt -o out");
        let exit = i32::from(code.exit().unwrap().number());
        assert_eq!((run.code, desk.has("out")), (exit, false), "{attack}: {}", run.stderr);
        assert!(run.stderr.contains(&format!("error[{code}]: ")), "{attack}: {}", run.stderr);
    }
}

#[test]
fn what_is_not_shown_as_ur_codes_is_refused_by_name() {
    if !binary::is_wanted() {
        return;
    }
    let desk = Desk::default();
    let scenario = Scenario::load(Scenario::QUORUM);
    let treasury = Treasury::of(&scenario);
    let job = treasury.job(&scenario, RequestKind::Distribute);
    let unsigned = job.prepare().pset;
    let blinded = job.blinded(&unsigned);
    desk.write("unblinded.pset", &unsigned);
    desk.write("half.pset", &blinded[..blinded.len() / 8 * 4]);
    desk.write("approval.json", "{\"schema\":\"coldamp.approval/1\"}");
    desk.write("other.json", "{}");
    // A field that nobody knows, of more bytes than the codes carry.
    let mut long = Pairs::split(&pset_binary(blinded.as_bytes()).unwrap());
    set(long.maps_mut().next().unwrap(), &proprietary(b"other", 0), vec![7; 600_000]);
    desk.write("many.pset", long.join());
    for (file, code) in SHOWN {
        let run = desk.run("coldamp-online", &format!("qr show {file} --ur --text"));
        assert_eq!(
            (run.code, run.stdout.as_str()),
            (i32::from(code.exit().unwrap().number()), ""),
            "{file}: {}",
            run.stderr
        );
        assert!(run.stderr.contains(&format!("error[{code}]: ")), "{file}: {}", run.stderr);
    }
}
