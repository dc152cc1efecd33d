//! An Esplora server as chain source (Blockstream's API, its Elements flavour): no account, nothing imported.
//!
//! The treasury's scripts are asked for one by one ([`scan`]), many at a time, up to a gap above the last one used. The
//! server learns which scripts belong together, and is believed in which outputs are unspent; it is sent nothing secret.

mod history;
mod login;
mod scan;

use std::cell::{Cell, RefCell};
use std::fmt;
use std::str::FromStr as _;
use std::time::Duration;

use coldamp_core::Secp;
use coldamp_core::elements::hex::DisplayHex as _;
use coldamp_core::elements::{AssetId, BlockHash, OutPoint, Transaction, Txid, encode};
use coldamp_core::network::Chain as ChainName;
use coldamp_core::treasury::{CtDescriptor, DescriptorError, UnusedIndices};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use super::looks::{LookMemory, Looks, Tip};
use super::{Chain, NewestBlock, Place, Reach, SendError, Source, Spending, Survey};
use crate::http::{Answer, Http, HttpError, Question};
use crate::pace::{Pause, Rate, Turns, Watch};
use crate::secrets::Secrets;
use login::Login;
pub use login::{Credentials, TOKEN_SERVER};

/// Requests under way at a time. Public servers answer 429 to many more.
pub const CONCURRENCY: usize = 8;

/// Bytes that an answer may have: a transaction of 4 MB as JSON. As many answers as [`CONCURRENCY`] are in memory at once.
const MAX_ANSWER_BYTES: usize = 16 * 1024 * 1024;

/// How often something that only reads is asked again, where the line or a proxy breaks, before its failure counts.
const TRIES: u32 = 5;

/// The first pause between two tries; each one is twice as long as the one before.
const FIRST_PAUSE: Duration = Duration::from_secs(1);

/// The API of the public server that most wallets of a network ask (Blockstream's); a private chain has none.
pub fn public_server(chain: ChainName) -> Option<&'static str> {
    match chain {
        ChainName::Liquid => Some("https://blockstream.info/liquid/api"),
        ChainName::LiquidTestnet => Some("https://blockstream.info/liquidtestnet/api"),
        ChainName::Regtest => None,
    }
}

/// An Esplora server. Its Debug text leaves out the credentials.
pub struct Esplora<P> {
    http: Http,
    root: String,
    turns: Turns<P>,
    reach: Reach,
    all: Cell<bool>,
    memory: Option<RefCell<Box<dyn LookMemory>>>,
    login: Option<Box<Login>>,
    /// The highest block, where it was asked for already.
    newest: RefCell<Option<Tip>>,
}

/// Why an Esplora server could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EsploraError {
    /// No address of a server.
    #[error(
        "found no address of an Esplora server: {reason}; expected https://HOST/PATH or http://HOST:PORT/PATH"
    )]
    Address {
        /// What is wrong.
        reason: &'static str,
    },
    /// No answer.
    #[error("no answer from Esplora to {path}: {source}")]
    Http {
        /// What was asked.
        path: String,
        /// Why.
        source: HttpError,
    },
    /// It refuses to be asked so often, and goes on refusing.
    #[error("Esplora refuses more requests (status {status} to {path}){}", waits(*.retry_after))]
    Limited {
        /// What was asked.
        path: String,
        /// 429, or 503.
        status: u16,
        /// Seconds that the server asks to wait for, if it said so.
        retry_after: Option<u64>,
    },
    /// It refuses the credentials, or no token is to be had with them.
    #[error("the credentials for Esplora: {reason}")]
    Credentials {
        /// What was said.
        reason: String,
    },
    /// An answer that says no.
    #[error("Esplora answers {path} with status {status}: {words}")]
    Status {
        /// What was asked.
        path: String,
        /// The status.
        status: u16,
        /// The server's words.
        words: String,
    },
    /// An answer that is not what was asked for.
    #[error("Esplora's answer to {path} is not what it should be: {reason}")]
    Answer {
        /// What was asked.
        path: String,
        /// What is wrong.
        reason: String,
    },
    /// An index that cannot be derived.
    #[error(transparent)]
    Descriptor(#[from] DescriptorError),
}

impl EsploraError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            EsploraError::Address { .. } => "ESPLORA_ADDRESS",
            EsploraError::Http { .. } => "ESPLORA_UNREACHABLE",
            EsploraError::Limited { .. } => "ESPLORA_LIMITED",
            EsploraError::Credentials { .. } => "ESPLORA_CREDENTIALS",
            EsploraError::Status { .. } => "ESPLORA_REFUSED",
            EsploraError::Answer { .. } => "ESPLORA_ANSWER",
            EsploraError::Descriptor(error) => error.code(),
        }
    }
}

#[derive(Deserialize)]
struct Status {
    confirmed: bool,
    block_height: Option<u32>,
}

#[derive(Deserialize)]
struct Registered {
    contract: Option<Box<RawValue>>,
}

#[derive(Deserialize)]
struct Block {
    height: u32,
    timestamp: u64,
}

#[derive(Deserialize)]
struct Outspend {
    spent: bool,
    txid: Option<String>,
}

#[derive(Deserialize)]
struct Asset {
    issuance_txin: Option<IssuanceTxin>,
}

#[derive(Deserialize)]
struct IssuanceTxin {
    txid: String,
}

impl<P> fmt::Debug for Esplora<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Esplora").field("root", &self.root).finish_non_exhaustive()
    }
}

impl<P: Pause> Esplora<P> {
    /// A server by its API's root, with what is known of used indices besides the chain. One on this machine is not paced,
    /// any other at [`Rate::PUBLIC`].
    ///
    /// # Errors
    /// When it is no address.
    pub fn new(http: Http, root: &str, pause: P, known: UnusedIndices) -> Result<Self, EsploraError> {
        let bad = |reason| EsploraError::Address { reason };
        let url = reqwest::Url::parse(root).map_err(|_| bad("it is no address"))?;
        if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
            return Err(bad("it is not http or https"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(bad("it names a user"));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(bad("it has a query"));
        }
        let is_here = is_this_machine(&url) || url.host_str() == Some("localhost");
        let rate = (!is_here).then_some(Rate::PUBLIC);
        Ok(Esplora {
            http,
            root: root.trim_end_matches('/').to_owned(),
            turns: Turns::new(pause, rate),
            reach: Reach::known(known),
            all: Cell::new(false),
            memory: None,
            login: None,
            newest: RefCell::new(None),
        })
    }

    /// The same asked at a rate that somebody named.
    #[must_use]
    pub fn at_rate(self, rate: Rate) -> Self {
        let Esplora { turns, .. } = self;
        Esplora { turns: turns.at_rate(rate), ..self }
    }

    /// The same with a reach of one's own.
    #[must_use]
    pub fn reaching(self, reach: Reach) -> Self {
        Esplora { reach, ..self }
    }

    /// The same with a memory of what earlier surveys learnt.
    #[must_use]
    pub fn remembering(self, memory: Box<dyn LookMemory>) -> Self {
        Esplora { memory: Some(RefCell::new(memory)), ..self }
    }

    /// The same, logged in. The credentials go to this server, or to the token server that they name, and nowhere else.
    ///
    /// # Errors
    /// When they would go in the open, or are none.
    pub fn logged_in(self, credentials: Credentials) -> Result<Self, EsploraError> {
        let login = Login::new(&self.root, credentials)?;
        Ok(Esplora { login: Some(Box::new(login)), ..self })
    }

    /// The root of its API, without a slash at its end.
    pub fn root(&self) -> &str {
        &self.root
    }

    /// What the next survey looks at.
    fn reach(&self) -> Reach {
        Reach { all: self.reach.all || self.all.get(), ..self.reach.clone() }
    }

    /// What earlier surveys learnt; none where nobody remembers.
    fn recall(&self) -> Option<Looks> {
        let memory = self.memory.as_ref()?;
        Some(memory.borrow_mut().recall().unwrap_or_default())
    }

    fn keep(&self, looks: &Looks) {
        if let Some(memory) = &self.memory {
            memory.borrow_mut().keep(looks);
        }
    }

    /// Asks once, at its turn, with the credentials if there are any. A token that the server does not take any more is
    /// renewed once: whatever was refused with 401 was not carried out.
    ///
    /// # Errors
    /// When there is no answer, or the credentials do not do. A status of any other kind is an answer; one that says that too
    /// much was asked holds back what is asked after it.
    pub async fn pass_on(&self, question: Question<'_>) -> Result<Answer, EsploraError> {
        let turn = self.turns.take().await;
        let answer = self.authorized(question).await?;
        match is_limit(&answer) {
            // Whoever asked hears of it, and has to wait for the others' sake as well.
            true => drop(self.turns.refused(turn, answer.retry_after)),
            false => self.turns.answered(),
        }
        Ok(answer)
    }

    async fn authorized(&self, question: Question<'_>) -> Result<Answer, EsploraError> {
        let of = |source| EsploraError::Http { path: self.path_of(question.url), source };
        let Some(login) = &self.login else { return self.http.ask(question).await.map_err(of) };
        let mut token = login.token(&self.http, self.turns.clock()).await?;
        for is_last in [false, true] {
            let header = token.header();
            let answer =
                self.http.ask(Question { authorization: Some(&header), ..question }).await.map_err(of)?;
            if answer.status != 401 {
                return Ok(answer);
            }
            if is_last || !login.forget(&token) {
                break;
            }
            token = login.token(&self.http, self.turns.clock()).await?;
        }
        Err(EsploraError::Credentials { reason: "the server does not take them (status 401)".to_owned() })
    }

    fn path_of(&self, url: &str) -> String {
        url.strip_prefix(&self.root).unwrap_or_default().to_owned()
    }

    /// Asks for something that only reads, again after a pause where the server is busy or the line broke.
    async fn get(&self, path: &str) -> Result<Answer, EsploraError> {
        let url = format!("{}{path}", self.root);
        let mut pause = FIRST_PAUSE;
        let mut tries = 1;
        loop {
            let turn = self.turns.take().await;
            let answer = self.authorized(Question { most: MAX_ANSWER_BYTES, ..Question::get(&url) }).await;
            match &answer {
                Ok(limit) if is_limit(limit) => {
                    if self.turns.refused(turn, limit.retry_after) {
                        continue;
                    }
                    let (status, retry_after) = (limit.status, limit.retry_after);
                    return Err(EsploraError::Limited { path: path.to_owned(), status, retry_after });
                }
                Ok(Answer { status: 502 | 504, .. })
                | Err(EsploraError::Http {
                    source: HttpError::Unreachable { .. } | HttpError::Lost { .. },
                    ..
                }) if tries < TRIES => {}
                Ok(_) => {
                    self.turns.answered();
                    return answer;
                }
                Err(_) => return answer,
            }
            self.turns.clock().pause(pause).await;
            pause = pause.saturating_mul(2);
            tries = tries.saturating_add(1);
        }
    }

    /// What an answer of success says.
    fn read<T: DeserializeOwned>(&self, path: &str, answer: &Answer) -> Result<T, EsploraError> {
        match answer.status {
            200 => self.parsed(path, &answer.body),
            _ => Err(self.refused(path, answer)),
        }
    }

    fn parsed<T: DeserializeOwned>(&self, path: &str, body: &[u8]) -> Result<T, EsploraError> {
        // The library quotes what it met, and the server chose that.
        serde_json::from_slice(body).map_err(|error| {
            let reason = self.secrets().left_out_of_reason(&error.to_string(), body);
            unlike(path, &reason.chars().take(200).collect::<String>())
        })
    }

    /// The same, for what must be there.
    async fn found(&self, path: &str) -> Result<Vec<u8>, EsploraError> {
        let answer = self.get(path).await?;
        match answer.status {
            200 => Ok(answer.body),
            _ => Err(self.refused(path, &answer)),
        }
    }

    async fn json<T: DeserializeOwned>(&self, path: &str) -> Result<T, EsploraError> {
        self.parsed(path, &self.found(path).await?)
    }

    fn refused(&self, path: &str, answer: &Answer) -> EsploraError {
        let words = self.words(answer);
        EsploraError::Status { path: path.to_owned(), status: answer.status, words }
    }

    /// The server's words, without the credentials that they quote.
    fn words(&self, answer: &Answer) -> String {
        answer.words_without(&self.secrets())
    }

    /// The credentials, which are shown to nobody.
    fn secrets(&self) -> Secrets {
        self.login.as_ref().map(|login| login.secrets()).unwrap_or_default()
    }

    /// Whether the server knows a transaction. Its own trouble is no answer to that.
    async fn has(&self, txid: Txid) -> Result<bool, EsploraError> {
        let path = format!("/tx/{txid}");
        let answer = self.get(&path).await?;
        match answer.status {
            200 => Ok(true),
            404 => Ok(false),
            _ => Err(self.refused(&path, &answer)),
        }
    }

    /// The contract that the server has of an asset, as the asset registry keeps it: a claim, which whoever uses it proves
    /// against the asset's id ([`crate::sync::Holdings::contract`]). None where the asset is not registered.
    ///
    /// # Errors
    /// When the server cannot be asked, or answers something else.
    pub async fn claimed_contract(&self, asset: AssetId) -> Result<Option<Vec<u8>>, EsploraError> {
        let path = format!("/asset/{asset}");
        let answer = self.get(&path).await?;
        match answer.status {
            200 => {}
            404 => return Ok(None),
            _ => return Err(self.refused(&path, &answer)),
        }
        let Registered { contract } = self.parsed(&path, &answer.body)?;
        Ok(contract.map(|contract| contract.get().as_bytes().to_vec()))
    }

    /// The newest block that the server has.
    ///
    /// # Errors
    /// When the server cannot be asked.
    pub async fn newest_block(&self) -> Result<NewestBlock, EsploraError> {
        let path = "/blocks/tip/hash";
        let body = self.found(path).await?;
        let hash = std::str::from_utf8(&body).ok().and_then(|text| BlockHash::from_str(text.trim()).ok());
        let hash = hash.ok_or_else(|| unlike(path, "no hash"))?;
        let Block { height, timestamp } = self.json(&format!("/block/{hash}")).await?;
        *self.newest.borrow_mut() = Some(Tip { height, hash: hash.to_string() });
        Ok(NewestBlock { height, time: timestamp, catching_up_to: None })
    }

    async fn tip(&self) -> Result<u32, EsploraError> {
        let path = "/blocks/tip/height";
        let body = self.found(path).await?;
        let height = std::str::from_utf8(&body).ok().and_then(|text| text.trim().parse().ok());
        height.ok_or_else(|| unlike(path, "no height"))
    }

    /// The hash of the block at a height; none where the chain is not so long.
    async fn block_at(&self, height: u32) -> Result<Option<String>, EsploraError> {
        let path = format!("/block-height/{height}");
        let answer = self.get(&path).await?;
        match answer.status {
            200 => {
                let text = std::str::from_utf8(&answer.body).unwrap_or_default().trim();
                let hash = BlockHash::from_str(text).map_err(|_| unlike(&path, "no hash"))?;
                Ok(Some(hash.to_string()))
            }
            404 => Ok(None),
            _ => Err(self.refused(&path, &answer)),
        }
    }
}

/// Whether an answer says that too much is asked.
fn is_limit(answer: &Answer) -> bool {
    matches!(answer.status, 429 | 503)
}

fn waits(retry_after: Option<u64>) -> String {
    retry_after.map(|seconds| format!("; it asks to wait {seconds} seconds")).unwrap_or_default()
}

/// Whether an address is this machine's own, by its number: a name may lead anywhere.
fn is_this_machine(url: &reqwest::Url) -> bool {
    matches!(url.host_str(), Some("127.0.0.1" | "[::1]"))
}

fn unlike(path: &str, reason: &str) -> EsploraError {
    EsploraError::Answer { path: path.to_owned(), reason: reason.to_owned() }
}

fn txid_of(path: &str, text: &str) -> Result<Txid, EsploraError> {
    Txid::from_str(text).map_err(|_| unlike(path, "a txid that is none"))
}

impl<P: Pause> Source for Esplora<P> {
    type Error = EsploraError;

    async fn survey(
        &self,
        secp: &Secp,
        descriptor: &CtDescriptor,
        watch: &dyn Watch,
    ) -> Result<Survey, Self::Error> {
        self.scan(secp, descriptor, watch).await
    }

    fn look_at_all(&self) {
        self.all.set(true);
    }

    async fn transaction(&self, txid: Txid) -> Result<Option<Transaction>, Self::Error> {
        let path = format!("/tx/{txid}/raw");
        let answer = self.get(&path).await?;
        match answer.status {
            200 => {}
            404 => return Ok(None),
            _ => return Err(self.refused(&path, &answer)),
        }
        let decoded: Option<Transaction> = encode::deserialize(&answer.body).ok();
        // The txid does not cover the range proofs; those prove themselves when a coin is opened.
        let asked_for = decoded.filter(|transaction| transaction.txid() == txid);
        asked_for.map(Some).ok_or_else(|| unlike(&path, "another transaction than was asked for"))
    }

    async fn claimed_issuance(&self, asset: AssetId) -> Result<Option<Txid>, Self::Error> {
        let path = format!("/asset/{asset}");
        let answer = self.get(&path).await?;
        match answer.status {
            200 => {}
            404 => return Ok(None),
            _ => return Err(self.refused(&path, &answer)),
        }
        let asset: Asset = self.parsed(&path, &answer.body)?;
        asset.issuance_txin.map(|input| txid_of(&path, &input.txid)).transpose()
    }

    async fn genesis(&self) -> Result<Option<BlockHash>, Self::Error> {
        let path = "/block-height/0";
        let body = self.found(path).await?;
        let hash = std::str::from_utf8(&body).ok().and_then(|text| BlockHash::from_str(text.trim()).ok());
        hash.map(Some).ok_or_else(|| unlike(path, "no hash"))
    }

    async fn is_waiting(&self, txid: Txid) -> Result<bool, Self::Error> {
        Ok(self.place(txid).await? == Place::Mempool)
    }
}

impl<P: Pause> Chain for Esplora<P> {
    async fn send(&self, transaction: &Transaction) -> Result<(), SendError<Self::Error>> {
        let path = "/tx";
        let url = format!("{}{path}", self.root);
        let hex = encode::serialize(transaction).to_lower_hex_string();
        let answer = self
            .pass_on(Question::post(&url, "text/plain", hex.as_bytes()))
            .await
            .map_err(SendError::Source)?;
        match answer.status {
            200 => Ok(()),
            // The node's refusal comes back as 400; anything else is the server's own trouble.
            400 => match self.words(&answer) {
                known if is_known(&known) => Ok(()),
                reason => Err(SendError::Rejected { reason }),
            },
            status if is_limit(&answer) => {
                let retry_after = answer.retry_after;
                Err(SendError::Source(EsploraError::Limited { path: path.to_owned(), status, retry_after }))
            }
            _ => Err(SendError::Source(self.refused(path, &answer))),
        }
    }

    async fn place(&self, txid: Txid) -> Result<Place, Self::Error> {
        let path = format!("/tx/{txid}/status");
        let answer = self.get(&path).await?;
        match answer.status {
            200 => {}
            404 => return Ok(Place::Unknown),
            _ => return Err(self.refused(&path, &answer)),
        }
        let status: Status = self.parsed(&path, &answer.body)?;
        if !status.confirmed {
            // Some servers answer so for a transaction that they have never seen.
            return Ok(if self.has(txid).await? { Place::Mempool } else { Place::Unknown });
        }
        let height = status.block_height.ok_or_else(|| unlike(&path, "confirmed without a height"))?;
        // A tip below the block is one that the server has not caught up with: the block itself counts.
        let confirmations = self.tip().await?.saturating_sub(height).saturating_add(1);
        Ok(Place::Block { height, confirmations })
    }

    async fn spending(&self, outpoint: OutPoint) -> Result<Spending, Self::Error> {
        let path = format!("/tx/{}/outspend/{}", outpoint.txid, outpoint.vout);
        let answer = self.get(&path).await?;
        match answer.status {
            200 => {}
            404 => return Ok(Spending::Gone),
            _ => return Err(self.refused(&path, &answer)),
        }
        let outspend: Outspend = self.parsed(&path, &answer.body)?;
        match (outspend.spent, outspend.txid) {
            (false, _) => {
                // An output of a transaction that the server does not know is not unspent.
                Ok(if self.has(outpoint.txid).await? { Spending::Unspent } else { Spending::Gone })
            }
            (true, Some(txid)) => Ok(Spending::By(txid_of(&path, &txid)?)),
            (true, None) => Ok(Spending::Gone),
        }
    }
}

/// Whether a node's refusal says that it has the transaction (elements validation.cpp, node/transaction.cpp).
pub(super) fn is_known(reason: &str) -> bool {
    [
        "txn-already-in-mempool",
        "txn-already-known",
        "Transaction already in block chain",
        "already in utxo set",
    ]
    .iter()
    .any(|known| reason.contains(known))
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Never;

    impl Pause for Never {
        async fn pause(&self, _duration: Duration) {
            panic!("nothing is asked again in these tests");
        }

        fn elapsed(&self) -> Duration {
            Duration::ZERO
        }
    }

    fn esplora(root: &str) -> Result<Esplora<Never>, EsploraError> {
        Esplora::new(Http::new().unwrap(), root, Never, UnusedIndices::default())
    }

    #[test]
    fn an_address_is_http_or_https_without_credentials() {
        assert_eq!(
            esplora("https://example.org/liquid/api/").unwrap().root,
            "https://example.org/liquid/api"
        );
        assert!(esplora("http://127.0.0.1:3000").is_ok());
        assert_eq!(esplora("https://example.org/liquid/api").unwrap().turns.rate(), Some(Rate::PUBLIC));
        assert_eq!(esplora("http://127.0.0.1:3000").unwrap().turns.rate(), None);
        for root in ["ftp://example.org", "hello", "https://me:x@example.org", "https://example.org/?a=b"] {
            assert!(matches!(esplora(root), Err(EsploraError::Address { .. })), "{root}");
        }
    }

    #[test]
    fn a_transaction_that_the_node_has_counts_as_taken() {
        let said =
            r#"sendrawtransaction RPC error: {"code":-27,"message":"Transaction already in block chain"}"#;
        assert!(is_known(said) && is_known("-25 txn-already-in-mempool"));
        assert!(!is_known("txn-mempool-conflict") && !is_known("bad-txns-inputs-missingorspent"));
    }
}
