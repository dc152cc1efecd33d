//! docs/moving-in.md on the sandbox, command by command, but for the old wallet's: its payments are there, as the sandbox founds a
//! treasury, and AMP lacks their blinders. With the old wallet: `node/moving_in.rs`.

use coldamp_core::elements::{OutPoint, Txid};
use coldamp_tests::runbook::{typed_in, with_words};
use coldamp_tests::{Desk, KEYS, Scenario, sha256_of};
use serde_json::{Value, json};

use crate::desk::Issuer;

const DOCUMENT: &str = include_str!("../../../docs/moving-in.md");

#[test]
fn every_command_of_the_new_treasury_runs_in_its_place() {
    let (issuer, cold) = (Issuer::new(), Desk::cold(&Scenario::load("wpkh")));
    let founded = &issuer.assets[0];
    let treasury = "--descriptor treasury.descriptor --network regtest";
    let mut words = vec![
        ("KEYS", KEYS.to_owned()),
        ("TREASURY", treasury.to_owned()),
        ("CHAIN", issuer.chain()),
        ("AMP", issuer.amp()),
        ("UUID", founded.uuid.to_string()),
        ("ASSET_ID", founded.issued.asset.to_string()),
        ("ISSUANCE_TXID", founded.issued.txid.to_string()),
    ];
    let json = with_words("treasury --without-amp --json TREASURY CHAIN", &words);
    let shown: Value = serde_json::from_str(&issuer.desk.run("coldamp-online", &json).done().stdout).unwrap();
    for coin in shown["coins"].as_array().unwrap() {
        let txid: Txid = coin["txid"].as_str().unwrap().parse().unwrap();
        let outpoint = OutPoint::new(txid, u32::try_from(coin["vout"].as_u64().unwrap()).unwrap());
        issuer.sandbox.with(|_, amp| amp.forget_blinders(outpoint));
    }
    // An address of the old wallet.
    let old = "el1qqvrzhdsjapk4nx76mhqxn5rwxfmgaql0tn42a8n9s5r7p56c2x99a3a2h0avfkmwemf4xkk45gy9p8feyy5ukwehzfas5ek6r";
    let at_amp = |method: &str, what: &str| {
        let path = format!("assets/{}/treasury-addresses/{what}", founded.uuid);
        let token = format!("token {}", issuer.token());
        assert_eq!(issuer.asks_amp(method, &path, Some(token), json!([old]).to_string()).status, 200);
    };
    at_amp("POST", "add");
    let (mut looks, mut done) = (0, 0);
    for typed in typed_in(DOCUMENT).into_iter().filter(|typed| typed.machine != "hot") {
        let arguments = with_words(&typed.arguments, &words);
        let (own, other) = match typed.machine.as_str() {
            "cold" => (&cold, &issuer.desk),
            _ => (&issuer.desk, &cold),
        };
        if arguments.starts_with("key new ") {
            continue;
        }
        let run = if arguments.starts_with("treasury register ") {
            own.run_typing(&typed.program, &arguments, &[("Type REGISTER", "REGISTER")])
        } else if arguments.starts_with("policy apply ") {
            let file = own.read("policy.toml").replace(
                "unconfidential_recipients = \"FILL IN\"",
                "unconfidential_recipients = \"refused\"",
            );
            let file = ["contract", "issuance_prevout", "approvers"].into_iter().fold(file, |file, key| {
                file.replace(&format!("\n{key} = \"FILL IN\""), &format!("\n{key} = \"none\""))
            });
            let file = file.replace("= \"FILL IN\"", "= \"unlimited\"");
            own.write("policy.toml", &file);
            own.run(&typed.program, &format!("{arguments} --approve-sha256 {}", sha256_of(&file)))
        } else {
            if arguments.starts_with("report ") {
                issuer.mine(2);
            }
            own.run(&typed.program, &arguments)
        };
        let told = format!("{arguments}:\n{}{}", run.stdout, run.stderr);
        done += 1;
        if arguments.starts_with("treasury --asset ") {
            looks += 1;
            if looks == 4 {
                assert!(run.code == 13 && told.contains("differ: foreign-address"), "{told}");
                at_amp("DELETE", "delete");
                continue;
            }
            if looks < 4 {
                assert!(run.code == 13 && told.contains("no-blinders"), "{told}");
                assert!(told.contains("  lost         none"), "{told}");
                continue;
            }
        }
        assert_eq!(run.code, 0, "{told}");
        if let Some(code) = run.stdout.lines().find_map(|line| line.strip_prefix("approval ")) {
            words.push(("CODE", code.trim().to_owned()));
        }
        // What one machine wrote goes to the other, but for the backup.
        let written = arguments.split(' ').skip_while(|word| *word != "-o").nth(1);
        if let Some(name) = written.filter(|name| *name != "backup.age") {
            other.write(name, own.read(name));
        }
        if arguments.starts_with("report ") {
            assert!(told.contains("agrees with the report"), "{told}");
        }
    }
    assert_eq!((looks, done), (5, 21));
}
