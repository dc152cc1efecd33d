//! A cold machine: a desk with the keystore of a scenario's words on it.

use std::collections::BTreeMap;
use std::fs;
use std::sync::{Mutex, PoisonError};

use coldamp_core::network::Chain;
use coldamp_core::treasury::CtDescriptor;
use secrecy::SecretString;

use crate::{Desk, Run, Scenario};

/// What tells `coldamp` which keystore, on a cold desk.
pub const KEYS: &str = "--keystore keystore --passphrase-file passphrase";

impl Desk {
    /// With a keystore made anew, and so with a journal chain of its own. Of a treasury of several keys it is the first signer's.
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

    fn with_words(scenario: &Scenario, words: &str) -> Desk {
        let desk = Desk::default();
        desk.write("passphrase", "staple battery 7 horse\n");
        desk.write("words", format!("{words}\n"));
        let script = if scenario.name() == "sh-wpkh" { "sh-wpkh" } else { "wpkh" };
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
        type Files = Vec<(String, Vec<u8>)>;
        static MADE: Mutex<BTreeMap<&str, Files>> = Mutex::new(BTreeMap::new());
        let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
        let files = made.entry(scenario.name()).or_insert_with(|| {
            let desk = Desk::cold(scenario);
            let content = |name: &String| fs::read(desk.path(name)).expect("a file of the desk");
            desk.files().into_iter().map(|name| (name.clone(), content(&name))).collect()
        });
        let copy = Desk::default();
        files.iter().for_each(|(name, content)| copy.write(name, content));
        copy
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
