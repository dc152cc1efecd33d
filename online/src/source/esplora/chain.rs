//! Blocks and transactions of an Esplora server, and sending a transaction to it.

use std::str::FromStr as _;

use coldamp_core::Secp;
use coldamp_core::elements::hex::DisplayHex as _;
use coldamp_core::elements::{AssetId, BlockHash, OutPoint, Transaction, Txid, encode};
use coldamp_core::treasury::CtDescriptor;
use serde::Deserialize;

use super::ask::{bad_answer, is_limit};
use super::{Esplora, EsploraError};
use crate::http::Question;
use crate::pace::{Pause, Watch};
use crate::source::scan_cache::Tip;
use crate::source::{Chain, NewestBlock, Place, SendError, Source, Spending, Survey, has_transaction};

/// Where a transaction is. Every list of transactions or outputs has it.
#[derive(Deserialize)]
pub(super) struct Status {
    pub(super) confirmed: bool,
    pub(super) block_height: Option<u32>,
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

pub(super) fn txid_of(path: &str, text: &str) -> Result<Txid, EsploraError> {
    Txid::from_str(text).map_err(|_| bad_answer(path, "invalid txid"))
}

impl<P: Pause> Esplora<P> {
    /// The server's newest block.
    ///
    /// # Errors
    /// When the server cannot be asked.
    pub async fn newest_block(&self) -> Result<NewestBlock, EsploraError> {
        let path = "/blocks/tip/hash";
        let body = self.found(path).await?;
        let hash = std::str::from_utf8(&body).ok().and_then(|text| BlockHash::from_str(text.trim()).ok());
        let hash = hash.ok_or_else(|| bad_answer(path, "invalid block hash"))?;
        let Block { height, timestamp } = self.json(&format!("/block/{hash}")).await?;
        *self.newest.borrow_mut() = Some(Tip { height, hash: hash.to_string() });
        Ok(NewestBlock { height, time: timestamp, catching_up_to: None })
    }

    /// The height of the newest block.
    pub(super) async fn tip(&self) -> Result<u32, EsploraError> {
        let path = "/blocks/tip/height";
        let body = self.found(path).await?;
        let height = std::str::from_utf8(&body).ok().and_then(|text| text.trim().parse().ok());
        height.ok_or_else(|| bad_answer(path, "invalid height"))
    }

    /// The hash of the block at a height. None if the chain is shorter.
    pub(super) async fn block_at(&self, height: u32) -> Result<Option<String>, EsploraError> {
        let path = format!("/block-height/{height}");
        let Some(body) = self.found_if_any(&path).await? else { return Ok(None) };
        let text = std::str::from_utf8(&body).unwrap_or_default().trim();
        let hash = BlockHash::from_str(text).map_err(|_| bad_answer(&path, "invalid block hash"))?;
        Ok(Some(hash.to_string()))
    }

    /// Whether the server knows a transaction. A failure of the server is an error and never a no.
    async fn has(&self, txid: Txid) -> Result<bool, EsploraError> {
        Ok(self.found_if_any(&format!("/tx/{txid}")).await?.is_some())
    }
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

    fn scan_all(&self) {
        self.all.set(true);
    }

    async fn transaction(&self, txid: Txid) -> Result<Option<Transaction>, Self::Error> {
        let path = format!("/tx/{txid}/raw");
        let Some(body) = self.found_if_any(&path).await? else { return Ok(None) };
        let decoded: Option<Transaction> = encode::deserialize(&body).ok();
        // The txid does not cover the range proofs. Opening the coin verifies them.
        let asked_for = decoded.filter(|transaction| transaction.txid() == txid);
        asked_for.map(Some).ok_or_else(|| bad_answer(&path, "the server sent another transaction"))
    }

    async fn claimed_issuance(&self, asset: AssetId) -> Result<Option<Txid>, Self::Error> {
        Ok(self.claims(asset).await?.issuance)
    }

    async fn genesis(&self) -> Result<Option<BlockHash>, Self::Error> {
        let path = "/block-height/0";
        let body = self.found(path).await?;
        let hash = std::str::from_utf8(&body).ok().and_then(|text| BlockHash::from_str(text.trim()).ok());
        hash.map(Some).ok_or_else(|| bad_answer(path, "invalid block hash"))
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
            // 400 carries the node's refusal. Any other status is a failure of the server.
            400 => match self.words(&answer) {
                words if has_transaction(&words) => Ok(()),
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
        let Some(body) = self.found_if_any(&path).await? else { return Ok(Place::Unknown) };
        let status: Status = self.parsed(&path, &body)?;
        if !status.confirmed {
            // Some servers also answer this for a transaction that they have never seen.
            return Ok(if self.has(txid).await? { Place::Mempool } else { Place::Unknown });
        }
        let height =
            status.block_height.ok_or_else(|| bad_answer(&path, "a confirmed transaction has no height"))?;
        // A server that is behind may name a tip below the block. The block itself counts as one confirmation.
        let confirmations = self.tip().await?.saturating_sub(height).saturating_add(1);
        Ok(Place::Block { height, confirmations })
    }

    async fn spending(&self, outpoint: OutPoint) -> Result<Spending, Self::Error> {
        let path = format!("/tx/{}/outspend/{}", outpoint.txid, outpoint.vout);
        let Some(body) = self.found_if_any(&path).await? else { return Ok(Spending::Gone) };
        let outspend: Outspend = self.parsed(&path, &body)?;
        match (outspend.spent, outspend.txid) {
            (false, _) => {
                // Some servers call an output unspent although they do not know its transaction.
                Ok(if self.has(outpoint.txid).await? { Spending::Unspent } else { Spending::Gone })
            }
            (true, Some(txid)) => Ok(Spending::By(txid_of(&path, &txid)?)),
            (true, None) => Ok(Spending::Gone),
        }
    }
}
