//! An unsigned PSET: made here, or handed over earlier and read again.

use std::collections::BTreeMap;
use std::rc::Rc;

use coldamp_core::amp;
use coldamp_core::elements::Transaction;
use coldamp_core::prepare::{self, FeeBasis, Replaced};
use coldamp_core::pset::{UnsignedPset, pset_text};
use coldamp_core::units::FeeRate;
use coldamp_online::prepare::{Notice, look, prepare, replaced};
use coldamp_online::state::reservations::Reservations;
use coldamp_online::sync::Holdings;
use js_sys::Object;
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;
use tsify::{Ts, Tsify};
use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::review::ReviewView;
use crate::source::Opened;
use crate::treasury::Desk;
use crate::{Coins, Failure, read};

/// What the operator chose; whatever is left out is as `coldamp-online prepare` has it.
#[derive(Default, Deserialize, Tsify)]
#[serde(default)]
pub struct Settings {
    /// Satoshi per 1,000 virtual bytes; nodes relay from 100 on.
    #[tsify(optional)]
    pub fee_rate: Option<u32>,
    /// The size that the fee rate is paid for: `discounted` (ELIP-200) where left out.
    #[tsify(optional)]
    pub fee_basis: Option<FeeBasisName>,
    /// The asset's contract, in any layout.
    #[tsify(optional, type = "Uint8Array")]
    pub contract: Option<ByteBuf>,
    /// signed.json of a transaction that must not confirm beside this one.
    #[tsify(optional, type = "Uint8Array")]
    pub replace: Option<ByteBuf>,
    /// signed.json files that open coins whose range proofs were swapped after signing.
    #[tsify(optional, type = "Uint8Array[]")]
    pub openings: Option<Vec<ByteBuf>>,
    /// Only if Blockstream support asked for it: a reissue may leave out listed token outputs that are not held.
    #[tsify(optional)]
    pub allow_missing_tokens: Option<bool>,
}

/// Which size a fee rate applies to.
#[derive(Clone, Copy, Deserialize, Tsify)]
#[serde(rename_all = "snake_case")]
pub enum FeeBasisName {
    /// ELIP-200.
    Discounted,
    /// For nodes that give no discount.
    Full,
}

/// Something to know about how it was prepared.
#[derive(Serialize, Tsify)]
pub struct NoticeView {
    /// Which.
    pub code: String,
    /// In words.
    pub message: String,
}

/// An unsigned PSET.
#[wasm_bindgen]
pub struct Prepared {
    pub(crate) desk: Rc<Desk>,
    pub(crate) unsigned: UnsignedPset,
    pub(crate) allow_missing_tokens: bool,
    text: String,
    record: Option<String>,
    /// How far the chain shows that addresses were used, of a PSET that was made here.
    used_up_to: Option<u32>,
    notices: Vec<Notice>,
}

impl Settings {
    const NAMES: [&str; 6] =
        ["fee_rate", "fee_basis", "contract", "replace", "openings", "allow_missing_tokens"];

    /// Reads them. The deserializer asks for the fields that it knows and never sees another: a setting that is misspelt
    /// must not pass for one that is left out.
    pub(crate) fn read(given: &Ts<Settings>) -> Result<Self, Failure> {
        let object = given.js_value();
        let object =
            object.dyn_ref::<Object>().ok_or_else(|| Failure::argument("settings: expected an object"))?;
        let keys = Object::keys(object);
        let mut names = keys.iter().filter_map(|key| key.as_string());
        match names.find(|name| !Self::NAMES.contains(&name.as_str())) {
            Some(key) => {
                Err(Failure::argument(format!("settings: found {key}, expected {}", Self::NAMES.join(", "))))
            }
            None => given.to_rust().map_err(Failure::argument),
        }
    }
}

impl Prepared {
    pub(crate) async fn make(
        coins: &Coins,
        request: &amp::Request,
        settings: Settings,
        mut record: Reservations,
    ) -> Result<Self, Failure> {
        if request.asset != coins.asset {
            let message =
                format!("the coins were read for asset {}, the request is of {}", coins.asset, request.asset);
            return Err(Failure::argument(message));
        }
        let Desk { secp, network, descriptor, .. } = &*coins.desk;
        let mut holdings = coins.holdings.clone();
        let mut replace = None;
        if let Some(file) = &settings.replace {
            let earlier = replaced::transaction(&read::signed(file)?, network)?;
            give_back(coins, &earlier, &mut holdings).await?;
            replace = Some(Replaced::of(&earlier, network.policy_asset()));
        }
        let mut openings = BTreeMap::new();
        for file in settings.openings.iter().flatten() {
            openings.extend(read::signed(file)?.openings());
        }
        holdings.open_with(secp, &openings);
        let contract = match &settings.contract {
            Some(file) => Some(holdings.contract(request.asset, read::plain(file)?)?),
            // What the source claims and cannot be proven is left out: the review then says that no ticker is proven.
            None => {
                let claimed = coins.claimed_contract.as_ref();
                claimed.and_then(|claimed| holdings.contract(request.asset, claimed).ok())
            }
        };
        let allow_missing_tokens = settings.allow_missing_tokens.unwrap_or_default();
        let default = prepare::Settings::default();
        let settings = prepare::Settings {
            fee_rate: settings
                .fee_rate
                .map_or(default.fee_rate, |rate| FeeRate::from_sat_per_kvb(rate.into())),
            fee_basis: settings.fee_basis.map_or(default.fee_basis, FeeBasis::from),
            allow_missing_tokens,
            replace,
        };
        let treasury =
            prepare::Treasury { contract: contract.as_ref(), ..holdings.treasury(network, descriptor) };
        let mut notices = Vec::new();
        let mut told = |notice| notices.push(notice);
        let made = prepare(secp, request, &treasury, &settings.into(), coins.genesis, &record, &mut told)?;
        record.reserve_plan(request, &made.plan);
        Ok(Prepared {
            desk: Rc::clone(&coins.desk),
            unsigned: UnsignedPset::read(made.pset.as_bytes())?,
            allow_missing_tokens,
            text: format!("{}\n", made.pset),
            record: Some(record.to_json().map_err(Failure::internal)?),
            used_up_to: Some(made.used_up_to),
            notices,
        })
    }

    pub(crate) fn read(desk: &Rc<Desk>, bytes: &[u8], allow_missing_tokens: bool) -> Result<Self, Failure> {
        let unsigned = UnsignedPset::read(read::plain(bytes)?)?;
        let text = pset_text(bytes);
        let desk = Rc::clone(desk);
        let (record, used_up_to, notices) = (None, None, Vec::new());
        Ok(Prepared { desk, unsigned, allow_missing_tokens, text, record, used_up_to, notices })
    }
}

async fn give_back(coins: &Coins, earlier: &Transaction, holdings: &mut Holdings) -> Result<(), Failure> {
    let Desk { secp, network, descriptor, .. } = &*coins.desk;
    let treasury = (network, descriptor);
    match &coins.source {
        Opened::Esplora(source) => replaced::give_back(secp, treasury, source, earlier, holdings).await?,
        Opened::Transactions(source) => {
            replaced::give_back(secp, treasury, source, earlier, holdings).await?
        }
    }
    Ok(())
}

impl From<FeeBasisName> for FeeBasis {
    fn from(name: FeeBasisName) -> Self {
        match name {
            FeeBasisName::Discounted => FeeBasis::Discounted,
            FeeBasisName::Full => FeeBasis::Full,
        }
    }
}

#[wasm_bindgen]
impl Prepared {
    /// The file: exactly the bytes that `coldamp-online prepare` writes, line break included; of a PSET that was read, its
    /// own text.
    #[must_use]
    pub fn pset(&self) -> String {
        self.text.clone()
    }

    /// What was promised, this PSET's coins and addresses included: for whoever keeps it, and for the next request. Null for
    /// a PSET that was read.
    #[must_use]
    pub fn record(&self) -> Option<String> {
        self.record.clone()
    }

    /// What should be known of how it was prepared. What its review warns of is in the review.
    ///
    /// # Errors
    /// Never for what a notice can hold; the serializer's error is passed on all the same.
    pub fn notices(&self) -> Result<Vec<Ts<NoticeView>>, Failure> {
        let notices = self.notices.iter().map(|notice| {
            Ok(NoticeView { code: notice.code().to_string(), message: notice.to_string() }.into_ts()?)
        });
        notices.collect()
    }

    /// What the PSET does, as the signer's review finds it: from the PSET and the descriptor alone, compared with the request
    /// that it carries.
    ///
    /// # Errors
    /// Never for what a review can hold; the serializer's error is passed on all the same.
    pub fn review(&self) -> Result<Ts<ReviewView>, Failure> {
        let Desk { secp, network, descriptor, .. } = &*self.desk;
        let (allow_missing_tokens, used_up_to) = (self.allow_missing_tokens, self.used_up_to);
        let review = look(secp, network, descriptor, &self.unsigned, allow_missing_tokens, used_up_to);
        Ok(ReviewView::of(network, &review).into_ts()?)
    }
}
