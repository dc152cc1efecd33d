//! Signing keys in the place of a file: named by KEYS_EXPOSED, not quoted, and nothing is written or asked.

use coldamp_tests::{Desk, RequestKind, Scenario};

const WORDS: &str = "legal winner thank year wave sausage worth useful legal winner thank yellow";
const XPRV: &str = "wpkh(tprv8ZgxMBicQKsPe5YMU9gHen4Ez3ApihUfykaqUorj9t6FDqy3nP6eoXiAo2ssvpAjoLroQxHqr3R5nE3a5dU3DHTjTgJDd7zrbniJr6nrCzd/0/*)";

/// A command with `{}` in the place of the keys.
const COMMANDS: &[&str] = &[
    "prepare request --descriptor {} --network regtest --transactions transactions --state state -o out",
    "prepare {} --descriptor descriptor --network regtest --transactions transactions --state state -o out",
    "prepare request --descriptor descriptor --network regtest --transactions {} --state state -o out",
    "prepare request --descriptor descriptor --network regtest --transactions transactions --contract {} --state state -o out",
    "prepare request --descriptor descriptor --network regtest --transactions transactions --replace {} --state state -o out",
    "prepare request --descriptor descriptor --network regtest --transactions transactions --openings {} --state state -o out",
    "broadcast {} --esplora http://127.0.0.1:9 --without-amp --state state",
    "report {} --esplora http://127.0.0.1:9 --amp http://127.0.0.1:9/api --state state",
    "request check request --network regtest --amp http://127.0.0.1:9/api --amp-credentials {}",
];

#[test]
fn keys_are_refused_in_the_place_of_every_file() {
    let scenario = Scenario::load("wpkh");
    let desk = Desk::default();
    desk.write("descriptor", scenario.ct_descriptor());
    desk.write("transactions", scenario.transactions());
    desk.write("request", scenario.request(RequestKind::Distribute));
    for (name, keys) in [("words", WORDS), ("xprv", XPRV)] {
        desk.write(name, format!("{keys}\n"));
        for command in COMMANDS {
            let run = desk.run("coldamp-online", &command.replace("{}", name));
            assert_eq!(run.code, 3, "{command}: {}", run.stderr);
            assert!(run.stderr.contains("error[KEYS_EXPOSED]"), "{command}: {}", run.stderr);
            assert!(run.stderr.contains("coldamp key new"), "{command}: {}", run.stderr);
            for secret in ["winner", "tprv8"] {
                assert!(!run.stderr.contains(secret) && !run.stdout.contains(secret), "{command}");
            }
            assert!(!desk.has("out"), "{command}");
        }
    }
}

#[test]
fn keys_on_the_command_line_itself_are_named_and_not_shown() {
    let desk = Desk::default();
    for keys in [
        WORDS,
        "tprv8ZgxMBicQKsPe5YMU9gHen4Ez3ApihUfykaqUorj9t6FDqy3nP6eoXiAo2ssvpAjoLroQxHqr3R5nE3a5dU3DHTjTgJDd7zrbniJr6nrCzd",
    ] {
        let line = format!("prepare request --network regtest --transactions t -o out --descriptor {keys}");
        let run = desk.run("coldamp-online", &line);
        assert_eq!(run.code, 3, "{}", run.stderr);
        assert!(run.stderr.contains("error[KEYS_EXPOSED]"), "{}", run.stderr);
        assert!(!run.stderr.contains("winner") && !run.stderr.contains("tprv8"), "{}", run.stderr);
    }
}
