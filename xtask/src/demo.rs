//! `cargo xtask demo`: the three jobs from AMP's request to AMP's receipt, through the two binaries, on the sandbox. Every
//! command is shown as it is typed, with what it printed; at the end the page is served. The keys are public, and chain and AMP
//! are the sandbox's.

mod desk;
mod page;
mod policy;
mod sandbox;

use std::path::PathBuf;
use std::time::Instant;

use desk::Desk;
use page::Page;
use sandbox::Sandbox;

use crate::progress::{self, Running, spoken};
use crate::step::{cargo, root, target};
use crate::web;

/// The words of the treasury, known to everybody.
const WORDS: &str =
    "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";

/// What the sandbox assigned to the holders of each asset that it founds, in base units (sandbox/src/founding.rs).
const ASSIGNED: &str = "18750000000";

/// The three jobs, and what AMP is asked for beyond their names.
const JOBS: [(&str, &str); 3] =
    [("distribute", "--expect-total"), ("reissue", "--amount"), ("burn", "--amount")];

/// Where the keys are.
const KEYS: &str = "--keystore treasury.age --passphrase-file passphrase";

/// Runs the demo.
///
/// # Errors
/// In words, what failed.
pub(crate) fn run() -> Result<(), String> {
    let began = Instant::now();
    let desk = Desk::new(built()?)?;
    say(&format!("demo: everything it makes is in {}", desk.folder().display()));

    desk.write("words", WORDS)?;
    desk.write("passphrase", "staple battery 7 horse")?;
    say(
        "\nThe air-gapped machine makes a keystore from the words of a backup, and writes the watch-only descriptor.",
    );
    desk.show("coldamp", &format!("key restore --no-policy {KEYS} --network regtest --mnemonic-file words"))?;
    desk.show("coldamp", &format!("key watch {KEYS} -o treasury.descriptor"))?;

    say(
        "\nThe sandbox: a chain and an AMP on this machine. It gives the treasury L-BTC and an asset of each kind.",
    );
    let sandbox = Sandbox::start(&desk)?;
    desk.write("amp.login", "issuer\nsandbox")?;
    policy::set(&desk, &sandbox)?;
    let bundle = bundle();
    for (job, total) in JOBS {
        carry_out(&desk, &sandbox, job, total)?;
        say(&format!(
            "demo: AMP has the report of the {job} job, {} after the demo began",
            spoken(began.elapsed())
        ));
    }
    say(&format!("\ndemo: AMP has the reports of all three. In {}", desk.folder().display()));
    page(&desk, &sandbox, bundle, began)
}

/// Starts to build the page, which takes some minutes the first time. The jobs run meanwhile.
fn bundle() -> Result<Running, String> {
    // What has to be installed is said before, and not among the lines of the jobs.
    web::install().map_err(|failure| failure.to_string())?;
    say("\ndemo: the page is built meanwhile (cargo xtask web); the first time this takes some minutes");
    web::start()
}

/// The page on the same sandbox, for whoever wants to carry out the next job by hand.
fn page(
    desk: &Desk,
    sandbox: &Sandbox,
    bundle: Result<Running, String>,
    began: Instant,
) -> Result<(), String> {
    say("\n── the page ──\ndemo: waiting until it is built");
    if let Err(failure) = bundle.and_then(Running::end) {
        // Node is not needed for anything before.
        say(&format!("demo: done, without the page: {failure}"));
        return Ok(());
    }
    let page = Page::serve(desk, sandbox, &root().join("web/dist"))?;
    let folder = desk.folder().display();
    say(&format!("demo: the page is served {} after the demo began", spoken(began.elapsed())));
    say(&format!(
        "
The page is at {page}, and the asset to distribute there is {asset}:
  1. Treasury: the descriptor is in {folder}/treasury.descriptor
  2. Request: ask AMP for it; the user is issuer, the password is sandbox
  3. to 5. as the page says, and then on the air-gapped machine, which is another terminal:
     cd {folder}
     {coldamp} review FILE.pset {KEYS}
     {coldamp} sign FILE.pset {KEYS} --approve CODE -o FILE.signed.json
  and back in the page, with FILE.signed.json. FILE.pset is where the browser saves it.

Press Enter to end the demo.",
        page = page.url(),
        asset = sandbox.other_asset(),
        coldamp = desk.binary("coldamp").display(),
    ));
    // The end of the input is an answer too: whoever runs this without a terminal does not want to wait.
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).map_err(|error| format!("the terminal: {error}"))?;
    say("demo: done");
    Ok(())
}

/// A job, from the request to the receipt.
fn carry_out(desk: &Desk, sandbox: &Sandbox, job: &str, total: &str) -> Result<(), String> {
    let (esplora, asset) = (sandbox.esplora(), sandbox.asset());
    let amp = format!("--amp {} --amp-credentials amp.login", sandbox.amp());
    let treasury = "--descriptor treasury.descriptor --network regtest";
    let chain = format!("--esplora {esplora} --state state");

    say(&format!(
        "\n── {job} ──\nOnline, with the descriptor alone: the job is planned, and then AMP is asked for the request."
    ));
    desk.show(
        "coldamp-online",
        &format!(
            "request {job} --asset {asset} {total} {ASSIGNED} {treasury} {chain} {amp} -o {job}.request.json"
        ),
    )?;
    say("\nA second person compares the request with AMP, on another machine.");
    desk.show("coldamp-online", &format!("request check {job}.request.json --network regtest {amp}"))?;
    say("\nThe request becomes an unsigned PSET.");
    desk.show("coldamp-online", &format!("prepare {job}.request.json {treasury} {chain} -o {job}.pset"))?;

    say("\nOn the air-gapped machine: what does it do?");
    let review = desk.show("coldamp", &format!("review {job}.pset {KEYS}"))?;
    let code = review.lines().find_map(|line| line.strip_prefix("approval")).map(str::trim);
    let code = code.ok_or("the review printed no approval code")?;
    say("\nIt is what was asked for, so it is signed under its approval code.");
    desk.show("coldamp", &format!("sign {job}.pset {KEYS} --approve {code} -o {job}.signed.json"))?;

    say(&format!(
        "\n{job}.signed.json goes back. Online it is compared with the PSET, sent, and reported two blocks later."
    ));
    desk.show(
        "coldamp-online",
        &format!(
            "broadcast {job}.signed.json --pset {job}.pset --descriptor treasury.descriptor {chain} {amp}"
        ),
    )?;
    desk.show("coldamp-online", &format!("report {job}.signed.json {chain} {amp} --poll 1"))?;
    desk.show("coldamp-online", &format!("status {job}.signed.json --esplora {esplora}"))?;
    Ok(())
}

/// What builds the two binaries and the sandbox: as the tests are built, so that `cargo xtask test` builds nothing of it anew.
const BUILD: [&str; 10] = [
    "build",
    "--workspace",
    "--all-features",
    "--locked",
    "--bin",
    "coldamp",
    "--bin",
    "coldamp-online",
    "--bin",
    "coldamp-sandbox",
];

/// Builds the binaries, and says where they are.
fn built() -> Result<PathBuf, String> {
    let command = BUILD.join(" ");
    say(&format!("demo: building the binaries (cargo {command}); the first time this takes some minutes"));
    let ended = progress::run("the binaries", &mut cargo(&BUILD, &[]));
    let ended = ended.map_err(|why| format!("the binaries do not build: {why}"))?;
    say(&format!("demo: the binaries are built in {}", spoken(ended.took)));
    Ok(target().join("debug"))
}

fn say(line: &str) {
    println!("{line}");
}
