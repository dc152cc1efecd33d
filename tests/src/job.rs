//! A job of a scenario carried through core: from AMP's bytes and the recorded transactions to the signed file.

use coldamp_core::Secp;
use coldamp_core::amp::Request;
use coldamp_core::elements::Transaction;
use coldamp_core::elements::bitcoin::NetworkKind;
use coldamp_core::elements::bitcoin::bip32::{DerivationPath, Xpriv, Xpub};
use coldamp_core::elements::encode::serialize_hex;
use coldamp_core::network::{Chain, Network};
use coldamp_core::prepare::{PrepareError, Prepared, Settings, prepare};
use coldamp_core::pset::UnsignedPset;
use coldamp_core::sign::review::{Approval, ApprovedPset, JournalState, Review, ReviewOptions, review};
use coldamp_core::sign::{Part, Recorded, SignatureSet, SigningKey, blinded_pset, combine, sign, sign_part};
use coldamp_core::signed::{JournalPosition, SignedFile};
use coldamp_core::treasury::{CtDescriptor, MasterBlindingKey, ProvenContract, QuorumForm, Utxo};
use coldamp_online::pace::Unwatched;
use coldamp_online::source::file::TransactionsFile;
use coldamp_online::state::coin_cache::NoCoinCache;
use coldamp_online::sync::Holdings;
use futures_util::FutureExt as _;

use crate::{RequestKind, Scenario};

/// A scenario's treasury: what both sides of the gap know of it.
pub struct Treasury {
    /// Curve operations.
    pub secp: Secp,
    /// Regtest.
    pub network: Network,
    /// The watch-only descriptor.
    pub descriptor: CtDescriptor,
    mnemonics: Vec<String>,
    transactions: Vec<u8>,
}

/// One request of one treasury.
pub struct Job<'a> {
    /// The treasury.
    pub treasury: &'a Treasury,
    /// AMP's bytes.
    pub request: Vec<u8>,
}

impl Treasury {
    /// The treasury of a scenario.
    pub fn of(scenario: &Scenario) -> Self {
        let network = Network::new(Chain::Regtest);
        Treasury {
            secp: Secp::new(),
            network,
            descriptor: CtDescriptor::parse(scenario.ct_descriptor(), network.chain())
                .expect("the scenario's descriptor"),
            mnemonics: scenario.mnemonics().to_vec(),
            transactions: scenario.transactions(),
        }
    }

    /// One of AMP's three requests to it.
    pub fn job(&self, scenario: &Scenario, kind: RequestKind) -> Job<'_> {
        Job { treasury: self, request: scenario.request(kind) }
    }

    /// The recorded transactions.
    pub fn source(&self) -> TransactionsFile {
        TransactionsFile::parse(&self.transactions).expect("the scenario's transactions")
    }

    /// What the treasury holds, with the issuance of a request's asset.
    pub fn holdings(&self, request: &Request) -> Holdings {
        self.sync(&self.source(), request)
    }

    /// The same from other transactions.
    pub fn sync(&self, source: &TransactionsFile, request: &Request) -> Holdings {
        let (secp, descriptor, mut memory) = (&self.secp, &self.descriptor, NoCoinCache);
        let synced = Holdings::sync(secp, descriptor, source, request.asset, None, &mut memory, &Unwatched);
        // A file has its answers at once.
        synced.now_or_never().expect("nothing to wait for").expect("a sync")
    }

    /// A treasury that nobody has paid yet, of several keys in sortedmulti, beside that of a scenario.
    pub fn of_quorum(scenario: &Scenario, threshold: usize, count: u8, is_nested: bool) -> Self {
        let beside = Treasury::of(scenario);
        let words = |number: u8| bip39::Mnemonic::from_entropy(&[number; 16]).expect("words").to_string();
        let mnemonics: Vec<String> = (1..=count).map(words).collect();
        let path: DerivationPath = "48h/1h/0h/2h".parse().expect("a path");
        let key = |words: &String| {
            let seed = bip39::Mnemonic::parse(words.as_str()).expect("words").to_seed("");
            let master = Xpriv::new_master(NetworkKind::Test, &seed).expect("a master key");
            let account = master.derive_priv(&beside.secp, &path).expect("an account key");
            format!(
                "[{}/{path}]{}",
                master.fingerprint(&beside.secp),
                Xpub::from_priv(&beside.secp, &account)
            )
        };
        let keys: Vec<String> = mnemonics.iter().map(key).collect();
        let form = QuorumForm { threshold, is_nested, is_sorted: true };
        let view_key = MasterBlindingKey::from([7; 32]);
        let descriptor = CtDescriptor::of_quorum(form, &view_key, &keys, Chain::Regtest).expect("a treasury");
        Treasury { descriptor, mnemonics, ..beside }
    }

    /// Reviews a PSET without policy and journal; `given` is what `--request` names. Most tests come to core's review through
    /// here, but those that change network or descriptor.
    pub fn review(&self, pset: &UnsignedPset, given: Option<&[u8]>) -> Review {
        let options = ReviewOptions { request: given, ..ReviewOptions::default() };
        review(&self.secp, &self.network, &self.descriptor, pset, &JournalState::default(), options)
    }

    /// The master key from the scenario's words, of the first signer where there are several.
    pub fn signing_key(&self) -> SigningKey {
        self.signing_keys().remove(0)
    }

    /// The master keys of all signers, in the order of the descriptor.
    pub fn signing_keys(&self) -> Vec<SigningKey> {
        let key = |words: &String| {
            let seed = bip39::Mnemonic::parse(words.as_str()).expect("the scenario's words").to_seed("");
            SigningKey::new(Xpriv::new_master(NetworkKind::Test, &seed).expect("a master key"))
        };
        self.mnemonics.iter().map(key).collect()
    }
}

impl Job<'_> {
    /// AMP's request, parsed.
    pub fn request(&self) -> Request {
        Request::parse(&self.request, &self.treasury.network).expect("the scenario's request")
    }

    /// Prepares with default settings.
    ///
    /// # Errors
    /// As [`prepare`].
    pub fn try_prepare(&self) -> Result<Prepared, PrepareError> {
        let request = self.request();
        let holdings = self.treasury.holdings(&request);
        let treasury = holdings.treasury(&self.treasury.network, &self.treasury.descriptor);
        prepare(&self.treasury.secp, &request, &treasury, &Settings::default(), None)
    }

    /// Prepares with default settings and the asset's contract, as its issuer hashed it.
    pub fn prepare_with_contract(&self, scenario: &Scenario) -> Prepared {
        let request = self.request();
        let holdings = self.treasury.holdings(&request);
        let text = scenario.info().contract.as_ref().expect("a scenario with a contract").to_string();
        let prevout = holdings.issuance_prevout().expect("the first issuance");
        let contract =
            ProvenContract::prove(text.as_bytes(), prevout, request.asset).expect("the scenario's contract");
        let mut treasury = holdings.treasury(&self.treasury.network, &self.treasury.descriptor);
        treasury.contract = Some(&contract);
        prepare(&self.treasury.secp, &request, &treasury, &Settings::default(), None).expect("a job")
    }

    /// Prepares with default settings.
    pub fn prepare(&self) -> Prepared {
        self.try_prepare().expect("a job that can be prepared")
    }

    /// Prepares from some of the coins, after further transactions have confirmed.
    pub fn prepare_from(&self, confirmed: &[&Transaction], usable: impl Fn(&Utxo) -> bool) -> Prepared {
        let request = self.request();
        let Treasury { secp, network, descriptor, transactions, .. } = self.treasury;
        let mut entries: Vec<serde_json::Value> = serde_json::from_slice(transactions).expect("a list");
        entries.extend(confirmed.iter().map(|transaction| {
            let hex = serialize_hex(*transaction);
            serde_json::json!({ "txid": transaction.txid().to_string(), "height": 1_000, "hex": hex })
        }));
        let source = TransactionsFile::parse(&serde_json::to_vec(&entries).expect("JSON")).expect("a source");
        let mut holdings = self.treasury.sync(&source, &request);
        holdings.coins.retain(|coin| usable(coin));
        let treasury = holdings.treasury(network, descriptor);
        prepare(secp, &request, &treasury, &Settings::default(), None).expect("a job that can be prepared")
    }

    /// Reviews PSET bytes without policy and journal, as the preparer does.
    pub fn review(&self, pset: &[u8]) -> Review {
        self.review_under(pset, &JournalState::default())
    }

    /// Reviews PSET bytes as the signer does.
    pub fn review_under(&self, pset: &[u8], journal: &JournalState) -> Review {
        self.review_with(pset, journal, ReviewOptions::default())
    }

    /// Reviews PSET bytes with options.
    pub fn review_with(&self, pset: &[u8], journal: &JournalState, options: ReviewOptions<'_>) -> Review {
        let pset = UnsignedPset::read(pset).expect("a PSET");
        let Treasury { secp, network, descriptor, .. } = self.treasury;
        review(secp, network, descriptor, &pset, journal, options)
    }

    /// Signs PSET bytes, approving whatever passes the review. Each transaction is entry 0 of a journal of its own.
    pub fn sign(&self, pset: &[u8]) -> SignedFile {
        self.sign_with(pset, ReviewOptions::default())
    }

    /// The same with options, such as a fee cap.
    pub fn sign_with(&self, pset: &[u8], options: ReviewOptions<'_>) -> SignedFile {
        let secp = &self.treasury.secp;
        let approved = self.approved(pset, options);
        let signed = sign(secp, approved, &self.treasury.signing_key()).expect("a signature");
        let txid = signed.facts().txid;
        let mut id = [0; 16];
        id.copy_from_slice(&txid.to_byte_array()[..16]);
        let recorded = Recorded::on_disk(txid, JournalPosition { id, ..JournalPosition::default() });
        signed.release(recorded).expect("the transaction recorded")
    }
    /// The same, whatever number of keys must sign: the parts of as many are combined.
    pub fn sign_with_all_keys(&self, pset: &[u8]) -> SignedFile {
        let threshold = self.treasury.descriptor.threshold();
        if threshold == 1 {
            return self.sign(pset);
        }
        let keys = self.treasury.signing_keys();
        let part = |(number, key)| Part::Signatures(self.part(pset, key, number));
        let parts: Vec<Part> = (1..).zip(keys.iter().take(threshold)).map(part).collect();
        let review = self.review(pset);
        combine(&self.treasury.secp, review.checked().expect("a checked PSET"), &parts)
            .expect("a signed file")
    }

    /// A PSET with the fields that blinding adds, as `prepare --blinded` writes it, in base64.
    pub fn blinded(&self, pset: &str) -> String {
        let review = self.review(pset.as_bytes());
        let refused = format!("refused: {:#?}", review.mismatches);
        let checked = review.checked().expect(&refused);
        blinded_pset(&self.treasury.secp, checked, pset.as_bytes()).expect("a blinded PSET")
    }

    /// The signatures of one key alone, recorded as an entry of a journal whose id and head are made of its number.
    pub fn part(&self, pset: &[u8], key: &SigningKey, number: u8) -> SignatureSet {
        let approved = self.approved(pset, ReviewOptions::default());
        let signed = sign_part(&self.treasury.secp, approved, key).expect("signatures");
        let position = JournalPosition { id: [number; 16], number: number.into(), head: [number; 32] };
        let recorded = Recorded::on_disk(signed.facts().txid, position);
        signed.release(recorded).expect("the transaction recorded")
    }

    /// Approves whatever passes the review.
    fn approved(&self, pset: &[u8], options: ReviewOptions<'_>) -> ApprovedPset {
        let review = self.review_with(pset, &JournalState::default(), options);
        let refused = format!("refused: {:#?}", review.mismatches);
        let judged = review.into_judged().expect(&refused);
        let code = judged.checked().approval_code().to_string();
        judged.approve(&self.treasury.secp, Approval::Code(&code)).expect("its own code")
    }
}
