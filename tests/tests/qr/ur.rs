//! A blinded PSET as UR codes to a signer who reads no BBQr, and back from him. Hostile codes are in `hostile/rows_ur.rs`.

use std::collections::BTreeMap;

use coldamp_tests::{Desk, RequestKind, Scenario, Treasury, signed_pset};

use super::pictures::{drawn, read_by_zbar};

/// A desk with a quorum's job: `job.pset` and `blinded.pset`, the descriptor, and `signed.N.pset` as two other signers give it back.
fn desk(kind: RequestKind) -> Desk {
    let scenario = Scenario::load(Scenario::QUORUM);
    let treasury = Treasury::of(&scenario);
    let job = treasury.job(&scenario, kind);
    let unsigned = job.prepare().pset;
    let blinded = job.blinded(&unsigned);
    let desk = Desk::default();
    desk.write("descriptor", scenario.ct_descriptor());
    desk.write("job.pset", format!("{unsigned}\n"));
    desk.write("blinded.pset", format!("{blinded}\n"));
    for (number, key) in (1..).zip(&treasury.signing_keys()) {
        let set = job.part(blinded.as_bytes(), key, number);
        desk.write(&format!("signed.{number}.pset"), signed_pset(&blinded, &[&set]));
    }
    desk
}

#[test]
fn a_blinded_pset_goes_to_other_signers_and_comes_back_signed_by_codes_alone() {
    let desk = desk(RequestKind::Distribute);
    let shown = desk.run("coldamp-online", "qr show blinded.pset --ur --text").done().stdout;
    let codes: Vec<&str> = shown.lines().collect();
    assert!(codes.len() > 9 && codes.len().is_multiple_of(3), "{}", codes.len());
    for code in &codes {
        let (kind, rest) = code.split_at_checked(15).unwrap();
        assert_eq!(kind, "UR:CRYPTO-PSBT/");
        // What version 16 holds, in the letters of a dense QR code.
        assert!(
            code.len() <= 938
                && rest
                    .bytes()
                    .all(|byte| b"-/".contains(&byte) || byte.is_ascii_digit() || byte.is_ascii_uppercase()),
            "{code}"
        );
    }

    // One in three is missed, and some are seen twice.
    let seen: Vec<&str> =
        codes.iter().rev().enumerate().filter(|(at, _)| at % 3 != 1).map(|(_, code)| *code).collect();
    desk.write("scan.txt", [&seen[..4], &seen[..]].concat().join("\n"));
    let run = desk.run("coldamp-online", "qr join scan.txt -o back.pset").done();
    assert!(run.stderr.contains(&format!(" of {}", codes.len() / 3)), "{}", run.stderr);
    assert!(desk.read("back.pset") == desk.read("blinded.pset"));

    for number in [1, 2] {
        let codes =
            desk.run("coldamp-online", &format!("qr show signed.{number}.pset --ur --text")).done().stdout;
        desk.write("scan.txt", codes.to_ascii_lowercase());
        desk.run("coldamp-online", &format!("qr join scan.txt -o signed.{number}.back.pset")).done();
    }
    let combine = "combine job.pset signed.1.back.pset signed.2.back.pset --descriptor descriptor --network regtest -o signed.json";
    let run = desk.run("coldamp-online", combine);
    assert!(run.code == 0 && desk.has("signed.json"), "{}", run.stderr);
}

#[test]
fn the_codes_are_read_by_zbar_from_the_pictures_on_a_terminal() {
    let desk = desk(RequestKind::Burn);
    let mut sitting = desk.sit("coldamp-online", "qr show blinded.pset --ur --width 133 --fps 20", 70, 140);
    let pictures = drawn(&mut sitting);
    sitting.press("q");
    let (code, shown) = sitting.end();
    assert_eq!(code, 0, "{shown}");
    let missed = pictures.len() / 3 * 2;
    let told = format!(
        "{} QR codes of version 27, of which {missed} stand for some that were missed; a round takes ",
        pictures.len()
    );
    assert!(shown.contains(&told), "{}", &shown[..400]);
    // The pieces alone, then every second code of the row.
    let pieces = pictures.len() / 3;
    for name in ["pieces", "half"] {
        let is_seen =
            |number: usize| if name == "pieces" { number <= pieces } else { number.is_multiple_of(2) };
        let seen: BTreeMap<_, _> =
            pictures.clone().into_iter().filter(|(number, _)| is_seen(*number)).collect();
        let Some(scanned) = read_by_zbar(&desk, &seen) else { return };
        desk.write("scan.txt", scanned);
        desk.run("coldamp-online", &format!("qr join scan.txt -o {name}.pset")).done();
        assert!(desk.read(&format!("{name}.pset")) == desk.read("blinded.pset"), "{name}");
    }
}

#[test]
fn the_air_gapped_program_has_no_such_codes() {
    let desk = desk(RequestKind::Burn);
    assert_eq!(desk.run("coldamp", "qr show blinded.pset --ur").code, 2);
    let codes = desk.run("coldamp-online", "qr show blinded.pset --ur --text").done().stdout;
    desk.write("scan.txt", codes);
    let run = desk.run("coldamp", "qr join scan.txt -o back.pset");
    assert!(run.code == 6 && run.stderr.contains("error[BBQR_NO_FRAME]: "), "{}", run.stderr);
}
