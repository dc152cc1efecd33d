//! More recipients than one transaction pays: the rest is locked at AMP while a distribution is made. Whatever is lost or killed in
//! between, nothing stays locked that the log does not name, and nobody else's lock is undone.

use std::collections::BTreeSet;

use coldamp_core::units::AssetAmount;
use coldamp_sandbox::faults::{Edit, Fault, Rule, Then, When};
use coldamp_tests::{Desk, RequestKind};
use serde_json::{Value, json};

use crate::desk::{Issuer, World, fails};
use crate::killed::killed_at;

/// AMP's assignments of the openly issued asset.
fn assignments(issuer: &Issuer) -> Vec<Value> {
    let answer = issuer.asks_amp_as_issuer("GET", &format!("assets/{}/assignments", issuer.uuid()));
    serde_json::from_slice(&answer.body).unwrap()
}

/// The numbers of those that are ready and that no distribution has.
fn ready(issuer: &Issuer) -> BTreeSet<u64> {
    let rows = assignments(issuer);
    let free =
        rows.iter().filter(|row| row["ready_for_distribution"] == true && row["distribution_uuid"].is_null());
    free.map(|row| row["id"].as_u64().unwrap()).collect()
}

/// The numbers of those that a distribution has.
fn bound(issuer: &Issuer) -> BTreeSet<u64> {
    let rows = assignments(issuer);
    let bound = rows.iter().filter(|row| !row["distribution_uuid"].is_null());
    bound.map(|row| row["id"].as_u64().unwrap()).collect()
}

fn ids(issuer: &Issuer) -> Vec<u64> {
    let mut ids: Vec<u64> = assignments(issuer).iter().map(|row| row["id"].as_u64().unwrap()).collect();
    ids.sort_unstable();
    ids
}

fn arguments(issuer: &Issuer) -> String {
    // The founding assigns 12.5, 25, 37.5, 50 and 62.5.
    format!(
        "request distribute --asset {} --at-most 3 --expect-total 7500000000 --descriptor treasury.descriptor \
         --network regtest {} -o distribute.json",
        issuer.uuid(),
        issuer.network()
    )
}

fn unlock(issuer: &Issuer, desk: &Desk, more: &str) -> coldamp_tests::Run {
    let arguments = format!("request unlock {} --network regtest {} {more}", issuer.uuid(), issuer.amp());
    desk.run("coldamp-online", &arguments)
}

fn made(issuer: &Issuer) -> u64 {
    issuer.sandbox.with(|_, amp| amp.distributions_created())
}

fn fault(issuer: &Issuer, method: &str, path: &str, skip: u32, count: Option<u32>, fault: Fault) {
    let path = format!("/api/assets/{}/{path}", issuer.uuid());
    issuer.sandbox.faults().add(Rule { method: Some(method.to_owned()), path, skip, count, fault });
}

#[test]
fn a_hundred_holders_are_paid_in_two_distributions() {
    let issuer = Issuer::new();
    let asset = issuer.assets[0].clone();
    issuer.sandbox.with(|_, amp| {
        for number in 0..95 {
            let user = amp.add_user(&format!("One more holder {number}"));
            amp.assign(&asset.uuid, user, AssetAmount::from_base_units(1_000)).unwrap();
        }
    });
    // Without it nothing is made, and the refusal names it.
    let all = issuer.request(RequestKind::Distribute, &asset, "--expect-total 18750095000");
    let words = fails(all, 3, "TOO_HEAVY");
    assert!(words.contains("--at-most N"), "{words}");
    assert_eq!(made(&issuer), 0);
    for (most, total, left) in [("60", "18750055000", 40), ("81", "40000", 0)] {
        let what = format!("--at-most {most} --expect-total {total}");
        let asked = issuer.request(RequestKind::Distribute, &asset, &what).done();
        assert!(asked.stderr.contains("taken          "), "{}", asked.stderr);
        assert_eq!(ready(&issuer).len(), left, "{}", asked.stderr);
        issuer.prepare("distribute", "").done();
        let signed = issuer.sign("distribute");
        issuer.broadcast("distribute", "").done();
        issuer.mine(2);
        issuer.report("distribute", "").done();
        assert_eq!(issuer.reported(signed.txid()), 1);
        for name in [
            "distribute.json",
            "distribute.json.log",
            "distribute.pset",
            "distribute.signed.json",
            "distribute.signed.json.log",
        ] {
            std::fs::remove_file(issuer.desk.path(name)).unwrap();
        }
    }
    assert_eq!((made(&issuer), bound(&issuer).len()), (2, 100));
    let words = unlock(&issuer, &issuer.desk, "").done().stderr;
    assert!(words.contains("locked here    none"), "{words}");
}

#[test]
fn the_lowest_numbers_are_taken_and_somebody_elses_lock_stays() {
    let issuer = Issuer::new();
    let ids = ids(&issuer);
    // The second one is locked by somebody else: 12.5 + 37.5 + 50 are taken.
    let path = format!("assets/{}/assignments/{}/lock", issuer.uuid(), ids[1]);
    assert_eq!(issuer.asks_amp_as_issuer("PUT", &path).status, 200);
    let arguments = arguments(&issuer).replace("7500000000", "10000000000");
    let run = issuer.desk.run("coldamp-online", &arguments).done();
    for line in [
        format!("taken          3 assignments: {}, {}, {}", ids[0], ids[2], ids[3]),
        format!("left out       1 assignments: {}", ids[4]),
        format!(
            "not ready      1 assignments, or somebody else locked them; they are not touched: {}",
            ids[1]
        ),
        format!("locked         assignment {}", ids[4]),
        format!("unlocked       assignment {}", ids[4]),
        "recipients     3".to_owned(),
        "in total       10 000 000 000 base units\n".to_owned(),
    ] {
        assert!(run.stderr.contains(&line), "{line}: {}", run.stderr);
    }
    assert_eq!(bound(&issuer), BTreeSet::from([ids[0], ids[2], ids[3]]));
    assert_eq!(ready(&issuer), BTreeSet::from([ids[4]]));
    let words = unlock(&issuer, &issuer.desk, "").done().stderr;
    assert!(words.contains(&format!("they are not touched: {}", ids[1])), "{words}");
    assert_eq!(ready(&issuer), BTreeSet::from([ids[4]]), "unlock undoes nobody else's lock");
}

/// Runs the command again until its request is there, as its hints say; then everything must be as if nothing had happened.
fn is_mended(issuer: &Issuer, desk: &Desk, place: &str) {
    let arguments = arguments(issuer);
    let ids = ids(issuer);
    if !desk.has("distribute.json") {
        let mut again = desk.run("coldamp-online", &arguments);
        if again.names("LOCKS_LEFT") && again.stderr.contains("--none-was-made") {
            unlock(issuer, desk, "--none-was-made").done();
            again = desk.run("coldamp-online", &arguments);
        }
        if again.code == 13 {
            let (_, rest) = again.stderr.split_once("Add --distribution ").expect(&again.stderr);
            let uuid = rest.split_whitespace().next().unwrap();
            desk.run("coldamp-online", &format!("{arguments} --distribution {uuid}")).done();
        } else {
            assert_eq!(again.code, 0, "{place}: {}", again.stderr);
        }
    }
    let words = unlock(issuer, desk, "").done().stderr;
    assert_eq!(made(issuer), 1, "{place}");
    assert_eq!(bound(issuer), ids[..3].iter().copied().collect(), "{place}");
    assert_eq!(ready(issuer), ids[3..].iter().copied().collect(), "{place}: {words}");
    let again = unlock(issuer, desk, "").done().stderr;
    assert!(again.contains("locked here    none"), "{place}: {again}");
    let check = format!("request check distribute.json --network regtest {}", issuer.amp());
    let checked = desk.run("coldamp-online", &check).done();
    assert!(
        checked.stderr.contains("3 recipients and their 7 500 000 000 base units"),
        "{place}: {}",
        checked.stderr
    );
}

fn fresh(issuer: &Issuer) -> Desk {
    let desk = Desk::default();
    issuer.lay_out(&desk);
    desk
}

#[test]
fn killed_at_each_step_and_run_again_nothing_stays_locked() {
    let issuer = Issuer::new();
    let world = World::of(&issuer);
    let arguments = arguments(&issuer);
    let before = issuer.sandbox.faults().count();
    fresh(&issuer).run("coldamp-online", &arguments).done();
    let log = issuer.sandbox.faults().log();
    let steps: Vec<usize> = (1..)
        .zip(&log[before..])
        .filter(|(_, asked)| asked.method == "PUT" || asked.path.contains("create"))
        .map(|(number, _)| number)
        .collect();
    assert_eq!(steps.len(), 5, "two locks, the distribution, two unlocks");
    for (when, then) in [(When::Before, Then::Drop), (When::Before, Then::Proceed), (When::After, Then::Drop)]
    {
        for number in &steps {
            world.put_back(&issuer);
            let desk = fresh(&issuer);
            assert!(killed_at(&issuer, &desk, &arguments, *number, when, then), "request {number}");
            is_mended(&issuer, &desk, &format!("request {number}, {when:?}, {then:?}"));
        }
    }
}

/// One fault a row: what AMP answers, the exit code of the command, and the code that it names.
#[test]
fn a_lost_or_strange_answer_leaves_nothing_locked_that_the_log_does_not_name() {
    let issuer = Issuer::new();
    let world = World::of(&issuer);
    let lock = "assignments/";
    let all = ids(&issuer);
    let (fourth, fifth) = (all[3], all[4]);
    type Row<'a> = (&'a str, &'a str, String, u32, Fault, i32, &'a str);
    let failed = |acted| Fault::Status { status: 500, acted };
    let rows: Vec<Row<'_>> = vec![
        (
            "a lock was done, its answer lost",
            "PUT",
            format!("{lock}{fourth}/lock"),
            0,
            Fault::DropAfter,
            0,
            "",
        ),
        ("a lock failed and was done", "PUT", format!("{lock}{fourth}/lock"), 0, failed(true), 0, ""),
        ("a lock has another answer", "PUT", format!("{lock}{fourth}/lock"), 0, Fault::NotJson, 0, ""),
        (
            "a lock never came",
            "PUT",
            format!("{lock}{fifth}/lock"),
            0,
            Fault::DropBefore,
            11,
            "AMP_UNREACHABLE",
        ),
        ("a lock failed", "PUT", format!("{lock}{fifth}/lock"), 0, failed(false), 11, "AMP_FAILED"),
        (
            "a lock is refused",
            "PUT",
            format!("{lock}{fifth}/lock"),
            0,
            Fault::Answers { status: 403, body: "{\"detail\":\"no\"}".to_owned() },
            12,
            "AMP_REFUSED",
        ),
        (
            "a lock says yes and does nothing",
            "PUT",
            format!("{lock}{fifth}/lock"),
            0,
            Fault::Answers { status: 200, body: String::new() },
            3,
            "LOCK_UNPROVEN",
        ),
        (
            "the distribution was made, its answer lost",
            "GET",
            "distributions/create/".to_owned(),
            0,
            Fault::DropAfter,
            11,
            "AMP_UNREACHABLE",
        ),
        (
            "the distribution failed",
            "GET",
            "distributions/create/".to_owned(),
            0,
            failed(false),
            11,
            "AMP_FAILED",
        ),
        (
            "the distribution is refused",
            "GET",
            "distributions/create/".to_owned(),
            0,
            Fault::Answers { status: 400, body: "{\"detail\":\"no\"}".to_owned() },
            12,
            "AMP_REFUSED",
        ),
        (
            "an unlock was done, its answer lost",
            "PUT",
            format!("{lock}{fourth}/unlock"),
            0,
            Fault::DropAfter,
            0,
            "",
        ),
        (
            "an unlock never came",
            "PUT",
            format!("{lock}{fourth}/unlock"),
            0,
            Fault::DropBefore,
            13,
            "LOCKS_LEFT",
        ),
        (
            "an unlock says yes and does nothing",
            "PUT",
            format!("{lock}{fourth}/unlock"),
            0,
            Fault::Answers { status: 200, body: String::new() },
            13,
            "LOCKS_LEFT",
        ),
    ];
    for (what, method, path, skip, happens, code, name) in rows {
        world.put_back(&issuer);
        let desk = fresh(&issuer);
        fault(&issuer, method, &path, skip, Some(1), happens);
        let run = desk.run("coldamp-online", &arguments(&issuer));
        issuer.sandbox.faults().clear();
        assert_eq!(run.code, code, "{what}: {}", run.stderr);
        assert!(name.is_empty() || run.names(name), "{what}: {}", run.stderr);
        if !desk.has("distribute.json")
            && made(&issuer) == 0
            && name != "AMP_FAILED"
            && name != "AMP_UNREACHABLE"
        {
            assert_eq!(ready(&issuer).len(), 5, "{what}: {}", run.stderr);
        }
        is_mended(&issuer, &desk, what);
    }
}

#[test]
fn a_lock_that_only_amps_answer_or_another_field_shows_counts_and_none_that_nothing_shows() {
    let issuer = Issuer::new();
    let world = World::of(&issuer);
    let replaced = |to: &str| Fault::Altered {
        status: None,
        edits: vec![Edit::Replace { from: "\"ready_for_distribution\":false".to_owned(), to: to.to_owned() }],
    };
    let ready_text = "\"ready_for_distribution\":true";
    let locked_text = "\"ready_for_distribution\":true,\"is_locked\":true";
    for (what, list, answer, code) in [
        ("the list shows nothing", Some(ready_text), None, 0),
        ("both have a field of their own", Some(locked_text), Some(locked_text), 0),
        ("nothing shows it", Some(ready_text), Some(ready_text), 3),
    ] {
        world.put_back(&issuer);
        let desk = fresh(&issuer);
        if let Some(list) = list {
            fault(&issuer, "GET", "assignments$", 0, None, replaced(list));
        }
        if let Some(answer) = answer {
            fault(&issuer, "PUT", "assignments/", 0, None, replaced(answer));
        }
        let run = desk.run("coldamp-online", &arguments(&issuer));
        issuer.sandbox.faults().clear();
        assert_eq!(run.code, code, "{what}: {}", run.stderr);
        if code != 0 {
            assert!(run.names("LOCK_UNPROVEN") && made(&issuer) == 0, "{what}: {}", run.stderr);
        }
        is_mended(&issuer, &desk, what);
    }
}

#[test]
fn a_distribution_of_other_assignments_is_told_and_the_rest_is_unlocked() {
    let issuer = Issuer::new();
    let all = ids(&issuer);
    let uuid = issuer.uuid().clone();
    // Read at the start, before the locks, behind each of two, and before the distribution: the sixth is behind it.
    let edits = vec![Edit::Set { at: "/0/distribution_uuid".to_owned(), value: json!(null) }];
    fault(&issuer, "GET", "assignments$", 5, Some(1), Fault::Altered { status: None, edits });
    let run = issuer.desk.run("coldamp-online", &arguments(&issuer));
    issuer.sandbox.faults().clear();
    let words = fails(run, 3, "ANSWER_DIFFERS");
    assert!(words.contains(&format!("it does not pay {}", all[0])), "{words}");
    assert_eq!(ready(&issuer), all[3..].iter().copied().collect());
    assert!(issuer.desk.has("distribute.json"), "AMP's answer is kept");
    // A lock that AMP does not keep to: all five are in it.
    let issuer = Issuer::new();
    let edits =
        |at: &str| vec![Edit::Set { at: format!("/{at}/ready_for_distribution"), value: json!(false) }];
    let shows = |at: &str| Fault::Altered { status: None, edits: edits(at) };
    for (position, id) in [("3", all[3]), ("4", all[4])] {
        let answer = Fault::Answers { status: 200, body: String::new() };
        fault(&issuer, "PUT", &format!("assignments/{id}/lock"), 0, Some(1), answer);
        let _ = position;
    }
    let both = Fault::Altered { status: None, edits: [edits("3"), edits("4")].concat() };
    fault(&issuer, "GET", "assignments$", 2, Some(1), shows("3"));
    fault(&issuer, "GET", "assignments$", 2, Some(2), both);
    let run = issuer.desk.run("coldamp-online", &arguments(&issuer));
    issuer.sandbox.faults().clear();
    let words = fails(run, 3, "ANSWER_DIFFERS");
    assert_eq!((issuer.uuid(), bound(&issuer).len()), (&uuid, 5), "{words}");
    assert!(words.contains("a distribution has it"), "{words}");
    let words = unlock(&issuer, &issuer.desk, "").done().stderr;
    assert!(words.contains("locked here    none"), "{words}");
}

#[test]
fn an_answer_that_may_still_come_keeps_the_locks_until_somebody_says_so() {
    let issuer = Issuer::new();
    let all = ids(&issuer);
    fault(&issuer, "GET", "distributions/create/", 0, Some(1), Fault::Status { status: 500, acted: false });
    let run = issuer.desk.run("coldamp-online", &arguments(&issuer));
    issuer.sandbox.faults().clear();
    let words = fails(run, 11, "AMP_FAILED");
    assert!(words.contains(&format!("Still locked at AMP: assignments {}, {}", all[3], all[4])), "{words}");
    let listed = unlock(&issuer, &issuer.desk, "--list").done().stderr;
    assert!(listed.contains(&format!("locked here    2 assignments: {}, {}", all[3], all[4])), "{listed}");
    // Neither unlocked nor asked again, nor for others.
    let fewer = arguments(&issuer).replace("--at-most 3", "--at-most 1");
    for run in [
        unlock(&issuer, &issuer.desk, ""),
        issuer.desk.run("coldamp-online", &arguments(&issuer)),
        issuer.desk.run("coldamp-online", &fewer),
    ] {
        let words = fails(run, 13, "LOCKS_LEFT");
        assert!(words.contains("--none-was-made"), "{words}");
        assert_eq!((ready(&issuer).len(), made(&issuer)), (3, 0));
    }
    // A distribution without --at-most says what it leaves out.
    let plain = arguments(&issuer).replace("--at-most 3", "").replace("7500000000", "1");
    let words = fails(issuer.desk.run("coldamp-online", &plain), 3, "TOTAL_DIFFERS");
    assert!(words.contains("warning[LOCKS_LEFT]"), "{words}");
    unlock(&issuer, &issuer.desk, "--none-was-made").done();
    assert_eq!(ready(&issuer).len(), 5);
}

#[test]
fn a_page_in_place_of_the_distribution_is_no_answer() {
    let issuer = Issuer::new();
    let all = ids(&issuer);
    let page = Fault::Answers { status: 200, body: "<html>wait</html>".to_owned() };
    fault(&issuer, "GET", "distributions/create/", 0, Some(1), page);
    let run = issuer.desk.run("coldamp-online", &arguments(&issuer));
    issuer.sandbox.faults().clear();
    assert_eq!((run.code, ready(&issuer).len()), (3, 3), "{}", run.stderr);
    assert!(
        run.stderr.contains(&format!("Still locked at AMP: assignments {}, {}", all[3], all[4])),
        "{}",
        run.stderr
    );
    fails(unlock(&issuer, &issuer.desk, ""), 13, "LOCKS_LEFT");
    // AMP makes it after all: then it is known, and the others are unlocked.
    let token = issuer.asks_amp_as_issuer("GET", &format!("assets/{}/distributions/create/", issuer.uuid()));
    assert_eq!(token.status, 200);
    unlock(&issuer, &issuer.desk, "").done();
    assert_eq!((ready(&issuer).len(), bound(&issuer).len()), (2, 3));
}

#[test]
fn a_second_lock_that_is_refused_does_not_make_the_first_one_forgotten() {
    let issuer = Issuer::new();
    let all = ids(&issuer);
    let shows_nothing = || Fault::Altered {
        status: None,
        edits: vec![Edit::Replace {
            from: "\"ready_for_distribution\":false".to_owned(),
            to: "\"ready_for_distribution\":true".to_owned(),
        }],
    };
    // Only AMP's answer shows a lock. The first run locks one assignment, and is killed at the second.
    fault(&issuer, "GET", "assignments$", 0, None, shows_nothing());
    let before = issuer.sandbox.faults().count();
    let world = World::of(&issuer);
    fresh(&issuer).run("coldamp-online", &arguments(&issuer)).done();
    let log = issuer.sandbox.faults().log();
    let second = (1..)
        .zip(&log[before..])
        .find(|(_, asked)| asked.path.ends_with(&format!("{}/lock", all[4])))
        .map(|(number, _)| number)
        .unwrap();
    world.put_back(&issuer);
    let desk = fresh(&issuer);
    assert!(killed_at(&issuer, &desk, &arguments(&issuer), second, When::Before, Then::Drop));
    let run = desk.run("coldamp-online", &arguments(&issuer));
    assert_eq!(made(&issuer), 0, "{}", run.stderr);
    assert!(run.names("LOCK_UNPROVEN"), "{}", run.stderr);
    issuer.sandbox.faults().clear();
    assert_eq!(ready(&issuer).len(), 5, "{}", run.stderr);
    is_mended(&issuer, &desk, "a lock that only the answer shows, and a second one that is refused");
}

#[test]
fn what_amps_list_does_not_have_is_not_taken_for_unlocked() {
    let issuer = Issuer::new();
    let world = World::of(&issuer);
    let all = ids(&issuer);
    // Read at the start, before the locks, behind each of two, before the distribution, behind it, and before the unlocks.
    let unvested = Fault::Altered {
        status: None,
        edits: vec![Edit::Set { at: "/3/has_vested".to_owned(), value: json!(false) }],
    };
    for (what, happens, code) in [
        ("an empty list", Fault::Answers { status: 200, body: "[]".to_owned() }, 13),
        ("a vesting time that was edited", unvested, 0),
    ] {
        world.put_back(&issuer);
        let desk = fresh(&issuer);
        fault(&issuer, "GET", "assignments$", 6, Some(1), happens);
        let run = desk.run("coldamp-online", &arguments(&issuer));
        issuer.sandbox.faults().clear();
        assert_eq!(run.code, code, "{what}: {}", run.stderr);
        assert!(!run.stderr.contains("a distribution has it"), "{what}: {}", run.stderr);
        is_mended(&issuer, &desk, what);
    }
    // One that was deleted at AMP while it was locked is forgotten by a person alone.
    world.put_back(&issuer);
    let desk = fresh(&issuer);
    fault(&issuer, "PUT", &format!("assignments/{}/unlock", all[3]), 0, Some(1), Fault::DropBefore);
    fails(desk.run("coldamp-online", &arguments(&issuer)), 13, "LOCKS_LEFT");
    issuer.sandbox.faults().clear();
    let path = format!("assets/{}/assignments/{}/delete", issuer.uuid(), all[3]);
    assert_eq!(issuer.asks_amp_as_issuer("DELETE", &path).status, 204);
    let words = fails(unlock(&issuer, &desk, ""), 13, "LOCKS_LEFT");
    assert!(words.contains(&format!("--gone {}", all[3])), "{words}");
    assert_eq!(unlock(&issuer, &desk, &format!("--gone {}", all[4])).code, 2, "that one is there");
    unlock(&issuer, &desk, &format!("--gone {}", all[3])).done();
    let words = unlock(&issuer, &desk, "").done().stderr;
    assert!(words.contains("locked here    none"), "{words}");
}

#[test]
fn a_lock_that_never_arrived_is_undone_for_sure() {
    let issuer = Issuer::new();
    let all = ids(&issuer);
    let before = issuer.sandbox.faults().count();
    let world = World::of(&issuer);
    fresh(&issuer).run("coldamp-online", &arguments(&issuer)).done();
    let log = issuer.sandbox.faults().log();
    let first =
        (1..).zip(&log[before..]).find(|(_, asked)| asked.method == "PUT").map(|(number, _)| number).unwrap();
    world.put_back(&issuer);
    let desk = fresh(&issuer);
    assert!(killed_at(&issuer, &desk, &arguments(&issuer), first, When::Before, Then::Drop));
    let words = unlock(&issuer, &desk, "").done().stderr;
    assert!(words.contains(&format!("unlocked       assignment {}", all[3])), "{words}");
    assert_eq!(ready(&issuer).len(), 5);
}
