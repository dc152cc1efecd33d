//! An issuer's online desk on a sandbox of its own, and the cold machine beside it.

use coldamp_core::Secp;
use coldamp_core::amp::request::Uuid;
use coldamp_core::elements::Txid;
use coldamp_core::signed::SignedFile;
use coldamp_sandbox::amp::Amp;
use coldamp_sandbox::chain::Chain;
use coldamp_sandbox::exchange::{Answer, Question};
use coldamp_sandbox::founding::{Founded, found, found_without_assets};
use coldamp_sandbox::server::{PASSWORD, Sandbox, Settings, USERNAME};
use coldamp_tests::{Desk, Job, RequestKind, Run, Scenario, Treasury};

/// See the module.
pub(crate) struct Issuer {
    pub(crate) sandbox: Sandbox,
    pub(crate) desk: Desk,
    pub(crate) treasury: Treasury,
    /// The openly issued asset, and the blindly issued one.
    pub(crate) assets: Vec<Founded>,
}

impl Issuer {
    /// With the words of the recorded treasury `wpkh`, on a chain of its own.
    pub(crate) fn new() -> Self {
        let scenario = Scenario::load("wpkh");
        let treasury = Treasury::of(&scenario);
        let sandbox = Sandbox::start(Settings { port: 0, mine_every: None }).unwrap();
        let assets =
            sandbox.with(|chain, amp| found(&Secp::new(), chain, amp, &treasury.descriptor)).unwrap();
        let issuer = Issuer { sandbox, desk: Desk::default(), treasury, assets };
        issuer.lay_out(&issuer.desk);
        issuer
    }

    /// With L-BTC and no asset.
    pub(crate) fn on_first_day() -> Self {
        let treasury = Treasury::of(&Scenario::load("wpkh"));
        let sandbox = Sandbox::start(Settings { port: 0, mine_every: None }).unwrap();
        sandbox
            .with(|chain, amp| found_without_assets(&Secp::new(), chain, amp, &treasury.descriptor))
            .unwrap();
        let issuer = Issuer { sandbox, desk: Desk::default(), treasury, assets: Vec::new() };
        issuer.lay_out(&issuer.desk);
        issuer
    }

    /// Puts what every command needs on a desk.
    pub(crate) fn lay_out(&self, desk: &Desk) {
        desk.write("treasury.descriptor", self.treasury.descriptor.with_checksum());
        desk.write("credentials", format!("{USERNAME}\n{PASSWORD}\n"));
    }

    /// The uuid of the openly issued asset.
    pub(crate) fn uuid(&self) -> &Uuid {
        &self.assets[0].uuid
    }

    /// Chain source, AMP and credentials, as arguments.
    pub(crate) fn network(&self) -> String {
        format!("{} {}", self.chain(), self.amp())
    }

    pub(crate) fn chain(&self) -> String {
        format!("--esplora {}", self.sandbox.esplora_url())
    }

    pub(crate) fn amp(&self) -> String {
        format!("--amp {} --amp-credentials credentials", self.sandbox.amp_url())
    }

    /// Asks AMP for a job of an asset.
    pub(crate) fn ask(&self, kind: RequestKind, asset: &Founded) -> Run {
        let what = match kind {
            RequestKind::Distribute => "--expect-total 18750000000",
            RequestKind::Reissue => "--amount 123456789",
            RequestKind::Burn => "--amount 5000000001",
        };
        self.request(kind, asset, what)
    }

    /// The command line of that, for the openly issued asset.
    pub(crate) fn ask_command(&self, kind: RequestKind) -> String {
        let what = match kind {
            RequestKind::Distribute => "--expect-total 18750000000",
            RequestKind::Reissue => "--amount 123456789",
            RequestKind::Burn => "--amount 5000000001",
        };
        let treasury = "--descriptor treasury.descriptor --network regtest";
        let (command, uuid, network) = (kind.name(), self.uuid(), self.network());
        format!("request {command} --asset {uuid} {what} {treasury} {network} -o {command}.json")
    }

    /// The command line that has AMP issue an asset, `more` behind it.
    pub(crate) fn issue_command(&self, more: &str) -> String {
        let terms = "--name Demo-Share --ticker DEMO --domain example.com --pubkey 0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798 --precision 2 --units 1000000.5 --tokens 100000 --expect DEMO:100000050";
        let treasury = "--descriptor treasury.descriptor --network regtest";
        format!("treasury issue {terms} {treasury} {} -o issue.json {more}", self.network())
    }

    /// The same with arguments of one's own.
    pub(crate) fn request(&self, kind: RequestKind, asset: &Founded, what: &str) -> Run {
        let treasury = "--descriptor treasury.descriptor --network regtest";
        let (command, uuid, network) = (kind.name(), &asset.uuid, self.network());
        let arguments =
            format!("request {command} --asset {uuid} {what} {treasury} {network} -o {command}.json");
        self.desk.run("coldamp-online", &arguments)
    }

    /// Prepares a request from the sandbox's Esplora.
    pub(crate) fn prepare(&self, request: &str, more: &str) -> Run {
        let treasury = "--descriptor treasury.descriptor --network regtest";
        let arguments =
            format!("prepare {request}.json {treasury} {} {more} -o {request}.pset", self.chain());
        self.desk.run("coldamp-online", &arguments)
    }

    /// What the cold machine makes of a PSET on the desk.
    pub(crate) fn sign(&self, name: &str) -> SignedFile {
        let request = self.desk.read(&format!("{name}.json")).into_bytes();
        let job = Job { treasury: &self.treasury, request };
        let pset = self.desk.read(&format!("{name}.pset"));
        let text = job.sign(pset.as_bytes()).to_json().unwrap();
        self.desk.write(&format!("{name}.signed.json"), &text);
        SignedFile::read(text.as_bytes()).unwrap()
    }

    /// From asking to a signed file on the desk.
    pub(crate) fn signed(&self, kind: RequestKind, asset: &Founded) -> SignedFile {
        self.ask(kind, asset).done();
        self.prepare(kind.name(), "").done();
        self.sign(kind.name())
    }

    pub(crate) fn broadcast(&self, name: &str, more: &str) -> Run {
        self.desk.run("coldamp-online", &format!("broadcast {name}.signed.json {} {more}", self.network()))
    }

    pub(crate) fn report(&self, name: &str, more: &str) -> Run {
        let arguments = format!("report {name}.signed.json {} --no-wait {more}", self.network());
        self.desk.run("coldamp-online", &arguments)
    }

    /// A token for AMP, as logging in gives one.
    pub(crate) fn token(&self) -> String {
        let login = serde_json::json!({ "username": USERNAME, "password": PASSWORD }).to_string();
        let answer = self.asks_amp("POST", "user/obtain_token", None, login);
        let token: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
        token["token"].as_str().unwrap().to_owned()
    }

    /// Cancels a distribution at AMP, as the issuer can.
    pub(crate) fn cancel(&self, asset: &Uuid, distribution: &Uuid) {
        let token = format!("token {}", self.token());
        let path = format!("assets/{asset}/distributions/{distribution}/cancel");
        assert_eq!(self.asks_amp("DELETE", &path, Some(token), String::new()).status, 200);
    }

    /// Asks AMP as the issuer's own login.
    pub(crate) fn asks_amp_as_issuer(&self, method: &str, path: &str) -> Answer {
        let token = format!("token {}", self.token());
        self.asks_amp(method, path, Some(token), String::new())
    }

    /// AMP's answer to a request.
    pub(crate) fn asks_amp(
        &self,
        method: &str,
        path: &str,
        authorization: Option<String>,
        body: String,
    ) -> Answer {
        let (method, path) = (method.to_owned(), path.to_owned());
        let question =
            Question { method, path, query: String::new(), authorization, body: body.into_bytes() };
        self.sandbox.with(|chain, amp| amp.answer(chain, &question))
    }

    pub(crate) fn mine(&self, blocks: u32) {
        self.sandbox.with(|chain, _| chain.mine(blocks));
    }

    /// Confirmations; none where the chain has never seen it.
    pub(crate) fn confirmations(&self, txid: Txid) -> Option<u32> {
        self.sandbox.with(|chain, _| chain.confirmations(txid))
    }

    /// How often AMP took a report of the transaction.
    pub(crate) fn reported(&self, txid: Txid) -> u64 {
        self.sandbox.with(|_, amp| {
            amp.confirms()
                .iter()
                .filter(|confirmed| confirmed.txid == txid)
                .map(|confirmed| confirmed.times)
                .sum()
        })
    }
}

/// A state of the world to come back to.
pub(crate) struct World {
    chain: Chain,
    amp: Amp,
}

impl World {
    pub(crate) fn of(issuer: &Issuer) -> Self {
        issuer.sandbox.with(|chain, amp| World { chain: chain.clone(), amp: amp.clone() })
    }

    pub(crate) fn put_back(&self, issuer: &Issuer) {
        issuer.sandbox.with(|chain, amp| {
            *chain = self.chain.clone();
            *amp = self.amp.clone();
        });
    }
}

/// A command that must fail so: exit code, and the name of the rule.
pub(crate) fn fails(run: Run, code: i32, name: &str) -> String {
    assert_eq!(run.code, code, "{}", run.stderr);
    assert!(run.stderr.contains(&format!("error[{name}]: ")), "no {name} in {}", run.stderr);
    assert!(run.stderr.contains("\nhint: "), "{}", run.stderr);
    run.stderr
}
