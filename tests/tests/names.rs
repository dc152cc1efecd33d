//! A file name may hold escape sequences, line breaks and characters that turn the direction of text: whoever can put a file
//! on the stick could hide or forge what a command prints. No command of either binary prints them as they are, whichever
//! argument holds such a name, and whether or not a file of that name exists.

use std::collections::BTreeSet;
use std::fs;

use coldamp_tests::{Desk, KEYS, RequestKind, Run, Scenario, Treasury, policy_file};

/// Clears the screen, begins a line of its own, reverses the text behind it, and holds a C1 control character.
const NAME: &str = "x\u{1b}[2J\nerror: forged\r\u{202e}\u{9b}";

/// The same as it has to be printed.
const ESCAPED: &str = r"x\u{1b}[2J\nerror: forged\r\u{202e}\u{9b}";

/// One working line for each command of `coldamp`. `@` marks a file that is read, `?` one that is only tried missing, since
/// scrypt takes a second where it exists, and `+` a file or folder that is made.
const OFFLINE: &[&str] = &[
    "key new --network regtest --passphrase-file @passphrase --bip39-passphrase-file @passphrase --keystore +new",
    "key restore --network regtest --passphrase-file ?passphrase --mnemonic-file ?words --policy ?policy.toml --bip39-passphrase-file ?passphrase --keystore +new",
    "key watch KEYS -o +descriptor.out",
    "key address --index 0 KEYS",
    "key approver KEYS",
    "key account KEYS",
    "key register @descriptor KEYS",
    "policy show KEYS",
    "policy export KEYS -o +policy.out",
    "policy template --asset ASSET --contract @contract.json --issuance-prevout ENTROPY -o +policy.out",
    "policy apply @policy.toml KEYS --approval @policy.approval.json",
    "policy apply @policy.toml KEYS --evidence @job.pset",
    "policy remove --asset ASSET KEYS",
    "backup --keystore ?keystore --passphrase-file ?passphrase -o +backup.out",
    "restore --backup ?backup.age --passphrase-file ?passphrase --keystore +new",
    "approve @job.pset --keystore @approver --passphrase-file @passphrase --descriptor @descriptor --request-sha256 00 -o +approval.out",
    "approve @job.pset --keystore @approver --passphrase-file @passphrase --descriptor @descriptor --register @holders.csv --request-sha256 00 -o +approval.out",
    "approve --policy @policy.toml --in-force @policy.toml --keystore @approver --passphrase-file @passphrase --descriptor @descriptor -o +approval.out",
    "journal list KEYS",
    "journal verify KEYS",
    "journal compare KEYS",
    "journal acknowledge-unknown KEYS",
    "journal declare-void 0 KEYS",
    "journal rebuild-head KEYS",
    "journal used --index 1 KEYS",
    "review @job.pset KEYS --request @job.json --signed @signed.json",
    "sign @job.pset KEYS --request @job.json --approval @approval.json -o +signed.out",
    "sign @job.pset KEYS --approve CODE -o +signed.out",
    "combine @job.pset @signatures.json KEYS --request @job.json -o +signed.out",
    "qr show @job.pset --text",
    "qr join @scan.txt -o +joined.out",
    "profile show --profile ?default",
];

/// One line for each command of `coldamp-online`. Nothing listens on port 9 of this machine.
const ONLINE: &[&str] = &[
    "request reissue --asset UUID --amount 1 --descriptor @descriptor --network regtest --transactions @transactions.json --amp http://127.0.0.1:9/api --amp-credentials @login --state +state -o +job.out",
    "request burn --asset UUID --amount 1 --descriptor @descriptor --network regtest --node http://127.0.0.1:9 --node-cookie @login --amp http://127.0.0.1:9/api --amp-credentials @login --state +state -o +job.out",
    "request distribute --asset UUID --descriptor @descriptor --network regtest --transactions @transactions.json --amp http://127.0.0.1:9/api --amp-credentials @login --state +state -o +job.out",
    "request check @job.json --network regtest --amp http://127.0.0.1:9/api --amp-credentials @login",
    "prepare @job.json --descriptor @descriptor --network regtest --transactions @transactions.json --contract @contract.json --openings @signed.json --state +state -o +pset.out",
    "prepare @job.json --descriptor @descriptor --network regtest --transactions @transactions.json --replace @signed.json --state +state -o +pset.out",
    "descriptor multi -k 1 ACCOUNT --network regtest --view-key @view.key -o +descriptor.out",
    "combine @job.pset @signatures.json --descriptor @descriptor -o +signed.out",
    "qr show @job.pset --text",
    "qr join @scan.txt -o +joined.out",
    "broadcast @signed.json --pset @job.pset --descriptor @descriptor --node http://127.0.0.1:9 --node-cookie @login --without-amp --state +state",
    "report @signed.json --node http://127.0.0.1:9 --node-cookie @login --amp http://127.0.0.1:9/api --amp-credentials @login --state +state",
    "status @signed.json --node http://127.0.0.1:9 --node-cookie @login --amp http://127.0.0.1:9/api --amp-credentials @login",
    "status --descriptor @descriptor --network regtest --transactions @transactions.json --state +state",
    "status --descriptor descriptor --network regtest --esplora http://127.0.0.1:9 --esplora-credentials @login",
    "treasury issue --name Demo-Share --ticker DEMO --domain example.com --pubkey 0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798 --units 1 --tokens 1 --descriptor @descriptor --network regtest --transactions @transactions.json --amp http://127.0.0.1:9/api --amp-credentials @login --state +state -o +issue.out",
    "treasury setup @issue.json --descriptor @descriptor --network regtest --node http://127.0.0.1:9 --node-cookie @login --amp http://127.0.0.1:9/api --amp-credentials @login --contract +contract.out --no-wait",
    "treasury UUID --descriptor @descriptor --network regtest --transactions @transactions.json --amp http://127.0.0.1:9/api --amp-credentials @login --state +state",
    "treasury --without-amp --csv --descriptor @descriptor --network regtest --transactions @transactions.json --state +state",
    "treasury address --descriptor @descriptor --network regtest --transactions @transactions.json --state +state",
    "treasury register UUID --descriptor @descriptor --network regtest --node http://127.0.0.1:9 --node-cookie @login --amp http://127.0.0.1:9/api --amp-credentials @login --state +state",
    "contract --asset-id ASSET --from @contract.json --network regtest --transactions @transactions.json -o +contract.out",
    "treasury blinders --asset UUID --asset-id ASSET --descriptor @descriptor --network regtest --transactions @transactions.json --amp http://127.0.0.1:9/api --amp-credentials @login",
    "request show @job.json --network regtest --contract @contract.json --csv +recipients.out",
    "request unlock @job.json --network regtest --amp http://127.0.0.1:9/api --amp-credentials @login --state +state",
    "request check @job.json --register @holders.csv --network regtest --amp http://127.0.0.1:9/api --amp-credentials @login",
    "init --profile ?default",
    "profile show --profile ?default",
    "jobs ?jobs",
    "serve --network regtest --esplora http://127.0.0.1:9 --amp http://127.0.0.1:9/api --page ?page",
];

/// What marks an argument that gets the evil name.
const MARKS: [char; 3] = ['@', '?', '+'];

/// A desk with every file that the lines above name, and what replaces a word in capitals.
struct Files {
    desk: Desk,
    words: Vec<(&'static str, String)>,
}

impl Files {
    fn new() -> Self {
        let scenario = Scenario::load("wpkh");
        let treasury = Treasury::of(&scenario);
        let job = treasury.job(&scenario, RequestKind::Distribute);
        let pset = job.prepare().pset;
        let desk = Desk::cold(&scenario);
        desk.write("job.json", scenario.request(RequestKind::Distribute));
        desk.write("job.pset", &pset);
        desk.write("signed.json", job.sign(pset.as_bytes()).to_json().expect("a file"));
        let part = job.part(pset.as_bytes(), &treasury.signing_key(), 1);
        desk.write("signatures.json", part.to_json().expect("a file"));
        desk.write("descriptor", treasury.descriptor.with_checksum());
        desk.write("transactions.json", scenario.transactions());
        desk.write("contract.json", scenario.info().contract.as_ref().expect("a contract").to_string());
        desk.write("login", "user\npassword\n");
        desk.write("view.key", scenario.master_blinding_key());
        let account = desk.run("coldamp", &format!("key account {KEYS}")).done().stdout;
        let scan = desk.run("coldamp", "qr show job.pset --text").done().stdout;
        desk.write("scan.txt", scan);
        desk.write("holders.csv", "address,amount\n");
        desk.write("approval.json", "{}");
        desk.write("policy.approval.json", "{}");
        desk.write("policy.toml", policy_file(&scenario.info().asset, ""));
        desk.run("coldamp", &format!("backup {KEYS} -o backup.age")).done();
        let approver = Desk::cold(&Scenario::load("sh-wpkh"));
        for ending in ["", ".journal", ".head"] {
            let content = fs::read(approver.path(&format!("keystore{ending}"))).expect("a keystore");
            desk.write(&format!("approver{ending}"), content);
        }
        let code = job.review(pset.as_bytes()).checked().expect("a PSET to sign").approval_code().to_string();
        let words = vec![
            ("KEYS", "--keystore @keystore --passphrase-file @passphrase".to_owned()),
            ("ASSET", scenario.info().asset.clone()),
            ("UUID", "116e0073-8ef0-4be5-ba35-e2b0e9c5ae1a".to_owned()),
            ("ENTROPY", format!("{}:0", "11".repeat(32))),
            ("CODE", code),
            ("ACCOUNT", account.trim_end().to_owned()),
        ];
        Files { desk, words }
    }

    /// Runs a line once for each of its marked arguments, which then has the evil name: without a file of that name, and with
    /// one. Returns how often the name was printed.
    fn run(&self, binary: &str, line: &str) -> usize {
        let line = self.words.iter().fold(line.to_owned(), |line, (word, text)| line.replace(word, text));
        let arguments: Vec<&str> = line.split(' ').collect();
        let marked = arguments.iter().enumerate().filter(|(_, argument)| argument.starts_with(MARKS));
        let mut printed = 0;
        for (position, argument) in marked {
            let given: Vec<&str> = arguments
                .iter()
                .enumerate()
                .map(|(other, argument)| match other == position {
                    true => NAME,
                    false => argument.trim_start_matches(MARKS),
                })
                .collect();
            printed += usize::from(self.checked(binary, &given));
            if let Some(name) = argument.strip_prefix('@') {
                self.copy(name);
                printed += usize::from(self.checked(binary, &given));
            } else if argument.starts_with('+') {
                self.clean();
                self.desk.write(NAME, "taken");
                printed += usize::from(self.checked(binary, &given));
            }
            self.clean();
        }
        printed
    }

    /// Gives a file, and what lies beside it, the evil name too.
    fn copy(&self, name: &str) {
        for ending in ["", ".journal", ".head"] {
            let from = self.desk.path(&format!("{name}{ending}"));
            if from.exists() {
                fs::copy(from, self.desk.path(&format!("{NAME}{ending}"))).expect("a copy");
            }
        }
    }

    /// Removes what a run has made.
    fn clean(&self) {
        for name in self.desk.files() {
            let is_made =
                name.starts_with('x') || name.ends_with(".out") || name.starts_with("new") || name == "state";
            let path = self.desk.path(&name);
            match path.is_dir() {
                _ if !is_made && !name.ends_with(".log") => {}
                true => fs::remove_dir_all(path).expect("a folder removed"),
                false => fs::remove_file(path).expect("a file removed"),
            }
        }
    }

    /// Runs a command, and returns whether the name was printed. `Run` refuses control characters in both streams.
    fn checked(&self, binary: &str, arguments: &[&str]) -> bool {
        let Run { stdout, stderr, .. } = self.desk.run_with(binary, arguments);
        let mut lines = stdout.lines().chain(stderr.lines());
        assert!(!lines.any(|line| line.starts_with("error: forged")), "{arguments:?}: {stdout}{stderr}");
        stdout.contains(ESCAPED) || stderr.contains(ESCAPED)
    }
}

/// The commands that a binary's help lists, with those below them.
fn commands(desk: &Desk, binary: &str, above: &str) -> BTreeSet<String> {
    let help = desk.run(binary, &format!("{above} --help")).done().stdout;
    let listed = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let names = listed.take_while(|line| !line.is_empty()).filter_map(|line| line.split_whitespace().next());
    let names: Vec<String> = names
        .filter(|name| *name != "help")
        .map(|name| format!("{above} {name}").trim().to_owned())
        .collect();
    match names.is_empty() {
        true => BTreeSet::from([above.to_owned()]),
        false => names.iter().flat_map(|name| commands(desk, binary, name)).collect(),
    }
}

/// Runs each line of a table, which has to have one for each command that the binary's help lists. The lines are shared among
/// threads: a source that does not answer is asked five times, with pauses.
fn check(binary: &str, table: &[&str], threads: usize) {
    for command in commands(&Desk::default(), binary, "") {
        let has_row = table.iter().any(|line| format!("{line} ").starts_with(&format!("{command} ")));
        assert!(has_row, "{binary} {command} has no row");
    }
    std::thread::scope(|scope| {
        for lines in table.chunks(table.len().div_ceil(threads)) {
            scope.spawn(move || {
                let files = Files::new();
                for line in lines {
                    assert!(files.run(binary, line) > 0, "{binary} {line}: never printed the name");
                }
            });
        }
    });
}

#[test]
fn no_command_of_coldamp_prints_control_characters_of_a_file_name() {
    check("coldamp", OFFLINE, 1);
}

#[test]
fn no_command_of_coldamp_online_prints_control_characters_of_a_file_name() {
    check("coldamp-online", ONLINE, 6);
}
