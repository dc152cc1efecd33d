//! An Esplora server as chain source (Blockstream's API, its Elements flavour): no account, nothing imported.
//!
//! The treasury's scripts are asked for one by one ([`scan`]), many at a time, up to a gap above the last one used. The
//! server learns which scripts belong together, and is believed in which outputs are unspent; it is sent nothing secret.

mod scan;

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

use super::{Chain, NewestBlock, Place, SendError, Source, Spending, Survey};
use crate::http::{Answer, Http, HttpError, Question};
use crate::pace::{Pause, Watch};

/// Requests under way at a time. Public servers answer 429 to many more.
pub const CONCURRENCY: usize = 8;

/// Bytes that an answer may have: a transaction of 4 MB as JSON. As many answers as [`CONCURRENCY`] are in memory at once.
const MAX_ANSWER_BYTES: usize = 16 * 1024 * 1024;

/// How often something that only reads is asked again before its failure counts.
const TRIES: u32 = 5;

/// The first pause between two tries; each one is twice as long as the one before.
const FIRST_PAUSE: Duration = Duration::from_secs(1);

/// The longest pause that a server may ask for.
const LONGEST_PAUSE: u64 = 120;

/// The API of the public server that most wallets of a network ask (Blockstream's); a private chain has none.
pub fn public_server(chain: ChainName) -> Option<&'static str> {
    match chain {
        ChainName::Liquid => Some("https://blockstream.info/liquid/api"),
        ChainName::LiquidTestnet => Some("https://blockstream.info/liquidtestnet/api"),
        ChainName::Regtest => None,
    }
}

/// An Esplora server.
#[derive(Debug)]
pub struct Esplora<P> {
    http: Http,
    root: String,
    pause: P,
    known: UnusedIndices,
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

impl<P: Pause> Esplora<P> {
    /// A server by its API's root, with what is known of used indices besides the chain.
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
        Ok(Esplora { http, root: root.trim_end_matches('/').to_owned(), pause, known })
    }

    /// Asks for something that only reads, again after a pause where the server is busy or the line broke.
    async fn get(&self, path: &str) -> Result<Answer, EsploraError> {
        let url = format!("{}{path}", self.root);
        let mut pause = FIRST_PAUSE;
        let mut tries = 1;
        loop {
            let answer = self.http.ask(Question { most: MAX_ANSWER_BYTES, ..Question::get(&url) }).await;
            let wait = match &answer {
                Ok(Answer { status: 429 | 502..=504, retry_after, .. }) => {
                    retry_after.map_or(pause, |seconds| Duration::from_secs(seconds.min(LONGEST_PAUSE)))
                }
                Ok(_) | Err(HttpError::Client { .. } | HttpError::TooLarge { .. }) => pause,
                Err(HttpError::Unreachable { .. } | HttpError::Lost { .. }) => pause,
            };
            let worth_another = match &answer {
                Ok(answer) => matches!(answer.status, 429 | 502..=504),
                Err(error) => matches!(error, HttpError::Unreachable { .. } | HttpError::Lost { .. }),
            };
            if !worth_another || tries == TRIES {
                return answer.map_err(|source| EsploraError::Http { path: path.to_owned(), source });
            }
            self.pause.pause(wait).await;
            pause = pause.saturating_mul(2);
            tries = tries.saturating_add(1);
        }
    }

    /// The same, for what must be there.
    async fn found(&self, path: &str) -> Result<Vec<u8>, EsploraError> {
        let answer = self.get(path).await?;
        match answer.status {
            200 => Ok(answer.body),
            _ => Err(refused(path, &answer)),
        }
    }

    async fn json<T: DeserializeOwned>(&self, path: &str) -> Result<T, EsploraError> {
        parsed(path, &self.found(path).await?)
    }

    /// Whether the server knows a transaction. Its own trouble is no answer to that.
    async fn has(&self, txid: Txid) -> Result<bool, EsploraError> {
        let path = format!("/tx/{txid}");
        let answer = self.get(&path).await?;
        match answer.status {
            200 => Ok(true),
            404 => Ok(false),
            _ => Err(refused(&path, &answer)),
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
            _ => return Err(refused(&path, &answer)),
        }
        let Registered { contract } = parsed(&path, &answer.body)?;
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
        Ok(NewestBlock { height, time: timestamp, catching_up_to: None })
    }

    async fn tip(&self) -> Result<u32, EsploraError> {
        let path = "/blocks/tip/height";
        let body = self.found(path).await?;
        let height = std::str::from_utf8(&body).ok().and_then(|text| text.trim().parse().ok());
        height.ok_or_else(|| unlike(path, "no height"))
    }
}

fn refused(path: &str, answer: &Answer) -> EsploraError {
    EsploraError::Status { path: path.to_owned(), status: answer.status, words: answer.words() }
}

fn unlike(path: &str, reason: &str) -> EsploraError {
    EsploraError::Answer { path: path.to_owned(), reason: reason.to_owned() }
}

fn parsed<T: DeserializeOwned>(path: &str, body: &[u8]) -> Result<T, EsploraError> {
    // The library quotes what it met, and the server chose that.
    serde_json::from_slice(body)
        .map_err(|error| unlike(path, &error.to_string().chars().take(200).collect::<String>()))
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

    async fn transaction(&self, txid: Txid) -> Result<Option<Transaction>, Self::Error> {
        let path = format!("/tx/{txid}/raw");
        let answer = self.get(&path).await?;
        match answer.status {
            200 => {}
            404 => return Ok(None),
            _ => return Err(refused(&path, &answer)),
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
            _ => return Err(refused(&path, &answer)),
        }
        let asset: Asset = parsed(&path, &answer.body)?;
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
            .http
            .ask(Question::post(&url, "text/plain", hex.as_bytes()))
            .await
            .map_err(|source| SendError::Source(EsploraError::Http { path: path.to_owned(), source }))?;
        match answer.status {
            200 => Ok(()),
            // The node's refusal comes back as 400; anything else is the server's own trouble.
            400 => match answer.words() {
                known if is_known(&known) => Ok(()),
                reason => Err(SendError::Rejected { reason }),
            },
            _ => Err(SendError::Source(refused(path, &answer))),
        }
    }

    async fn place(&self, txid: Txid) -> Result<Place, Self::Error> {
        let path = format!("/tx/{txid}/status");
        let answer = self.get(&path).await?;
        match answer.status {
            200 => {}
            404 => return Ok(Place::Unknown),
            _ => return Err(refused(&path, &answer)),
        }
        let status: Status = parsed(&path, &answer.body)?;
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
            _ => return Err(refused(&path, &answer)),
        }
        let outspend: Outspend = parsed(&path, &answer.body)?;
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
