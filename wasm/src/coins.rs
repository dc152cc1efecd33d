//! The treasury's coins, and what can be prepared with them.

use std::rc::Rc;

use coldamp_core::code::Code;
use coldamp_core::elements::{AssetId, BlockHash, Txid};
use coldamp_core::network::Chain;
use coldamp_online::request::planned::Planner;
use coldamp_online::source;
use coldamp_online::source::NewestBlock;
use coldamp_online::source::ScanRange;
use coldamp_online::state::reservations::Reservations;
use coldamp_online::sync::{Holdings, SyncError};
use js_sys::Function;
use serde::Serialize;
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::call::in_call;
use crate::failure::Coded;
use crate::source::{Opened, Source, now};
use crate::treasury::Desk;
use crate::watch::Watching;
use crate::{Failure, Outlook, Prepared, Request, Settings, Treasury, read};

/// The treasury's coins, each decrypted with the view key, and the asset's issuance as far as it is proven.
#[wasm_bindgen]
pub struct Coins {
    pub(crate) desk: Rc<Desk>,
    pub(crate) asset: AssetId,
    pub(crate) holdings: Holdings,
    pub(crate) genesis: Option<BlockHash>,
    pub(crate) source: Opened,
    /// What is to be told of a source that is behind the chain.
    pub(crate) behind: Option<String>,
    /// The asset's contract as the chain source states it. It is checked before it is used.
    pub(crate) claimed_contract: Option<Vec<u8>>,
}

/// What can be shown of the coins.
#[derive(Serialize, Tsify)]
#[tsify(missing_as_null)]
pub struct CoinsView {
    /// Confirmed, unspent coins, by outpoint.
    pub coins: Vec<CoinView>,
    /// The sums by asset.
    pub assets: Vec<AssetView>,
    /// Outputs of the treasury's scripts that are left out, with the reason.
    pub left_out: Vec<String>,
    /// That the source is behind the chain, or may be: coins may be missing or spent.
    pub behind: Option<String>,
    /// The chain's genesis hash, if the source knows it.
    pub genesis: Option<String>,
}

/// A coin.
#[derive(Serialize, Tsify)]
pub struct CoinView {
    /// `txid:vout`.
    pub outpoint: String,
    /// Its path in the treasury, `branch/index`.
    pub path: String,
    /// The asset.
    pub asset: String,
    /// The amount, base units.
    pub amount: String,
    /// Whether asset and amount are hidden on chain.
    pub blinded: bool,
}

/// An asset that the treasury holds.
#[derive(Serialize, Tsify)]
pub struct AssetView {
    /// The asset.
    pub asset: String,
    /// What it is to the request's asset.
    #[tsify(type = "\"asset\" | \"token\" | \"policy asset\" | \"other\"")]
    pub role: String,
    /// Its sum, base units.
    pub amount: String,
    /// The number of coins.
    pub coins: usize,
}

#[wasm_bindgen]
impl Coins {
    /// Reads the treasury from a source, and the issuance of `asset` from `issuance_tx` or from the transaction that the source
    /// names. `record` has the reservations, as `Prepared.record()` gave it. If `watch` throws, the sync ends with CANCELLED;
    /// a later one does not decrypt the same coins again.
    ///
    /// # Errors
    /// Throws a Failure when the source cannot be read or has nothing of this treasury, or when the issuance is that of
    /// another asset.
    pub async fn sync(
        treasury: &Treasury,
        asset: &str,
        source: Ts<Source>,
        issuance_tx: Option<String>,
        record: Option<String>,
        #[wasm_bindgen(unchecked_param_type = "(progress: Progress) => void")] watch: Function,
    ) -> Result<Coins, Failure> {
        let asset = read::asset(asset)?;
        let issuance = issuance_tx.as_deref().map(read::txid).transpose()?;
        let record = read::record(record.as_deref())?;
        let source = source.to_rust().map_err(Failure::argument)?;
        let (known, reserved) = (record.next_unreserved(), record.reserved());
        let source = source.open(ScanRange { known, reserved, ..ScanRange::default() })?;
        let (desk, watch) = (Rc::clone(&treasury.desk), Watching::new(watch));
        let work = async {
            match &source {
                Opened::Esplora(source) => {
                    let (holdings, genesis) = read_holdings(&desk, source, asset, issuance, &watch).await?;
                    // A private chain makes blocks on demand.
                    let makes_blocks_by_itself = desk.network.chain() != Chain::Regtest;
                    let newest = source.newest_block().await;
                    let behind = NewestBlock::warning_of(newest, now(), makes_blocks_by_itself);
                    Ok((holdings, genesis, behind, source.claimed_contract(asset).await?))
                }
                Opened::Transactions(source) => {
                    let (holdings, genesis) = read_holdings(&desk, source, asset, issuance, &watch).await?;
                    Ok::<_, Failure>((holdings, genesis, None, None))
                }
            }
        };
        let (holdings, genesis, behind, claimed_contract) = in_call(watch.unless_stopped(work)).await?;
        Ok(Coins { desk, asset, holdings, genesis, source, behind, claimed_contract })
    }

    /// What can be shown of them.
    ///
    /// # Errors
    /// Throws a Failure when the coins of one asset add up to more than 2^64 base units, which no chain has.
    pub fn view(&self) -> Result<Ts<CoinsView>, Failure> {
        let assets = self.holdings.by_asset(&self.desk.network, self.asset);
        let overflow =
            || Failure::new(Code::Overflow, "the coins of one asset add up to more than 2^64 base units");
        let assets = assets.into_iter().map(|held| {
            Ok(AssetView {
                asset: held.asset.to_string(),
                role: held.role.name().to_owned(),
                amount: held.amount.ok_or_else(overflow)?.to_string(),
                coins: held.coins,
            })
        });
        let coins = self.holdings.coins.iter().map(|coin| CoinView {
            outpoint: read::place(coin.outpoint),
            path: coin.own.path.to_string(),
            asset: coin.asset().to_string(),
            amount: coin.amount().to_string(),
            blinded: coin.is_blinded(),
        });
        let view = CoinsView {
            coins: coins.collect(),
            assets: assets.collect::<Result<_, Failure>>()?,
            left_out: self.holdings.left_out(),
            behind: self.behind.clone(),
            genesis: self.genesis.map(|genesis| genesis.to_string()),
        };
        Ok(view.into_ts()?)
    }

    /// Makes the unsigned PSET of a request. If the settings name a transaction to replace, its coins are read from the source.
    ///
    /// # Errors
    /// Throws a Failure when the coins do not suffice, a file of the settings is invalid, or the signer's review would refuse
    /// the result.
    pub async fn prepare(
        &self,
        request: &Request,
        settings: Ts<Settings>,
        record: Option<String>,
    ) -> Result<Prepared, Failure> {
        let settings = Settings::read(&settings)?;
        let record = read::record(record.as_deref())?;
        in_call(Prepared::make(self, &request.request, settings, record)).await
    }

    /// Checks that the coins suffice for the next distribution, before AMP is asked to make it.
    ///
    /// # Errors
    /// Throws a Failure as `prepare` would.
    pub fn plan_distribution(&self, outlook: &Outlook, record: Option<String>) -> Result<(), Failure> {
        let record = read::record(record.as_deref())?;
        let planner = self.planner(&record);
        Ok(planner.distribution(outlook.asset, &outlook.outlook, &mut |_| ())?)
    }

    /// Checks that the coins suffice for a reissue of `amount` base units.
    ///
    /// # Errors
    /// Throws a Failure as `prepare` would.
    pub fn plan_reissue(&self, amount: &str, record: Option<String>) -> Result<(), Failure> {
        let amount = read::amount(amount)?;
        let record = read::record(record.as_deref())?;
        Ok(self.planner(&record).reissue(self.asset, amount, &mut |_| ())?)
    }

    /// Checks that the coins suffice for a burn of `amount` base units.
    ///
    /// # Errors
    /// Throws a Failure as `prepare` would.
    pub fn plan_burn(&self, amount: &str, record: Option<String>) -> Result<(), Failure> {
        let amount = read::amount(amount)?;
        let record = read::record(record.as_deref())?;
        Ok(self.planner(&record).burn(self.asset, amount, &mut |_| ())?)
    }
}

impl Coins {
    fn planner<'a>(&'a self, record: &'a Reservations) -> Planner<'a> {
        let Desk { secp, network, descriptor, .. } = &*self.desk;
        Planner { secp, network, descriptor, holdings: &self.holdings, record }
    }
}

/// Reads the coins. The genesis hash comes first: it is one request, so that a wrong address fails before a long scan.
async fn read_holdings<S: source::Source>(
    desk: &Desk,
    source: &S,
    asset: AssetId,
    issuance: Option<Txid>,
    watch: &Watching,
) -> Result<(Holdings, Option<BlockHash>), Failure>
where
    S::Error: Coded,
{
    let genesis = source.genesis().await.map_err(SyncError::Source)?;
    let mut cache = desk.coin_cache.clone();
    let Desk { secp, descriptor, .. } = desk;
    let holdings = Holdings::sync(secp, descriptor, source, asset, issuance, &mut cache, watch).await?;
    Ok((holdings, genesis))
}
