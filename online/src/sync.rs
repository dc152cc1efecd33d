//! The treasury's coins: its unspent outputs, each opened with the view key, and the proven issuance of the asset.

mod by_asset;
mod contract;
mod error;
mod left_out;

use std::collections::BTreeMap;

use coldamp_core::Secp;
use coldamp_core::elements::{AssetId, OutPoint, Script, Transaction, TxOut, Txid};
use coldamp_core::network::Network;
use coldamp_core::prepare::Treasury;
use coldamp_core::treasury::{
    Branch, CoinError, CtDescriptor, FreeIndices, IssuanceError, IssuanceIds, IssuanceKind, KeyPath, Opening,
    OwnScript, ScriptIndex, UsedIndices, Utxo, first_prevout_in, issuance_in,
};
use futures_util::StreamExt as _;
use futures_util::stream;

use crate::pace::{Progress, Unwatched, Watch};
use crate::source::{Found, PartialScript, Scanned, Source, Survey};
use crate::state::coin_cache::{CachedCoin, CoinCache, NoCoinCache};
use crate::state::reservations::Reservations;
pub use by_asset::{AssetRole, Held};
pub use contract::ContractFileError;
pub use error::SyncError;

/// Transactions requested at a time. As many are in memory at once.
const CONCURRENCY: usize = 8;

/// The most transactions whose outputs are opened together, on all threads. Each may pay the treasury several coins.
const OPENED_TOGETHER: usize = 256;

/// The treasury's coins and issuance, as the chain source shows them.
#[derive(Debug, Clone)]
pub struct Holdings {
    /// Confirmed, unspent coins, by outpoint.
    pub coins: Vec<Utxo>,
    /// Outputs of the treasury's scripts that cannot be opened, and why. They cannot be spent.
    pub unopened: Vec<UnopenedCoin>,
    /// Unspent outputs of the treasury that are not confirmed yet.
    pub unconfirmed: Vec<OutPoint>,
    /// Scripts of the treasury of which the source does not list all unspent outputs.
    pub partial_scripts: Vec<PartialScript>,
    /// How far the scan went.
    pub scanned: Scanned,
    waiting: Vec<Found>,
    scripts: ScriptIndex,
    free: FreeIndices,
    issuance: Option<(IssuanceIds, IssuanceKind)>,
    issuance_prevout: Option<OutPoint>,
}

/// An output of one of the treasury's scripts that its own range proof does not open.
#[derive(Debug, Clone)]
pub struct UnopenedCoin {
    /// The outpoint.
    pub outpoint: OutPoint,
    /// Why it cannot be opened.
    pub error: CoinError,
    output: TxOut,
    own: OwnScript,
}

impl UnopenedCoin {
    /// The path of its address.
    pub fn path(&self) -> KeyPath {
        self.own.path
    }
}

impl Holdings {
    /// Reads the treasury from a source, and the issuance of `asset` from the named transaction, or from one that the source
    /// finds.
    ///
    /// # Errors
    /// When the source fails, knows nothing of this treasury, or the named issuance transaction is missing or issues another asset.
    pub async fn sync<S: Source>(
        secp: &Secp,
        descriptor: &CtDescriptor,
        source: &S,
        asset: AssetId,
        issuance_txid: Option<Txid>,
        cache: &mut dyn CoinCache,
        watch: &dyn Watch,
    ) -> Result<Self, SyncError<S::Error>> {
        let survey = source.survey(secp, descriptor, watch).await.map_err(SyncError::Source)?;
        if survey.used.is_empty() {
            return Err(SyncError::NothingOurs {
                transactions: survey.transactions,
                origin: descriptor.origins(),
                scanned: survey.scanned,
            });
        }
        Self::of_survey(secp, descriptor, source, survey, (Some(asset), issuance_txid), cache, watch).await
    }

    /// Reads the treasury as [`Holdings::sync`] does, to be looked at: a treasury of which nothing is found is no failure, and
    /// an asset need not be named.
    ///
    /// # Errors
    /// When the source fails, or the named issuance transaction is missing or issues another asset.
    pub async fn look<S: Source>(
        secp: &Secp,
        descriptor: &CtDescriptor,
        source: &S,
        asset: (Option<AssetId>, Option<Txid>),
        cache: &mut dyn CoinCache,
        watch: &dyn Watch,
    ) -> Result<Self, SyncError<S::Error>> {
        let survey = source.survey(secp, descriptor, watch).await.map_err(SyncError::Source)?;
        Self::of_survey(secp, descriptor, source, survey, asset, cache, watch).await
    }

    /// Opens the coins of a survey, and proves the issuance of the asset.
    async fn of_survey<S: Source>(
        secp: &Secp,
        descriptor: &CtDescriptor,
        source: &S,
        survey: Survey,
        (asset, issuance_txid): (Option<AssetId>, Option<Txid>),
        cache: &mut dyn CoinCache,
        watch: &dyn Watch,
    ) -> Result<Self, SyncError<S::Error>> {
        let (mut proven, mut issuance_prevout) = (None, None);
        if let Some(asset) = asset {
            if let Some(issued) = token_of(&survey.issuing, asset) {
                return Err(SyncError::AssetIsToken { token: asset, asset: issued });
            }
            let named = issuing_transaction(source, asset, issuance_txid).await?;
            proven = issuance(&survey.issuing, named.as_ref(), asset)?;
            issuance_prevout = named
                .iter()
                .chain(&survey.issuing)
                .find_map(|transaction| first_prevout_in(transaction, asset));
        }
        let (confirmed, waiting): (Vec<Found>, Vec<Found>) =
            survey.coins.into_iter().partition(|found| found.height.is_some());
        let mut holdings = Holdings {
            coins: Vec::with_capacity(confirmed.len()),
            unopened: Vec::new(),
            unconfirmed: waiting.iter().map(|found| found.outpoint).collect(),
            partial_scripts: survey.partial_scripts,
            scanned: survey.scanned,
            waiting,
            scripts: survey.scripts,
            free: FreeIndices::besides(survey.used),
            issuance: proven,
            issuance_prevout,
        };
        let unknown = holdings.take_cached(secp, descriptor, confirmed, cache);
        let mut opened = Opened::default();
        let done = opened.open(secp, descriptor, source, unknown, cache, watch).await;
        holdings.coins.append(&mut opened.coins);
        holdings.unopened.append(&mut opened.unopened);
        done?;
        Utxo::sort(&mut holdings.coins);
        holdings.unopened.sort_by_key(|coin| coin.outpoint);
        Ok(holdings)
    }

    /// Opens the outputs that are not confirmed yet. They are not spent, and no cache keeps them.
    ///
    /// # Errors
    /// When the source fails.
    pub async fn open_unconfirmed<S: Source>(
        &self,
        secp: &Secp,
        descriptor: &CtDescriptor,
        source: &S,
    ) -> Result<Opened, SyncError<S::Error>> {
        let mut opened = Opened::default();
        let waiting = self.waiting.clone();
        opened.open(secp, descriptor, source, waiting, &mut NoCoinCache, &Unwatched).await?;
        Utxo::sort(&mut opened.coins);
        opened.unopened.sort_by_key(|coin| coin.outpoint);
        Ok(opened)
    }

    /// Takes the coins that are in the cache. Returns the others.
    fn take_cached(
        &mut self,
        secp: &Secp,
        descriptor: &CtDescriptor,
        found: Vec<Found>,
        cache: &mut dyn CoinCache,
    ) -> Vec<Found> {
        let cached: Vec<_> = found.iter().map(|found| (&found.own, cache.get(found.outpoint))).collect();
        // An opening of the cache is a claim: each is held against the coin's commitments.
        let coins = secp.threads().map(&cached, |(own, cached)| {
            cached.as_ref().and_then(|cached| cached.coin(secp, descriptor, own))
        });
        let mut unknown = Vec::new();
        for (found, coin) in found.into_iter().zip(coins) {
            match coin {
                Some(coin) if coin.outpoint == found.outpoint => self.coins.push(coin),
                Some(_) | None => unknown.push(found),
            }
        }
        unknown
    }

    /// Opens coins that their own range proofs do not open, with openings from elsewhere. Each opening must rebuild the coin's
    /// commitments.
    pub fn open_with(&mut self, secp: &Secp, openings: &BTreeMap<OutPoint, Opening>) {
        let unopened = std::mem::take(&mut self.unopened);
        for coin in unopened {
            let opened = openings.get(&coin.outpoint).and_then(|opening| {
                Utxo::open_with(secp, coin.outpoint, &coin.output, coin.own.clone(), opening).ok()
            });
            match opened {
                Some(opened) => self.coins.push(opened),
                None => self.unopened.push(coin),
            }
        }
        Utxo::sort(&mut self.coins);
    }

    /// The treasury as the planner takes it.
    pub fn treasury<'a>(&'a self, network: &'a Network, descriptor: &'a CtDescriptor) -> Treasury<'a> {
        Treasury {
            network,
            descriptor,
            coins: &self.coins,
            scripts: &self.scripts,
            free: &self.free,
            issuance: self.issuance,
            contract: None,
        }
    }

    /// The first address of the external branch that neither history nor reservations use.
    pub fn next_external(&self, record: &Reservations) -> KeyPath {
        self.free.reserved_for(UsedIndices::default(), &record.reserved()).next(Branch::External)
    }

    /// Whether a script is one of the treasury's, within the scanned range.
    pub fn owns(&self, script: &Script) -> bool {
        self.scripts.find(script).is_some()
    }

    /// Whether an asset is the reissuance token of the synced asset. False if its issuance is not known.
    pub fn is_token(&self, asset: AssetId) -> bool {
        self.issuance.is_some_and(|(ids, _)| ids.kind_of_token(asset).is_some())
    }

    /// The asset's ids as its issuance proves them. None if the issuance is not known.
    pub fn token_ids(&self) -> Option<&IssuanceIds> {
        self.issuance.as_ref().map(|(ids, _)| ids)
    }

    /// The coin that the asset's first issuance spent. A contract is proven with it. None if the first issuance is not known.
    pub fn issuance_prevout(&self) -> Option<OutPoint> {
        self.issuance_prevout
    }
}

/// Outputs of the treasury that were opened, and those that could not be.
#[derive(Debug, Clone, Default)]
pub struct Opened {
    /// What each holds.
    pub coins: Vec<Utxo>,
    /// Those that cannot be opened, and why.
    pub unopened: Vec<UnopenedCoin>,
}

impl Opened {
    /// Opens the coins. Of a transaction only the treasury's outputs are kept, so that few transactions are in memory at once.
    async fn open<S: Source>(
        &mut self,
        secp: &Secp,
        descriptor: &CtDescriptor,
        source: &S,
        found: Vec<Found>,
        cache: &mut dyn CoinCache,
        watch: &dyn Watch,
    ) -> Result<(), SyncError<S::Error>> {
        let total = found.len();
        let mut by_transaction: BTreeMap<Txid, Vec<Found>> = BTreeMap::new();
        for coin in found {
            by_transaction.entry(coin.outpoint.txid).or_default().push(coin);
        }
        let questions = by_transaction.into_iter().map(|(txid, coins)| async move {
            let at_hand = coins.iter().all(|coin| coin.output.is_some());
            let transaction = match at_hand {
                true => None,
                false => source.transaction(txid).await.map_err(SyncError::Source)?,
            };
            let outputs = coins.into_iter().map(|coin| FoundOutput::of(coin, transaction.as_ref()));
            outputs.collect::<Result<Vec<_>, _>>()
        });
        // What has arrived is opened together: rewinding takes longer than reading, and no coin depends on another.
        let mut answers = stream::iter(questions).buffer_unordered(CONCURRENCY).ready_chunks(OPENED_TOGETHER);
        let mut done = 0_usize;
        while let Some(answers) = answers.next().await {
            let mut failure = None;
            let mut outputs = Vec::new();
            for answer in answers {
                match answer {
                    Ok(more) => outputs.extend(more),
                    // What arrived before goes into the cache, so that the next sync continues there.
                    Err(error) => {
                        failure = Some(error);
                        break;
                    }
                }
            }
            let opened = secp.threads().map(&outputs, |FoundOutput { outpoint, own, output }| {
                Utxo::open(secp, descriptor, *outpoint, output, own.clone())
            });
            for (FoundOutput { outpoint, own, output }, opened) in outputs.into_iter().zip(opened) {
                match opened {
                    Ok(coin) => {
                        cache.put(&CachedCoin::of(&coin));
                        self.coins.push(coin);
                    }
                    Err(error) => self.unopened.push(UnopenedCoin { outpoint, error, output, own }),
                }
                done = done.saturating_add(1);
                watch.at(Progress::Coins { done, total });
            }
            if let Some(error) = failure {
                return Err(error);
            }
        }
        Ok(())
    }
}

/// An output of one of the treasury's scripts, not opened yet.
struct FoundOutput {
    outpoint: OutPoint,
    own: OwnScript,
    output: TxOut,
}

impl FoundOutput {
    /// The output that a source listed, from the listing or else from its transaction.
    fn of<E: std::error::Error>(
        found: Found,
        transaction: Option<&Transaction>,
    ) -> Result<Self, SyncError<E>> {
        let Found { outpoint, own, output, .. } = found;
        let output = output.or_else(|| output_of(transaction?, outpoint));
        let output = output.filter(|output| output.script_pubkey == own.script_pubkey);
        Ok(FoundOutput { outpoint, own, output: output.ok_or(SyncError::NoOutput { outpoint })? })
    }
}

fn output_of(transaction: &Transaction, outpoint: OutPoint) -> Option<TxOut> {
    let vout = usize::try_from(outpoint.vout).ok()?;
    transaction.output.get(vout).cloned()
}

/// The asset whose reissuance token `asset` is, by the issuances of the survey.
fn token_of(issuing: &[Transaction], asset: AssetId) -> Option<AssetId> {
    let inputs = issuing.iter().flat_map(|transaction| &transaction.input);
    let issued = inputs.filter(|input| input.has_issuance()).map(IssuanceIds::of_input);
    issued.filter(|ids| ids.kind_of_token(asset).is_some()).map(|ids| ids.asset).next()
}

/// The named issuance transaction, or the one that the source claims. A claimed one that issues another asset is ignored,
/// since the operator did not name it.
async fn issuing_transaction<S: Source>(
    source: &S,
    asset: AssetId,
    named: Option<Txid>,
) -> Result<Option<Transaction>, SyncError<S::Error>> {
    if let Some(txid) = named {
        let found = source.transaction(txid).await.map_err(SyncError::Source)?;
        return found.map(Some).ok_or(SyncError::IssuanceNotFound { txid });
    }
    let Some(claimed) = source.claimed_issuance(asset).await.map_err(SyncError::Source)? else {
        return Ok(None);
    };
    let found = source.transaction(claimed).await.map_err(SyncError::Source)?;
    Ok(found.filter(|transaction| issuance_in(transaction, asset).is_ok()))
}

/// The issuance from the named transaction, or from one of the survey that issues or reissues the asset. The ids are
/// recomputed and must equal `asset`, so both are proof.
fn issuance(
    issuing: &[Transaction],
    named: Option<&Transaction>,
    asset: AssetId,
) -> Result<Option<(IssuanceIds, IssuanceKind)>, IssuanceError> {
    match named {
        Some(transaction) => issuance_in(transaction, asset).map(Some),
        None => Ok(issuing.iter().find_map(|transaction| issuance_in(transaction, asset).ok())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::file::TransactionsFile;
    use coldamp_core::network::Chain;
    use futures_util::FutureExt as _;

    // The descriptor of scenarios/wpkh.
    const DESCRIPTOR: &str = "ct(slip77(9c8e4f05c7711a98c838be228bcb84924d4570ca53f35fa1c793e58841d47023),elwpkh([73c5da0a/84h/1h/0h]tpubDC8msFGeGuwnKG9Upg7DM2b4DaRqg3CUZa5g8v2SRQ6K4NSkxUgd7HsL2XVWbVm39yBA4LAxysQAm397zwQSQoQgewGiYZqrA9DsP4zbQ1M/<0;1>/*))";

    #[test]
    fn transactions_that_show_nothing_of_the_treasury_are_told_apart_from_an_empty_treasury() {
        let descriptor = CtDescriptor::parse(DESCRIPTOR, Chain::Regtest).unwrap();
        let asset = AssetId::from_byte_array([7; 32]);
        let file = TransactionsFile::parse(b"[]").unwrap();
        let secp = Secp::new();
        let synced = Holdings::sync(&secp, &descriptor, &file, asset, None, &mut NoCoinCache, &Unwatched)
            .now_or_never();
        let error = synced.unwrap().unwrap_err();
        assert_eq!(error.code().as_str(), "NOTHING_OURS");
        assert!(
            error.to_string().contains(
                "no output of the chain source belongs to the descriptor of key [73c5da0a/84h/1h/0h]"
            ),
            "{error}"
        );
    }
}
