//! The document from the chain's coins, the reservations and AMP's answers.

use std::collections::{BTreeMap, BTreeSet};

use coldamp_core::Secp;
use coldamp_core::code::Code;
use coldamp_core::elements::{AssetId, OutPoint, Txid};
use coldamp_core::listed::CoinName;
use coldamp_core::network::Network;
use coldamp_core::prepare::Treasury;
use coldamp_core::treasury::{CtDescriptor, DescriptorError, KeyPath, Utxo};
use coldamp_core::units::AssetAmount;

use super::compare::{Compared, compare};
use super::jobs::jobs;
use super::{
    AmpAnswers, AmpDocument, AssetDocument, AtAmp, CoinDocument, CoinState, FORMAT, FarRange, Kind,
    ReservationDocument, Searched, TokenDocument, Total, TreasuryDocument,
};
use crate::pace::Watch;
use crate::source::Source;
use crate::state::coin_cache::CoinCache;
use crate::state::reservations::{OpenReservation, Reservations};
use crate::sync::{Holdings, Opened, SyncError};

/// What is looked at.
#[derive(Clone, Copy)]
pub struct Look<'a> {
    /// The curve's context.
    pub secp: &'a Secp,
    /// The network of the treasury.
    pub network: &'a Network,
    /// The descriptor of the treasury.
    pub descriptor: &'a CtDescriptor,
    /// The coins and addresses that prepared requests have reserved.
    pub record: &'a Reservations,
    /// The asset that the operator names.
    pub asset: Option<AssetId>,
    /// The transaction that issued it, if the operator names it.
    pub issuance_tx: Option<Txid>,
    /// What AMP says; none where it is not asked.
    pub amp: Option<&'a AmpAnswers>,
}

/// Why the treasury cannot be shown.
#[derive(Debug, thiserror::Error)]
pub enum OverviewError<E: std::error::Error + 'static> {
    /// The treasury cannot be read from the chain source.
    #[error(transparent)]
    Sync(#[from] SyncError<E>),
    /// A script cannot be derived.
    #[error(transparent)]
    Descriptor(#[from] DescriptorError),
    /// AMP names another asset than the operator.
    #[error("AMP says that {uuid} is asset {found}, expected {expected}")]
    OtherAsset {
        /// AMP's UUID of the asset.
        uuid: String,
        /// The asset id that AMP names.
        found: AssetId,
        /// The asset id that the operator names.
        expected: AssetId,
    },
}

impl<E: std::error::Error + 'static> OverviewError<E> {
    /// Its code. `of_source` gives it for an error of the source.
    pub fn code(&self, of_source: impl Fn(&E) -> Code) -> Code {
        match self {
            OverviewError::Sync(SyncError::Source(error)) => of_source(error),
            OverviewError::Sync(error) => error.code(),
            OverviewError::Descriptor(error) => error.code(),
            OverviewError::OtherAsset { .. } => Code::AmpDiffers,
        }
    }
}

/// A coin with what is known of it.
pub(super) struct Coin<'a> {
    pub(super) outpoint: OutPoint,
    pub(super) path: KeyPath,
    pub(super) state: CoinState,
    /// None where it cannot be opened.
    pub(super) opened: Option<&'a Utxo>,
}

impl Look<'_> {
    /// Reads the treasury from a chain source, and compares it with AMP's answers.
    ///
    /// # Errors
    /// When the source fails, the named issuance transaction is missing or issues another asset, or AMP names another asset
    /// than the operator.
    pub async fn document<S: Source>(
        &self,
        source: &S,
        cache: &mut dyn CoinCache,
        watch: &dyn Watch,
    ) -> Result<TreasuryDocument, OverviewError<S::Error>> {
        let asset = self.asset.or(self.amp.map(|amp| amp.asset));
        if let (Some(expected), Some(AmpAnswers { uuid, asset: found, .. })) = (self.asset, self.amp)
            && *found != expected
        {
            return Err(OverviewError::OtherAsset { uuid: uuid.to_string(), found: *found, expected });
        }
        let named = (asset, self.issuance_tx);
        let holdings = Holdings::look(self.secp, self.descriptor, source, named, cache, watch).await?;
        let waiting = holdings.open_unconfirmed(self.secp, self.descriptor, source).await?;
        Ok(self.of(asset, &holdings, &waiting)?)
    }

    fn of(
        &self,
        asset: Option<AssetId>,
        holdings: &Holdings,
        waiting: &Opened,
    ) -> Result<TreasuryDocument, DescriptorError> {
        let claimed_token = self.amp.and_then(|amp| amp.facts.token);
        let is_token = |held: AssetId| match holdings.token_ids() {
            Some(ids) => ids.kind_of_token(held).is_some(),
            None => claimed_token == Some(held),
        };
        let kind_of = |held: AssetId| match held {
            _ if Some(held) == asset => Kind::Asset,
            _ if held == self.network.policy_asset() => Kind::Lbtc,
            _ if is_token(held) => Kind::Token,
            _ => Kind::Other,
        };
        let coins = all_coins(holdings, waiting);
        let unspent: BTreeSet<OutPoint> = coins.iter().map(|coin| coin.outpoint).collect();
        let open = self.record.open(&unspent);
        let compared = match (self.amp, asset) {
            (Some(amp), Some(asset)) => Some(compare(self, amp, asset, &coins, holdings)?),
            _ => None,
        };
        let reserved_by: BTreeMap<OutPoint, &OpenReservation> =
            open.iter().flat_map(|open| open.coins.iter().map(move |coin| (*coin, open))).collect();

        let mut totals: BTreeMap<(Kind, AssetId), AssetDocument> = BTreeMap::new();
        let named = asset.map(|asset| (Kind::Asset, asset));
        for (kind, id) in named.into_iter().chain([(Kind::Lbtc, self.network.policy_asset())]) {
            totals.insert((kind, id), AssetDocument::empty(kind, id));
        }
        for coin in &coins {
            let Some(opened) = coin.opened else { continue };
            let (id, amount) = (opened.asset(), opened.amount());
            let kind = kind_of(id);
            let total = totals.entry((kind, id)).or_insert_with(|| AssetDocument::empty(kind, id));
            match coin.state {
                CoinState::Confirmed => total.confirmed.add(amount),
                CoinState::Waiting => total.waiting.add(amount),
                CoinState::Unopened => {}
            }
            if coin.state == CoinState::Confirmed && reserved_by.contains_key(&coin.outpoint) {
                total.reserved.add(amount);
            }
        }
        let token = totals.keys().find(|(kind, _)| *kind == Kind::Token).map(|(_, id)| *id);
        let token = token.or(claimed_token).map(|id| TokenDocument {
            id: id.to_string(),
            is_proven: holdings.token_ids().is_some_and(|ids| ids.kind_of_token(id).is_some()),
        });
        let mut rows: Vec<CoinDocument> = coins
            .iter()
            .map(|coin| CoinDocument {
                txid: coin.outpoint.txid.to_string(),
                vout: coin.outpoint.vout,
                path: coin.path.to_string(),
                asset: coin.opened.map(|opened| opened.asset().to_string()),
                kind: coin.opened.map(|opened| kind_of(opened.asset())),
                amount: coin.opened.map(Utxo::amount),
                state: coin.state,
                is_blinded: coin.opened.map(Utxo::is_blinded),
                reserved_by: reserved_by.get(&coin.outpoint).map(|open| open.request.clone()),
                at_amp: compared.as_ref().and_then(|compared| at_amp(compared, coin.outpoint)),
            })
            .collect();
        rows.sort_by(|one, other| one.order().cmp(&other.order()));
        let free: Vec<Utxo> =
            holdings.coins.iter().filter(|coin| !reserved_by.contains_key(&coin.outpoint)).cloned().collect();
        let treasury = Treasury { coins: &free, ..holdings.treasury(self.network, self.descriptor) };
        let (amp, findings) = match compared {
            Some(Compared { document, findings, .. }) => (Some(document), Some(findings)),
            None => (None, None),
        };
        Ok(TreasuryDocument {
            format: FORMAT,
            network: self.network.chain().name(),
            policy_asset: self.network.policy_asset().to_string(),
            asset: asset.map(|asset| asset.to_string()),
            asset_by_amp: asset.is_some() && self.asset.is_none(),
            token,
            searched: searched(holdings),
            not_counted: not_counted(holdings, waiting),
            assets: totals.into_values().collect(),
            coins: rows,
            reservations: open.iter().map(reservation).collect(),
            jobs: asset.map(|asset| jobs(self.secp, &treasury, asset)),
            amp,
            findings,
        })
    }
}

impl AssetDocument {
    fn empty(kind: Kind, id: AssetId) -> Self {
        let (confirmed, waiting, reserved) = (Total::NONE, Total::NONE, Total::NONE);
        AssetDocument { id: id.to_string(), kind, confirmed, waiting, reserved }
    }
}

impl CoinDocument {
    /// By asset in the order of the document, then by outpoint; what cannot be opened comes last.
    fn order(&self) -> (bool, Option<Kind>, Option<&str>, &str, u32) {
        (self.asset.is_none(), self.kind, self.asset.as_deref(), &self.txid, self.vout)
    }
}

fn all_coins<'a>(holdings: &'a Holdings, waiting: &'a Opened) -> Vec<Coin<'a>> {
    let opened = |coin: &'a Utxo, state| Coin {
        outpoint: coin.outpoint,
        path: coin.own.path,
        state,
        opened: Some(coin),
    };
    let mut all: Vec<Coin<'a>> = Vec::new();
    all.extend(holdings.coins.iter().map(|coin| opened(coin, CoinState::Confirmed)));
    all.extend(waiting.coins.iter().map(|coin| opened(coin, CoinState::Waiting)));
    all.extend(holdings.unopened.iter().chain(&waiting.unopened).map(|coin| Coin {
        outpoint: coin.outpoint,
        path: coin.path(),
        state: CoinState::Unopened,
        opened: None,
    }));
    all
}

/// What AMP has of a coin of the asset or its token.
fn at_amp(compared: &Compared, outpoint: OutPoint) -> Option<AtAmp> {
    compared.coins.get(&outpoint).copied()
}

fn searched(holdings: &Holdings) -> Searched {
    let scanned = &holdings.scanned;
    Searched {
        to: scanned.near.to,
        far: scanned.far.map(|far| FarRange { from: far.from, to: far.to }),
        words: scanned.to_string(),
        used_cache: scanned.used_cache(),
    }
}

/// What the amounts leave out: outputs that cannot be opened, and scripts that the source does not list whole.
fn not_counted(holdings: &Holdings, waiting: &Opened) -> Vec<String> {
    let unopened = holdings.unopened.iter().chain(&waiting.unopened);
    let unopened =
        unopened.map(|coin| format!("output {} is not counted: {}", CoinName(coin.outpoint), coin.error));
    holdings.partial_scripts.iter().map(ToString::to_string).chain(unopened).collect()
}

fn reservation(open: &OpenReservation) -> ReservationDocument {
    let coins = open.coins.iter().map(|coin| CoinName(*coin).to_string()).collect();
    ReservationDocument { id: open.request.clone(), what: open.what.clone(), coins }
}

/// The sum of AMP's outputs, for [`AmpDocument`].
pub(super) fn total(amounts: impl Iterator<Item = Option<AssetAmount>>) -> Total {
    let mut total = Total::NONE;
    for amount in amounts {
        match amount {
            Some(amount) => total.add(amount),
            None => total = Total { coins: total.coins.saturating_add(1), amount: None },
        }
    }
    total
}

impl AmpDocument {
    /// Outputs as text.
    pub(super) fn names<'a>(outputs: impl IntoIterator<Item = &'a OutPoint>) -> Vec<String> {
        outputs.into_iter().map(|outpoint| CoinName(*outpoint).to_string()).collect()
    }
}
