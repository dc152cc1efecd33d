//! A cold machine: a desk with the keystore of a scenario's words on it.

use std::collections::BTreeMap;
use std::fs;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use coldamp_core::network::Chain;
use coldamp_core::treasury::CtDescriptor;
use secrecy::SecretString;

use crate::{Desk, Run, Scenario};

/// What tells `coldamp` which keystore, on a cold desk.
pub const KEYS: &str = "--keystore keystore --passphrase-file passphrase";

/// Names and contents of the files of a desk.
type Files = Vec<(String, Vec<u8>)>;

/// The script of a scenario's keystore. One of several keys has none of its own.
fn script(scenario: &Scenario) -> &'static str {
    if scenario.name() == "sh-wpkh" { "sh-wpkh" } else { "wpkh" }
}

impl Desk {
    /// With a keystore of whose journal chain this test has no other. Of a treasury of several keys it is the first signer's.
    pub fn cold(scenario: &Scenario) -> Desk {
        match scenario.mnemonics() {
            [words] => Desk::with_words(scenario, words),
            _ => Desk::cosigner(scenario, 0),
        }
    }

    /// The machine of one signer of several, counted from 0 in the order of the descriptor, which is registered there.
    pub fn cosigner(scenario: &Scenario, position: usize) -> Desk {
        let desk = Desk::signer(scenario, position);
        desk.register(scenario.ct_descriptor()).done();
        desk
    }

    /// The machine of a signer before the treasury is registered.
    pub fn signer(scenario: &Scenario, position: usize) -> Desk {
        Desk::with_words(scenario, &scenario.mnemonics()[position])
    }

    /// The machine of somebody whose words sign for no scenario's treasury.
    pub fn approver() -> Desk {
        Desk::with_words(&Scenario::load("wpkh"), "zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo wrong")
    }

    /// Registers a treasury as its signer does: the checksum is typed.
    pub fn register(&self, descriptor: &str) -> Run {
        let parsed = CtDescriptor::parse(descriptor, Chain::Regtest).expect("a descriptor");
        let text = parsed.with_checksum();
        let (_, checksum) = text.split_once('#').expect("a checksum");
        self.write("treasury.descriptor", format!("{text}\n"));
        let register = format!("key register treasury.descriptor {KEYS}");
        self.run_typing("coldamp", &register, &[("Type the checksum", checksum)])
    }

    /// Two keystores of the same words have a chain each, so those of one test are made one by one. Another test's first keystore
    /// is the first one again, since making one takes two seconds of scrypt.
    fn with_words(scenario: &Scenario, words: &str) -> Desk {
        type Made = BTreeMap<(String, String, usize), Arc<OnceLock<Files>>>;
        static MADE: Mutex<Made> = Mutex::new(Made::new());
        static COUNTS: Mutex<BTreeMap<(String, String), usize>> = Mutex::new(BTreeMap::new());
        let thread = std::thread::current();
        // A thread that a test started has no name, and says not whose it is.
        let Some(test) = thread.name().filter(|name| *name != "main") else {
            return Desk::made(scenario, words);
        };
        let mut counts = COUNTS.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry((test.to_owned(), words.to_owned())).or_default();
        *count += 1;
        let key = (script(scenario).to_owned(), words.to_owned(), *count);
        drop(counts);
        let made = MADE.lock().unwrap_or_else(PoisonError::into_inner).entry(key).or_default().clone();
        Desk::of_files(made.get_or_init(|| Desk::made(scenario, words).contents()))
    }

    fn made(scenario: &Scenario, words: &str) -> Desk {
        let desk = Desk::default();
        desk.write("passphrase", "staple battery 7 horse\n");
        desk.write("words", format!("{words}\n"));
        let script = script(scenario);
        let restore = format!(
            "key restore --no-policy {KEYS} --network regtest --script {script} --mnemonic-file words"
        );
        desk.run("coldamp", &restore).done();
        desk.opens_at_once();
        desk
    }

    /// As [`Desk::cold`], with the files of a keystore that this process makes once: whatever lies beside it belongs
    /// to it. For tests that sign nothing, and so have no use for a journal of their own.
    pub fn cold_copy(scenario: &Scenario) -> Desk {
        static MADE: Mutex<BTreeMap<&str, Files>> = Mutex::new(BTreeMap::new());
        let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
        Desk::of_files(made.entry(scenario.name()).or_insert_with(|| Desk::cold(scenario).contents()))
    }

    fn contents(&self) -> Files {
        let content = |name: &String| fs::read(self.path(name)).expect("a file of the desk");
        self.files().into_iter().map(|name| (name.clone(), content(&name))).collect()
    }

    fn of_files(files: &Files) -> Desk {
        let desk = Desk::default();
        files.iter().for_each(|(name, content)| desk.write(name, content));
        desk
    }

    /// Seals the keystore again with a work factor of 2^2 instead of 2^18, so that each of many openings does not cost
    /// a second. That the binary reads it shows once more that its keystores are plain age files.
    pub fn opens_at_once(&self) {
        let passphrase = SecretString::from(self.read("passphrase").trim_end());
        let sealed = fs::read(self.path("keystore")).expect("the keystore");
        let mut identity = age::scrypt::Identity::new(passphrase.clone());
        // age measures the machine and takes less than 2^18 for too much on one that is busy.
        identity.set_max_work_factor(22);
        let plaintext = age::decrypt(&identity, &sealed).expect("an age file under the passphrase");
        let mut recipient = age::scrypt::Recipient::new(passphrase);
        recipient.set_work_factor(2);
        self.write("keystore", age::encrypt(&recipient, &plaintext).expect("a sealed file"));
    }
}
