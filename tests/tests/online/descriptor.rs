//! `descriptor multi`: the keys of several signers become one descriptor, and what must not be one is refused by name.

use coldamp_core::network::Chain;
use coldamp_core::treasury::CtDescriptor;
use coldamp_tests::{Desk, Run, Scenario, sha256_of};

/// The keys of the treasury of three, as its signers' machines print them.
fn keys() -> Vec<String> {
    let descriptor =
        CtDescriptor::parse(Scenario::load(Scenario::QUORUM).ct_descriptor(), Chain::Regtest).unwrap();
    descriptor.keys().iter().map(|key| format!("{}{}", key.origin(), key.xpub())).collect()
}

fn multi(desk: &Desk, arguments: &str, keys: &[String]) -> Run {
    let fixed = format!("descriptor multi --network regtest {arguments}");
    desk.run_with("coldamp-online", fixed.split_whitespace().map(str::to_owned).chain(keys.iter().cloned()))
}

#[test]
fn the_descriptor_of_the_recorded_treasury_is_made_of_its_keys() {
    let (scenario, desk) = (Scenario::load(Scenario::QUORUM), Desk::default());
    for (name, key) in [
        ("bare", scenario.master_blinding_key().to_owned()),
        ("wrapped", format!("slip77({})\n", scenario.master_blinding_key())),
    ] {
        desk.write(name, key);
        let run =
            multi(&desk, &format!("-k 2 --unsorted --view-key {name} -o {name}.descriptor"), &keys()).done();
        let expected = CtDescriptor::parse(scenario.ct_descriptor(), Chain::Regtest).unwrap();
        assert_eq!(desk.read(&format!("{name}.descriptor")), format!("{}\n", expected.with_checksum()));
        assert_eq!(desk.mode(&format!("{name}.descriptor")), 0o600);
        assert!(run.stdout.is_empty());
        for line in [
            "treasury       2 of 3 keys, multi in elwsh, regtest\n",
            "keys           73c5da0a, b8688df1, 28645006\n",
            "first address  el1",
            &format!("checksum       {} (of the descriptor)\n", expected.checksum()),
            &format!("SHA-256        {}\n", sha256_of(expected.canonical())),
            "compares keys, first address and SHA-256 with the other signers",
        ] {
            assert!(run.stderr.contains(line), "{line}: {}", run.stderr);
        }
        assert!(
            !run.stderr.contains(scenario.master_blinding_key()) && !run.stderr.contains("is new"),
            "{}",
            run.stderr
        );
    }
}

#[test]
fn without_a_view_key_each_descriptor_has_a_new_one() {
    let desk = Desk::default();
    let made = ["one", "two"].map(|name| {
        let run = multi(&desk, &format!("-k 2 --nested -o {name}"), &keys()).done();
        assert!(run.stderr.contains("The view key is new"), "{}", run.stderr);
        let text = desk.read(name);
        assert!(text.contains(",elsh(wsh(sortedmulti(2,["), "{text}");
        let descriptor = CtDescriptor::parse(&text, Chain::Regtest).unwrap();
        assert!(!run.stderr.contains(&descriptor.master_blinding_key().to_string()));
        descriptor
    });
    assert!(made[0].master_blinding_key() != made[1].master_blinding_key());
    assert_eq!(made[0].keys(), made[1].keys());
    // An existing file is not overwritten: it may be the only copy of a view key.
    let kept = desk.read("one");
    assert_eq!((multi(&desk, "-k 2 -o one", &keys()).code, desk.read("one")), (7, kept));
}

#[test]
fn what_makes_no_treasury_is_refused_by_name() {
    let (desk, keys) = (Desk::default(), keys());
    let [first, second, _] = keys.as_slice() else { panic!("three keys") };
    desk.write("no-key", "9c8e");
    let bare = second.split_once(']').unwrap().1;
    let sixteen = vec![first.clone(); 16];
    for (arguments, keys, code, exit) in [
        ("-k 0", &keys[..], "QUORUM", 3),
        ("-k 4", &keys, "QUORUM", 3),
        ("-k 2", &sixteen, "QUORUM", 3),
        ("-k 1", &[first.clone(), first.clone()], "KEY_TWICE", 3),
        ("-k 1", &[first.clone(), bare.to_owned()], "KEY_SHAPE", 3),
        ("-k 1", &[format!("{first},{second}")], "KEY_SHAPE", 3),
        ("-k 2 --view-key no-key", &keys, "NOT_SLIP77", 3),
        ("-k 1", &["abandon".to_owned()], "KEY_SHAPE", 3),
    ] {
        let run = multi(&desk, &format!("{arguments} -o out"), keys);
        assert_eq!((run.code, desk.has("out")), (exit, false), "{arguments}: {}", run.stderr);
        assert!(run.names(code), "{arguments}: {}", run.stderr);
        assert!(!run.stderr.contains("9c8e"), "{}", run.stderr);
    }
    let line = ["descriptor", "multi", "--network", "liquid", "-k", "1", "-o", "out", first];
    let run = desk.run_with("coldamp-online", line);
    assert!(run.code == 3 && run.names("NETWORK") && !desk.has("out"), "{}", run.stderr);
}

#[test]
fn a_view_key_on_the_command_line_is_refused_and_not_shown() {
    let (scenario, desk) = (Scenario::load(Scenario::QUORUM), Desk::default());
    let key = scenario.master_blinding_key();
    for typed in [format!("--view-key {key}"), format!("--view-key slip77({key})"), key.to_owned()] {
        let run = multi(&desk, &format!("-k 2 -o out {typed}"), &keys());
        assert_eq!((run.code, desk.has("out")), (2, false), "{}", run.stderr);
        assert!(run.stderr.contains("holds a view key") && !run.stderr.contains(key), "{}", run.stderr);
    }
}
