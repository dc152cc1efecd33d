//! Killed with -9 at every request that a command makes, before and after the server has acted on it: run again, nothing
//! is lost, one transaction is there, and one report was taken.

use coldamp_core::signed::SignedFile;
use coldamp_sandbox::faults::{Then, When};
use coldamp_tests::{Desk, RequestKind};

use crate::desk::{Issuer, World};

/// Runs a command on a fresh desk and kills it at its `number`th request; `false` when it ended before. Then it is run
/// once more, to its end.
pub(crate) fn killed_at(
    issuer: &Issuer,
    desk: &Desk,
    arguments: &str,
    number: usize,
    when: When,
    then: Then,
) -> bool {
    let faults = issuer.sandbox.faults();
    let held = faults.count() + number;
    faults.hold(held, when);
    let mut child = desk.start("coldamp-online", arguments);
    // Either it waits at that request, or it ends without having made it.
    let reached = loop {
        if faults.is_held(held) {
            break true;
        }
        if child.try_wait().unwrap().is_some() {
            break faults.is_held(held);
        }
        std::thread::yield_now();
    };
    if reached {
        // SIGKILL: the process has no say in it.
        child.kill().unwrap();
        faults.release(held, then);
    }
    child.wait().unwrap();
    faults.forget_holds();
    reached
}

/// A desk with the signed file and nothing else done.
fn fresh(issuer: &Issuer, name: &str) -> Desk {
    let desk = Desk::default();
    issuer.lay_out(&desk);
    desk.write(&format!("{name}.signed.json"), issuer.desk.read(&format!("{name}.signed.json")));
    desk
}

const WAYS: [(When, Then); 3] =
    [(When::Before, Then::Drop), (When::Before, Then::Proceed), (When::After, Then::Drop)];

/// Which of a command's requests to kill it at: those of an undisturbed run. Of the hundreds that look for the treasury's
/// scripts, which change nothing, the first one is tested for all.
fn requests_of(issuer: &Issuer, world: &World, desk: &Desk, arguments: &str) -> Vec<usize> {
    world.put_back(issuer);
    let before = issuer.sandbox.faults().count();
    desk.run("coldamp-online", arguments).done();
    let log = issuer.sandbox.faults().log();
    let mut scripts = 0;
    let numbered = (1..).zip(&log[before..]).filter(|(_, asked)| {
        scripts += usize::from(asked.path.contains("/scripthash/"));
        !asked.path.contains("/scripthash/") || scripts == 1
    });
    numbered.map(|(number, _)| number).collect()
}

/// Kills `command` at each of its requests in each way, starting from `world` each time.
fn at_every_request(
    issuer: &Issuer,
    world: &World,
    name: &str,
    arguments: &str,
    holds: &dyn Fn(&str),
) -> usize {
    let mut killed = 0;
    let requests = requests_of(issuer, world, &fresh(issuer, name), arguments);
    for (when, then) in WAYS {
        for number in &requests {
            world.put_back(issuer);
            let desk = fresh(issuer, name);
            assert!(killed_at(issuer, &desk, arguments, *number, when, then), "{name}: request {number}");
            killed += 1;
            let place = format!("{name}: request {number}, {when:?}, {then:?}");
            let again = desk.run("coldamp-online", arguments);
            assert_eq!(again.code, 0, "{place}: {}", again.stderr);
            holds(&place);
        }
    }
    killed
}

fn broadcast_arguments(issuer: &Issuer, name: &str) -> String {
    format!("broadcast {name}.signed.json {}", issuer.network())
}

fn report_arguments(issuer: &Issuer, name: &str) -> String {
    format!("report {name}.signed.json --no-wait {}", issuer.network())
}

/// What is there of a transaction and of its report.
fn standing(issuer: &Issuer, signed: &SignedFile) -> (Option<u32>, usize, u64) {
    let mempool = issuer.sandbox.with(|chain, _| chain.mempool().count());
    (issuer.confirmations(signed.txid()), mempool, issuer.reported(signed.txid()))
}

#[test]
fn a_broadcast_killed_at_any_request_and_run_again_sends_one_transaction() {
    let issuer = Issuer::new();
    let signed = issuer.signed(RequestKind::Distribute, &issuer.assets[0]);
    let world = World::of(&issuer);
    let arguments = broadcast_arguments(&issuer, "distribute");
    let killed = at_every_request(&issuer, &world, "distribute", &arguments, &|place| {
        assert_eq!(standing(&issuer, &signed), (Some(0), 1, 0), "{place}");
    });
    // Genesis, place, two coins, login, lost outputs, assignments, sending: at the least, in three ways.
    assert!(killed >= 3 * 7, "killed {killed} times only");
}

#[test]
fn a_report_killed_at_any_request_and_run_again_is_taken_once() {
    let issuer = Issuer::new();
    for kind in RequestKind::ALL {
        let signed = issuer.signed(kind, &issuer.assets[1]);
        issuer.broadcast(kind.name(), "").done();
        issuer.mine(2);
        let world = World::of(&issuer);
        let arguments = report_arguments(&issuer, kind.name());
        let killed = at_every_request(&issuer, &world, kind.name(), &arguments, &|place| {
            assert_eq!(standing(&issuer, &signed), (Some(2), 0, 1), "{place}");
        });
        assert!(killed >= 3 * 5, "{}: killed {killed} times only", kind.name());
        // The next job starts from a world where this one is done.
        world.put_back(&issuer);
        issuer.report(kind.name(), "").done();
    }
}

#[test]
fn a_distribution_whose_answer_was_lost_is_found_and_written_anew_and_none_is_made_twice() {
    let issuer = Issuer::new();
    let world = World::of(&issuer);
    let treasury = "--descriptor treasury.descriptor --network regtest --expect-total 18750000000";
    let arguments = format!(
        "request distribute --asset {} {treasury} {} -o distribute.json",
        issuer.uuid(),
        issuer.network()
    );
    let desk = || {
        let desk = Desk::default();
        issuer.lay_out(&desk);
        desk
    };
    let requests = requests_of(&issuer, &world, &desk(), &arguments);
    assert!(requests.len() >= 6, "{requests:?}");
    let mut recovered = 0;
    for (when, then) in WAYS {
        for number in &requests {
            world.put_back(&issuer);
            let desk = desk();
            assert!(killed_at(&issuer, &desk, &arguments, *number, when, then), "request {number}");
            let place = format!("request {number}, {when:?}, {then:?}");
            let again = desk.run("coldamp-online", &arguments);
            if again.code == 13 {
                // It was made, and nobody has the answer: the hint names the command that goes on.
                let (_, rest) = again.stderr.split_once("Add --distribution ").expect(&again.stderr);
                let uuid = rest.split_whitespace().next().unwrap();
                desk.run("coldamp-online", &format!("{arguments} --distribution {uuid}")).done();
                recovered += 1;
            } else {
                assert_eq!(again.code, 0, "{place}: {}", again.stderr);
            }
            let made = issuer.sandbox.with(|_, amp| amp.distributions_created());
            assert_eq!(made, 1, "{place}");
            // What AMP's assignments say is what the request says.
            let check = format!("request check distribute.json --network regtest {}", issuer.amp());
            let checked = desk.run("coldamp-online", &check).done();
            assert!(
                checked.stderr.contains("5 recipients and their 18 750 000 000 base units"),
                "{}",
                checked.stderr
            );
        }
    }
    assert_eq!(recovered, 2, "the GET acted and its answer was lost, in two of the ways");
}

#[test]
fn an_asset_is_issued_once_wherever_the_command_is_killed() {
    let issuer = Issuer::on_first_day();
    let world = World::of(&issuer);
    let arguments = issuer.issue_command("");
    let desk = || {
        let desk = Desk::default();
        issuer.lay_out(&desk);
        desk
    };
    let requests = requests_of(&issuer, &world, &desk(), &arguments);
    assert!(requests.len() >= 6, "{requests:?}");
    let mut recovered = 0;
    for (when, then) in WAYS {
        for number in &requests {
            world.put_back(&issuer);
            let desk = desk();
            assert!(killed_at(&issuer, &desk, &arguments, *number, when, then), "request {number}");
            let place = format!("request {number}, {when:?}, {then:?}");
            let again = desk.run("coldamp-online", &arguments);
            if again.code == 13 {
                // It was asked for, and nobody has the answer.
                let listed = again.stderr.split_once("AMP lists such an asset: ").map(|(_, rest)| rest);
                let Some(uuid) = listed.and_then(|rest| rest.split_whitespace().next()) else {
                    // Nothing was issued: a person finds out.
                    assert!(
                        again.stderr.contains("AMP lists no such asset now"),
                        "{place}: {}",
                        again.stderr
                    );
                    desk.run("coldamp-online", &format!("{arguments} --again")).done();
                    continue;
                };
                desk.run("coldamp-online", &format!("{arguments} --issued {uuid}")).done();
                recovered += 1;
            } else {
                assert_eq!(again.code, 0, "{place}: {}", again.stderr);
            }
            let issued = issuer.sandbox.with(|chain, _| chain.mempool().count());
            assert_eq!(issued, 1, "{place}");
            assert!(desk.has("issue.json"), "{place}");
        }
    }
    assert_eq!(recovered, 2, "the POST acted and its answer was lost, in two of the ways");
}

#[test]
fn an_asset_is_set_up_wherever_the_command_is_killed() {
    let issuer = Issuer::on_first_day();
    issuer.desk.run("coldamp-online", &issuer.issue_command("")).done();
    issuer.mine(2);
    let world = World::of(&issuer);
    let treasury = "--descriptor treasury.descriptor --network regtest";
    let arguments = format!("treasury setup issue.json --no-wait {treasury} {}", issuer.network());
    let desk = || {
        let desk = Desk::default();
        issuer.lay_out(&desk);
        for name in ["issue.json", "issue.json.order"] {
            desk.write(name, issuer.desk.read(name));
        }
        desk
    };
    let requests = requests_of(&issuer, &world, &desk(), &arguments);
    assert!(requests.len() >= 12, "{requests:?}");
    for (when, then) in WAYS {
        for number in &requests {
            world.put_back(&issuer);
            let desk = desk();
            assert!(killed_at(&issuer, &desk, &arguments, *number, when, then), "request {number}");
            let again = desk.run("coldamp-online", &arguments);
            assert_eq!(again.code, 0, "request {number}, {when:?}, {then:?}: {}", again.stderr);
        }
    }
}
