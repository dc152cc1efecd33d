//! The pictures of `coldamp qr show`, taken from a terminal: read by zbar as a camera program does, and by the page's scanner.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use coldamp_tests::{Desk, RequestKind, Sitting, skipped};

use super::job;

/// Black on white in colours that no theme changes, and the terminal's own again.
const BLACK_ON_WHITE: &str = "\u{1b}[38;5;16;48;5;231m";
const OWN: &str = "\u{1b}[0m";

/// A terminal draws a code between these.
const BEGIN: &str = "\u{1b}[?2026h\u{1b}[H";
const END: &str = "\u{1b}[?2026l";

/// Dots of an image for each module.
const SCALE: usize = 3;

/// A picture: rows of modules, true is dark.
pub(super) type Picture = Vec<Vec<bool>>;

/// The picture of rows of half blocks. Every cell has explicit colours.
fn picture(text: &str) -> Picture {
    let rows = text.split('\n').map(str::trim_end).take_while(|row| row.starts_with(BLACK_ON_WHITE));
    let mut picture = Picture::new();
    for row in rows {
        let cells = row.strip_prefix(BLACK_ON_WHITE).unwrap().strip_suffix(OWN).unwrap();
        let half = |dark: &str| cells.chars().map(|cell| dark.contains(cell)).collect();
        assert!(cells.chars().all(|cell| " ▀▄█".contains(cell)), "{cells}");
        picture.push(half("▀█"));
        picture.push(half("▄█"));
    }
    picture
}

/// As a portable bitmap with whole dots, which zbarimg reads.
fn bitmap(picture: &Picture) -> String {
    let (width, height) = (picture[0].len() * SCALE, picture.len() * SCALE);
    let mut text = format!("P1\n{width} {height}\n");
    for row in picture {
        let dots: String = row.iter().flat_map(|dark| [if *dark { '1' } else { '0' }; SCALE]).collect();
        for _ in 0..SCALE {
            text.push_str(&dots);
            text.push('\n');
        }
    }
    text
}

/// What `qr show` draws, by the number of the code.
pub(super) fn drawn(sitting: &mut Sitting) -> BTreeMap<usize, Picture> {
    sitting.wait_for(&["Enter: begin"]);
    sitting.press("\r");
    let mut pictures = BTreeMap::new();
    loop {
        sitting.wait_for(&[END]);
        let shown = sitting.shown();
        let (_, frame) = shown.rsplit_once(BEGIN).unwrap();
        // The newest may have begun already; then the one before it is taken at the next turn.
        let Some((frame, _)) = frame.split_once(END) else { continue };
        let words = frame.rsplit('\n').next().unwrap();
        let (number, count) = words.split_once(" of ").unwrap();
        let number: usize = number.trim().parse().unwrap();
        let count: usize = count.split_once('.').unwrap().0.parse().unwrap();
        pictures.insert(number, picture(frame));
        if pictures.len() == count {
            return pictures;
        }
    }
}

fn tool(name: &str, version: &str) -> bool {
    Command::new(name).arg(version).stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok()
}

/// What zbarimg reads in images. `None` without zbarimg.
pub(super) fn read_by_zbar(desk: &Desk, pictures: &BTreeMap<usize, Picture>) -> Option<String> {
    if !tool("zbarimg", "--version") {
        skipped("zbarimg is not installed, Debian's zbar-tools has it");
        return None;
    }
    let mut command = Command::new("zbarimg");
    command.args(["--raw", "--quiet", "-Sdisable", "-Sqrcode.enable"]).current_dir(desk.path(""));
    for (number, picture) in pictures {
        let name = format!("{number}.pbm");
        desk.write(&name, bitmap(picture));
        command.arg(name);
    }
    Some(text(command.output().unwrap()))
}

/// What the page's scanner reads in pictures. `None` without node or the page's packages.
fn read_by_page(desk: &Desk, pictures: &BTreeMap<usize, Picture>) -> Option<String> {
    let web: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("../web");
    if !tool("node", "--version") || !web.join("node_modules/qr").exists() {
        skipped("node or web/node_modules is missing, `npm ci` in web/ installs the page's packages");
        return None;
    }
    let bitmaps: Vec<String> = pictures.values().map(bitmap).collect();
    desk.write("pictures.json", serde_json::to_string(&bitmaps).unwrap());
    let mut command = Command::new("node");
    command.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("page/scan.mjs"));
    command.arg(web.canonicalize().unwrap()).arg(desk.path("pictures.json"));
    Some(text(command.output().unwrap()))
}

fn text(output: Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn what_a_terminal_shows_is_read_back_to_the_same_file() {
    let (pset, _) = job("wpkh", RequestKind::Reissue);
    let desk = Desk::default();
    desk.write("job.pset", &pset);
    for (binary, leave) in [("coldamp", "\u{3}"), ("coldamp-online", "q")] {
        let mut sitting = desk.sit(binary, "qr show job.pset --fps 20", 70, 140);
        let pictures = drawn(&mut sitting);
        sitting.press(leave);
        let (code, shown) = sitting.end();
        assert_eq!(code, 0, "{shown}");
        assert!(
            shown.contains("QR codes of version 2") && shown.contains(" seconds at 20 codes a second")
                || shown.contains(" second at 20 codes"),
            "{}",
            &shown[..400]
        );
        // The cursor and the screen that was there before come back.
        assert!(
            shown.contains("\u{1b}[?25l") && shown.trim_end().ends_with("\u{1b}[?25h\u{1b}[?1049l"),
            "{binary}"
        );
        let reads = [("zbar", read_by_zbar(&desk, &pictures)), ("page", read_by_page(&desk, &pictures))];
        for (reader, scanned) in reads {
            let Some(scanned) = scanned else { continue };
            let (scan, back) = (format!("{reader}.txt"), format!("{binary}.{reader}.pset"));
            desk.write(&scan, scanned);
            desk.run(binary, &format!("qr join {scan} -o {back}")).done();
            assert!(desk.read(&back) == pset, "{reader}: another file");
            assert_eq!(desk.mode(&back), 0o600);
        }
    }
}

#[test]
fn a_file_of_one_code_stands_still() {
    const ADDRESS: &str = "el1qq0umk3pez693jrrlxz9ndlkuwne93gdu9g83mhhzuyf46e3mdzfpva0w48gqgzgrklncnm0k5zeyw8my2ypfsmxh4xcjh2rse";
    let desk = Desk::default();
    desk.write("address", format!("{ADDRESS}\n"));
    let (code, shown) = desk.sit("coldamp", "qr show address", 40, 80).end();
    assert_eq!(code, 0, "{shown}");
    assert!(
        shown.contains("address, 102 bytes: 1 QR code of version ") && !shown.contains("Enter"),
        "{shown}"
    );
    let begin = shown.find(BLACK_ON_WHITE).unwrap();
    let pictures = BTreeMap::from([(1, picture(&shown[begin..]))]);
    for scanned in [read_by_zbar(&desk, &pictures), read_by_page(&desk, &pictures)].into_iter().flatten() {
        assert_eq!(scanned.trim(), ADDRESS);
    }
}

#[test]
fn a_screen_that_is_too_small_and_a_file_that_is_long_are_told_first() {
    let (pset, _) = job("wpkh", RequestKind::Reissue);
    let desk = Desk::default();
    desk.write("job.pset", &pset);
    let (code, shown) = desk.sit("coldamp", "qr show job.pset", 12, 80).end();
    assert!(code == 2 && shown.contains("error[QR_TERMINAL]: the terminal is too small"), "{shown}");

    let mut sitting = desk.sit("coldamp", "qr show job.pset", 24, 80);
    sitting.wait_for(&["Enter: begin"]);
    sitting.press("q");
    let (code, shown) = sitting.end();
    assert_eq!(code, 0, "{shown}");
    assert!(
        shown.contains(" QR codes of version 5; a round takes ")
            && shown.contains("A file on a USB stick is quicker"),
        "{shown}"
    );
    assert!(!shown.contains(BLACK_ON_WHITE), "{shown}");

    let run = desk.run("coldamp", "qr show job.pset");
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("error[QR_TERMINAL]: there is no terminal"), "{}", run.stderr);
}

#[test]
fn a_screen_that_becomes_too_small_ends_the_show_and_comes_back() {
    let (pset, _) = job("wpkh", RequestKind::Reissue);
    let desk = Desk::default();
    desk.write("job.pset", &pset);
    let mut sitting = desk.sit("coldamp", "qr show job.pset --fps 20", 50, 100);
    sitting.wait_for(&["Enter: begin"]);
    sitting.press(" ");
    sitting.wait_for(&[END]);
    sitting.resize(20, 60);
    let (code, shown) = sitting.end();
    assert!(code == 2 && shown.contains("error[QR_TERMINAL]: the terminal became too small"), "{shown}");
    assert!(shown.contains("\u{1b}[?1049l"), "{shown}");
}
