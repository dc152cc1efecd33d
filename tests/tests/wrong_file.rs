//! A file of Coldamp that is named in the place of another: the refusal names the command that takes it.

use coldamp_tests::{Desk, Honest, KEYS, RequestKind, Scenario};

#[test]
fn a_file_in_the_place_of_another_is_told_for_what_it_is() {
    let scenario = Scenario::load("wpkh");
    let desk = Desk::cold(&scenario);
    let honest = Honest::of((RequestKind::Burn, "wpkh"));
    desk.write("job.pset", &honest.text);
    desk.write("job.json", scenario.request(RequestKind::Burn));
    desk.write("treasury.descriptor", scenario.ct_descriptor());
    let code = honest.review(honest.text.as_bytes()).approval_code().unwrap();
    let sign = format!("sign job.pset {KEYS} --approve {code}");
    desk.run("coldamp", &format!("{sign} --signatures -o part.json")).done();
    desk.run("coldamp", &format!("{sign} -o signed.json")).done();
    let template = desk.run("coldamp", "policy template").done().stdout;
    desk.write("policy.toml", template);
    let chain = "--esplora http://127.0.0.1:1/";
    let treasury = "--descriptor treasury.descriptor --network regtest";
    for (binary, arguments, hints) in [
        (
            "coldamp",
            format!("review signed.json {KEYS}"),
            ["This is a signed.json: `coldamp-online broadcast`", "--signed FILE`"],
        ),
        (
            "coldamp",
            format!("sign part.json {KEYS}"),
            ["These are signatures alone: `coldamp-online combine", "Name the unsigned PSET"],
        ),
        (
            "coldamp",
            format!("review job.json {KEYS}"),
            ["a request of AMP's: `coldamp-online prepare`", "Name the unsigned PSET"],
        ),
        (
            "coldamp",
            format!("review policy.toml {KEYS}"),
            ["a policy file: `coldamp policy apply`", "Name the unsigned PSET"],
        ),
        (
            "coldamp",
            format!("review keystore {KEYS}"),
            ["a keystore or a backup: --keystore", "Name the unsigned PSET"],
        ),
        (
            "coldamp",
            format!("review treasury.descriptor {KEYS}"),
            ["a descriptor: --descriptor", "Name the unsigned PSET"],
        ),
        (
            "coldamp",
            format!("combine job.pset signed.json {KEYS} -o x.json"),
            ["This is a signed.json: `coldamp-online broadcast`", "A part is a file that"],
        ),
        (
            "coldamp-online",
            "combine job.pset signed.json --descriptor treasury.descriptor -o x.json".to_owned(),
            ["This is a signed.json: `coldamp-online broadcast`", "A part is a file that"],
        ),
        (
            "coldamp-online",
            format!("broadcast part.json --without-amp {chain}"),
            ["signatures alone: `coldamp-online combine FILE.pset FILE", "Name the signed.json"],
        ),
        (
            "coldamp-online",
            format!("broadcast job.pset --without-amp {chain}"),
            ["a PSET: `coldamp review` shows it and `coldamp sign`", "Name the signed.json"],
        ),
        (
            "coldamp-online",
            format!("prepare signed.json {treasury} {chain} -o x.pset"),
            ["This is a signed.json: `coldamp-online broadcast`", "Name AMP's request"],
        ),
    ] {
        let run = desk.run(binary, &arguments);
        let said = run.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(matches!(run.code, 3 | 6), "{arguments}: {}", run.stderr);
        assert!(hints.iter().all(|hint| said.contains(hint)), "{arguments}: {}", run.stderr);
    }
    // A file of the right kind that is damaged is not told as another one.
    let cut: String = honest.text.chars().take(200).collect();
    desk.write("cut.pset", &cut);
    let run = desk.run("coldamp", &format!("review cut.pset {KEYS}"));
    assert!(run.code == 6 && run.stderr.contains("Carry the file over again."), "{}", run.stderr);
}
