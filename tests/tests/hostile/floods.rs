//! Files that are one fault sixty thousand times over: refused in moments, in a list that fits a screen or two and says how
//! many more there are.

use coldamp_core::code::Code;
use coldamp_core::elements::hashes::sha256;
use coldamp_core::sign::review::Review;
use coldamp_tests::{Desk, Honest, KEYS, Scenario};

use super::job::{DISTRIBUTE, EACH};
use super::pairs::{Pair, Pairs, proprietary};
use super::row::Expected::Among;
use super::row::{Row, raw, refused};

/// As many as 4 MiB hold.
const FLOOD: u32 = 60_000;

/// Rules that a review lists of one file, whatever it holds.
const MOST_LINES: usize = 100;

/// Characters of all of them.
const MOST_CHARACTERS: usize = 40_000;

/// Derivations of distinct keys, each at a path of the treasury's own account.
fn derivations(kind: u8) -> impl Iterator<Item = Pair> {
    let path: Vec<u8> =
        [84 | 1 << 31, 1 | 1 << 31, 1 << 31, 1, 5_u32].iter().flat_map(|s| s.to_le_bytes()).collect();
    (0..FLOOD).map(move |number| {
        let x = sha256::Hash::hash(&number.to_le_bytes()).to_byte_array();
        let key = [&[kind, 0x02][..], &x].concat();
        (key, [&[0x73, 0xc5, 0xda, 0x0a], path.as_slice()].concat())
    })
}

/// What is repeated, the code that it is refused under, and how it gets into the file.
type Flood = (&'static str, Code, fn(&mut Pairs));

fn floods() -> Vec<Flood> {
    vec![
        ("derivations of the fee output", Code::UnknownField, |pairs| {
            pairs.outputs.last_mut().unwrap().extend(derivations(0x02).take(40_000));
        }),
        ("derivations of an own output", Code::UnknownField, |pairs| {
            let own = pairs.outputs.iter_mut().find(|map| map.iter().any(|(key, _)| key[0] == 0x02)).unwrap();
            own.extend(derivations(0x02).take(40_000));
        }),
        ("derivations of an input", Code::UnknownField, |pairs| {
            pairs.inputs[0].extend(derivations(0x06).take(40_000));
        }),
        ("one key again and again", Code::UnknownField, |pairs| {
            let pair = pairs.inputs[0][0].clone();
            pairs.inputs[0].extend(std::iter::repeat_n(pair, 30_000));
        }),
        ("fields of nobody", Code::UnknownField, |pairs| {
            pairs.global.extend(
                (0..FLOOD).map(|number| {
                    ([proprietary(b"x", 0), number.to_le_bytes().to_vec()].concat(), Vec::new())
                }),
            );
        }),
        ("token metadata", Code::UnknownField, |pairs| {
            pairs.global.extend((0..FLOOD / 2).map(|number| {
                let token = sha256::Hash::hash(&number.to_le_bytes()).to_byte_array();
                let key = [proprietary(b"pset_hww", 1), token.to_vec()].concat();
                (key, [&[1][..], &[7; 32]].concat())
            }));
        }),
    ]
}

fn edited(edit: fn(&mut Pairs)) -> Review {
    let honest = Honest::of(DISTRIBUTE);
    let mut pairs = Pairs::split(&honest.binary());
    edit(&mut pairs);
    honest.job().review(&pairs.join())
}

#[test]
fn a_flood_of_faults_is_listed_in_part_and_counted() {
    for (flood, code, edit) in floods() {
        let review = edited(edit);
        assert!(review.checked().is_none() && review.approval_code().is_none(), "{flood}");
        let lines: Vec<String> = review.mismatches.iter().map(ToString::to_string).collect();
        assert!(review.mismatches.iter().any(|mismatch| mismatch.code == code), "{flood}: {lines:?}");
        let characters: usize = lines.iter().map(String::len).sum();
        assert!(lines.len() <= MOST_LINES, "{flood}: {} lines", lines.len());
        assert!(characters <= MOST_CHARACTERS, "{flood}: {characters} characters");
        let counts = |line: &String| {
            line.contains("more faults")
                || line.contains("derivations are")
                || line.contains("of 30000 assets")
        };
        assert!(lines.iter().any(counts), "{flood}: nothing says how many more there are: {lines:?}");
    }
}

#[test]
fn the_binaries_list_no_more() {
    let rows: Vec<Row> =
        floods().into_iter().map(|(flood, code, edit)| raw(DISTRIBUTE, flood, Among(code), edit)).collect();
    refused(rows);
}

#[test]
fn the_same_rule_for_every_output_is_listed_five_times_and_counted() {
    for job in EACH {
        let honest = Honest::of(job);
        let mut pairs = Pairs::split(&honest.binary());
        let last = pairs.outputs.len() - 1;
        let mut stranger = pairs.outputs[0].clone();
        stranger.retain(|(key, _)| key[0] != 0x02);
        let script = |number: u8| [&[0x00, 0x14][..], &[number; 20]].concat();
        for number in 0..100 {
            let mut map = stranger.clone();
            super::pairs::set(&mut map, &[0x04], script(number));
            pairs.outputs.insert(last, map);
        }
        let count = u8::try_from(pairs.outputs.len()).unwrap();
        super::pairs::set(&mut pairs.global, &[0x05], vec![count]);
        let review = honest.job().review(&pairs.join());
        let unexplained: Vec<&str> = review
            .mismatches
            .iter()
            .filter(|mismatch| mismatch.code == Code::OutputUnexplained)
            .map(|mismatch| mismatch.message.as_str())
            .collect();
        assert_eq!(unexplained.len(), 5, "{unexplained:?}");
        let more =
            unexplained[4].rsplit_once("(and ").and_then(|(_, rest)| rest.strip_suffix(" more like this)"));
        let more: usize = more.unwrap_or_else(|| panic!("{unexplained:?}")).parse().unwrap();
        assert!(more >= 95, "{unexplained:?}");
        // What is counted is rules, and not lines of the list.
        assert!(review.failed >= review.mismatches.len() + more, "{} of {more}", review.failed);
        if !super::binary::is_wanted() {
            continue;
        }
        let desk = Desk::cold_copy(&Scenario::load(job.1));
        desk.write("flood.pset", pairs.join());
        let run = desk.run("coldamp", &format!("review flood.pset {KEYS}"));
        let count = format!("refused, {} rules failed", review.failed);
        assert!(run.stderr.contains(&count), "{count}: {}", run.stderr);
        assert!(
            run.stdout.contains(&format!("NOT TO BE SIGNED: {} rules failed", review.failed)),
            "{}",
            run.stdout
        );
    }
}
