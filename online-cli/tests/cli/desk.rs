//! A folder with the files of one job, as the desk that prepares it has them, and ways of running the binary on them.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use coldamp_core::Secp;
use coldamp_core::elements::encode::{deserialize, serialize_hex};
use coldamp_core::elements::hex::decode_to_vec;
use coldamp_core::elements::{AssetId, OutPoint, Script, Transaction, Txid};
use coldamp_core::network::{Chain, Network};
use coldamp_core::treasury::{Branch, CtDescriptor, KeyPath};
use serde_json::{Value, json};
use tempfile::TempDir;

/// Every recorded scenario.
pub(crate) const SCENARIOS: [&str; 5] =
    ["wpkh", "wpkh-blinded-issuance", "wpkh-split-token", "wpkh-80-recipients", "sh-wpkh"];

/// AMP's three requests.
pub(crate) const JOBS: [&str; 3] = ["distribute", "reissue", "burn"];

/// What prepares the job of a desk.
pub(crate) const PREPARE: &str = "prepare request.json --descriptor descriptor --network regtest --transactions transactions.json -o unsigned.pset";

/// How the view key begins, and the account keys: in no error, whatever was pasted where.
const SECRETS: [&str; 3] = ["9c8e4f05", "tpubDC8msFGeGuwnKG9Upg7DM2b4D", "tpubDD7tXK8KeQ3YY83yWq755fHY2"];

/// See the module.
pub(crate) struct Desk {
    folder: TempDir,
    /// Of its own: coins that one test reserves must not change another test's addresses.
    state: TempDir,
    scenario: &'static str,
}

impl Desk {
    /// With the files of a scenario's job under the names of [`PREPARE`].
    pub(crate) fn of(scenario: &'static str, job: &str) -> Self {
        let desk =
            Desk { folder: tempfile::tempdir().unwrap(), state: tempfile::tempdir().unwrap(), scenario };
        desk.write(
            "request.json",
            fs::read(scenario_file(scenario, &format!("requests/{job}.json"))).unwrap(),
        );
        desk.write("descriptor", format!("{}\n", descriptor_text(scenario)));
        desk.write(
            "transactions.json",
            fs::read(scenario_file(scenario, "chain/transactions.json")).unwrap(),
        );
        desk
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        fs::write(self.path(name), content).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// Puts one text in place of another in a file, wherever it is; it has to be there.
    pub(crate) fn replace(&self, name: &str, found: &str, becomes: &str) {
        let text = self.read(name);
        assert!(text.contains(found), "{name} holds no {found:?}");
        self.write(name, text.replace(found, becomes));
    }

    /// The names of all files, sorted: nothing may be left behind.
    pub(crate) fn files(&self) -> Vec<String> {
        let entries = fs::read_dir(self.folder.path()).unwrap();
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    /// The binary with arguments separated by blanks, in this folder.
    pub(crate) fn command(&self, arguments: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_coldamp-online"));
        command
            .args(arguments.split_whitespace())
            .env("XDG_STATE_HOME", self.state.path())
            .env("XDG_CONFIG_HOME", self.state.path())
            .current_dir(self.folder.path());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Runs it to its end.
    pub(crate) fn run(&self, arguments: &str) -> Run {
        Run::of(self.command(arguments).output().unwrap())
    }

    /// Runs it, and checks that it fails as it should: the exit code, `error` with these words, and no file made.
    pub(crate) fn fails(&self, arguments: &str, exit: i32, words: &[&str]) -> String {
        let before = self.files();
        let run = self.run(arguments);
        assert_eq!(run.code, exit, "{arguments}: {}", run.stderr);
        let error = run.stderr.lines().find(|line| line.starts_with("error")).expect("an error line");
        for word in words {
            assert!(error.contains(word), "{word:?} is not in: {error}");
        }
        assert_eq!(self.files(), before, "{error}");
        run.stderr
    }

    /// The same for a job that breaks a rule of this name.
    pub(crate) fn refused(&self, code: &str, words: &[&str]) -> String {
        let stderr = self.fails(PREPARE, 3, words);
        assert!(stderr.contains(&format!("error[{code}]: ")), "{code}: {stderr}");
        stderr
    }

    /// What the scenario says of its chain.
    pub(crate) fn info(&self) -> Value {
        json_file(self.scenario, "chain/info.json")
    }

    pub(crate) fn descriptor(&self) -> CtDescriptor {
        CtDescriptor::parse(descriptor_text(self.scenario).as_str(), Chain::Regtest).unwrap()
    }

    /// A script of the treasury.
    pub(crate) fn script_at(&self, branch: Branch, index: u32) -> Script {
        self.descriptor().script_at(&Secp::new(), KeyPath { branch, index }).unwrap().script_pubkey
    }

    /// The coins of an asset that the recorded node listed.
    pub(crate) fn coins_of(&self, asset: AssetId) -> Vec<OutPoint> {
        let listed = json_file(self.scenario, "chain/listunspent.json");
        let of_asset =
            listed.as_array().unwrap().iter().filter(|coin| coin["asset"] == asset.to_string().as_str());
        of_asset.map(outpoint).collect()
    }

    /// The coins that the request lists under a name.
    pub(crate) fn listed(&self, name: &str) -> Vec<OutPoint> {
        let request: Value = serde_json::from_str(&self.read("request.json")).unwrap();
        request[name].as_array().unwrap().iter().map(outpoint).collect()
    }

    /// The entries of the transactions file.
    pub(crate) fn entries(&self) -> Vec<Value> {
        serde_json::from_str(&self.read("transactions.json")).unwrap()
    }

    pub(crate) fn write_entries(&self, entries: &[Value]) {
        self.write("transactions.json", serde_json::to_string(entries).unwrap());
    }

    /// Changes the transaction of this id and leaves the rest of its entry as it is.
    pub(crate) fn change_transaction(&self, txid: Txid, change: impl Fn(&mut Transaction)) {
        let mut entries = self.entries();
        let entry = entries.iter_mut().find(|entry| entry["txid"] == txid.to_string().as_str()).unwrap();
        let mut transaction: Transaction =
            deserialize(&decode_to_vec(entry["hex"].as_str().unwrap()).unwrap()).unwrap();
        change(&mut transaction);
        entry["hex"] = json!(serialize_hex(&transaction));
        self.write_entries(&entries);
    }

    /// Adds a confirmed transaction to the file.
    pub(crate) fn add_transaction(&self, transaction: &Transaction) {
        let mut entries = self.entries();
        entries.push(json!({
            "txid": transaction.txid().to_string(),
            "height": 9,
            "hex": serialize_hex(transaction),
        }));
        self.write_entries(&entries);
    }
}

/// How a run ended.
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Run {
    /// Checks what holds of every run: no key is shown, nothing steers the terminal, and a failure says why and what
    /// to do.
    pub(crate) fn of(output: Output) -> Self {
        let run = Run {
            code: output.status.code().unwrap(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        };
        for secret in SECRETS {
            assert!(!run.stdout.contains(secret) && !run.stderr.contains(secret), "{secret}: {}", run.stderr);
        }
        let steers = |character: char| {
            (character.is_control() && character != '\n')
                || matches!(character, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        };
        assert!(!run.stderr.contains(steers), "{:?}", run.stderr);
        if run.code != 0 {
            assert_eq!(run.stdout, "");
            let errors = run.stderr.lines().filter(|line| line.starts_with("error")).count();
            let hints = run.stderr.lines().filter(|line| line.starts_with("hint: ")).count();
            assert_eq!((errors, hints), (1, 1), "{}", run.stderr);
        }
        run
    }
}

/// A scenario's descriptor, without checksum.
pub(crate) fn descriptor_text(scenario: &str) -> String {
    json_file(scenario, "wallet.json")["ct_descriptor"].as_str().unwrap().to_owned()
}

/// L-BTC of the recorded chains.
pub(crate) fn lbtc() -> AssetId {
    Network::new(Chain::Regtest).policy_asset()
}

fn scenario_file(scenario: &str, name: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "../tests/scenarios", scenario, name].iter().collect()
}

fn json_file(scenario: &str, name: &str) -> Value {
    serde_json::from_slice(&fs::read(scenario_file(scenario, name)).unwrap()).unwrap()
}

fn outpoint(value: &Value) -> OutPoint {
    let vout = u32::try_from(value["vout"].as_u64().unwrap()).unwrap();
    OutPoint::new(value["txid"].as_str().unwrap().parse().unwrap(), vout)
}
