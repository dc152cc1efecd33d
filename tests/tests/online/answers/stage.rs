//! How far a command is when AMP answers it, and the run of a table's rows from that stage.

use std::path::PathBuf;

use coldamp_core::signed::SignedFile;
use coldamp_sandbox::faults::Rule;
use coldamp_tests::{RequestKind, Run};

use super::row::{Expected, Row};
use crate::desk::{Issuer, World};

/// An issuer, a state of the world and the files on the desk, to come back to before each row.
pub(super) struct Stage {
    pub(super) issuer: Issuer,
    kind: RequestKind,
    signed: Option<SignedFile>,
    world: World,
    files: Vec<(String, String)>,
    kept_logs: Vec<(PathBuf, String)>,
}

/// What a row came to.
pub(super) struct Seen<'a> {
    pub(super) row: &'a Row,
    /// Reports and blinders that were posted in this run.
    pub(super) posts: usize,
    /// Reports of the transaction that AMP has taken.
    pub(super) taken: u64,
    /// The log beside the signed file, or beside the request.
    pub(super) log: String,
}

impl Seen<'_> {
    /// How often AMP, or AMP's record, was found to have the report.
    pub(super) fn accepted(&self) -> usize {
        self.log.matches("\"accepted\"").count()
    }
}

/// A request of AMP's API: its method, and its path below the asset.
pub(super) type Asked<'a> = (&'a str, &'a str);

impl Stage {
    /// Before anything was asked for.
    pub(super) fn new(kind: RequestKind) -> Self {
        Self::with(Issuer::new(), kind, None)
    }

    /// With AMP's request on the desk.
    pub(super) fn asked(kind: RequestKind) -> Self {
        let issuer = Issuer::new();
        issuer.ask(kind, &issuer.assets[0]).done();
        Self::with(issuer, kind, None)
    }

    /// With a signed file on the desk.
    pub(super) fn signed(kind: RequestKind) -> Self {
        let issuer = Issuer::new();
        let signed = issuer.signed(kind, &issuer.assets[0]);
        Self::with(issuer, kind, Some(signed))
    }

    /// Sent, with two confirmations.
    pub(super) fn deep(kind: RequestKind) -> Self {
        let issuer = Issuer::new();
        let signed = issuer.signed(kind, &issuer.assets[0]);
        issuer.broadcast(kind.name(), "").done();
        issuer.mine(2);
        Self::with(issuer, kind, Some(signed))
    }

    /// Reported, and taken.
    pub(super) fn reported(kind: RequestKind) -> Self {
        let deep = Self::deep(kind);
        deep.issuer.report(kind.name(), "").done();
        Self::with(deep.issuer, kind, deep.signed)
    }

    /// The world and the desk as they are now.
    pub(super) fn with(issuer: Issuer, kind: RequestKind, signed: Option<SignedFile>) -> Self {
        let world = World::of(&issuer);
        let files = issuer.desk.files();
        let files = files.into_iter().map(|name| (name.clone(), issuer.desk.read(&name))).collect();
        let kept_logs = issuer.desk.kept_logs();
        Stage { issuer, kind, signed, world, files, kept_logs }
    }

    /// Its transaction.
    pub(super) fn signed_file(&self) -> &SignedFile {
        self.signed.as_ref().unwrap()
    }

    /// The path of an endpoint. `ASSET`, `DISTRIBUTION` and `TXID` are replaced by this stage's.
    fn path(&self, path: &str) -> String {
        let asset = format!("assets/{}", self.issuer.uuid());
        let mut path = path.replace("ASSET", &asset);
        if let Some(signed) = &self.signed {
            path = path.replace("TXID", &signed.txid().to_string());
        }
        let distribution = || {
            let request: serde_json::Value =
                serde_json::from_str(&self.issuer.desk.read("distribute.json")).unwrap();
            request["distribution_uuid"].as_str().unwrap().to_owned()
        };
        if path.contains("DISTRIBUTION") {
            path = path.replace("DISTRIBUTION", &distribution());
        }
        format!("/api/{path}")
    }

    /// What goes wrong, in a row, with a request.
    pub(super) fn rule(&self, asked: Asked<'_>, row: &Row) -> Rule {
        let (method, path) = asked;
        let path = format!("{}$", self.path(path));
        Rule { method: Some(method.to_owned()), path, skip: row.skip, count: None, fault: row.fault.clone() }
    }

    /// The world and the desk as they were.
    pub(super) fn put_back(&self) {
        self.world.put_back(&self.issuer);
        for name in self.issuer.desk.files() {
            std::fs::remove_file(self.issuer.desk.path(&name)).unwrap();
        }
        for (name, content) in &self.files {
            self.issuer.desk.write(name, content);
        }
        self.issuer.desk.put_back_kept_logs(&self.kept_logs);
    }

    fn taken(&self) -> u64 {
        self.signed.as_ref().map_or(0, |signed| self.issuer.reported(signed.txid()))
    }

    fn log(&self) -> String {
        let logs = self.issuer.desk.files().into_iter().filter(|name| name.ends_with(".log"));
        logs.map(|name| self.issuer.desk.read(&name)).collect()
    }

    /// `report`, of this stage's file.
    pub(super) fn report(&self) -> String {
        format!("report {}.signed.json {} --no-wait", self.kind.name(), self.issuer.network())
    }

    /// Runs a command with every row's answer to a request, and compares it with what is expected; `judge` looks at the
    /// rest. `also` goes wrong in every row.
    pub(super) fn run(
        &self,
        command: &str,
        asked: Asked<'_>,
        also: &[Rule],
        rows: &[Row],
        judge: &dyn Fn(&Seen<'_>),
    ) {
        for row in rows {
            self.put_back();
            let rule = self.rule(asked, row);
            let (method, path) = (asked.0, rule.path.trim_end_matches('$').to_owned());
            let faults = self.issuer.sandbox.faults();
            faults.set([&[rule], also].concat());
            let before = faults.count();
            let run = self.issuer.desk.run("coldamp-online", command);
            let log = faults.log();
            let seen = Seen { row, posts: posts(&log[before..]), taken: self.taken(), log: self.log() };
            faults.clear();
            assert_eq!(faults.unfit(), [""; 0], "{}: the change does not fit", row.name);
            let asked = log[before..].iter().filter(|logged| logged.method == method && logged.path == path);
            let met = asked.count() > usize::try_from(row.skip).unwrap();
            assert!(met, "{}: {method} {path} was not asked so often: {}", row.name, run.stderr);
            assert!(
                !log[before..].iter().any(|logged| logged.path == "/api/info"),
                "a redirect was followed"
            );
            holds(row, &run);
            assert!(seen.posts <= 1, "{}: posted {} times", row.name, seen.posts);
            judge(&seen);
        }
    }

    /// The same with `report`. Of every row: what is said to be accepted AMP or its record has; and without the change the
    /// command ends well and AMP has taken one report.
    pub(super) fn run_report(
        &self,
        asked: Asked<'_>,
        also: &[Rule],
        rows: &[Row],
        judge: &dyn Fn(&Seen<'_>),
    ) {
        let report = self.report();
        self.run(&report, asked, also, rows, &|seen| {
            assert!(seen.accepted() == 0 || seen.taken > 0, "{}: accepted without proof", seen.row.name);
            judge(seen);
            let again = self.issuer.desk.run("coldamp-online", &report);
            assert_eq!(again.code, 0, "{}, run again: {}", seen.row.name, again.stderr);
            assert_eq!(self.taken(), 1, "{}: AMP took it so often", seen.row.name);
        });
    }
}

/// How often something was posted that AMP takes.
fn posts(log: &[coldamp_sandbox::faults::Logged]) -> usize {
    log.iter().filter(|logged| logged.method == "POST" && logged.path.ends_with("confirm")).count()
}

fn holds(row: &Row, run: &Run) {
    let (code, name, words) = match row.expected {
        Expected::Done(words) => (0, None, words),
        Expected::Fails(code, name, words) => (code, Some(name), words),
    };
    let shown = format!("{}{}", run.stdout, run.stderr);
    assert_eq!(run.code, code, "{}: {shown}", row.name);
    assert!(shown.contains(words), "{}: no {words:?} in {shown}", row.name);
    match name {
        Some(name) => assert!(
            shown.contains(&format!("error[{name}]: ")) && shown.contains("\nhint: "),
            "{}: no {name} in {shown}",
            row.name
        ),
        None => assert!(!shown.contains("error"), "{}: {shown}", row.name),
    }
}
