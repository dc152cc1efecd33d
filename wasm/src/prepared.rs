//! An unsigned PSET: prepared here, or read from a file that was handed over earlier.

use std::collections::BTreeMap;
use std::rc::Rc;

use coldamp_core::amp;
use coldamp_core::elements::Transaction;
use coldamp_core::prepare::{self, FeeBasis, Replaced};
use coldamp_core::pset::{UnsignedPset, pset_text};
use coldamp_core::sign::review::{JournalState, ReviewDocument};
use coldamp_core::units::FeeRate;
use coldamp_online::prepare::{Notice, prepare, replaced, review_prepared};
use coldamp_online::state::reservations::Reservations;
use coldamp_online::sync::Holdings;
use js_sys::Object;
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast as _, JsValue};

use crate::hints::HINTS;
use crate::source::Opened;
use crate::treasury::Desk;
use crate::{Coins, Failure, read, review};

/// The operator's settings. What is left out has the default of `coldamp-online prepare`.
#[derive(Default, Deserialize, Tsify)]
#[serde(default)]
pub struct Settings {
    /// The fee rate in sat per 1,000 virtual bytes. Nodes relay from 100 on.
    #[tsify(optional)]
    pub fee_rate: Option<u32>,
    /// The size that the fee is calculated on; by default `discounted` (ELIP-200).
    #[tsify(optional)]
    pub fee_basis: Option<FeeBasisName>,
    /// The asset's contract as JSON, in any layout.
    #[tsify(optional, type = "Uint8Array")]
    pub contract: Option<ByteBuf>,
    /// The signed.json of an earlier transaction. Only one of the two can confirm.
    #[tsify(optional, type = "Uint8Array")]
    pub replace: Option<ByteBuf>,
    /// signed.json files that open coins whose range proofs were swapped after signing.
    #[tsify(optional, type = "Uint8Array[]")]
    pub openings: Option<Vec<ByteBuf>>,
    /// Only if Blockstream support asked for it: a reissue may leave out listed token outputs that are not held.
    #[tsify(optional)]
    pub allow_missing_tokens: Option<bool>,
}

/// The size that a fee is calculated on.
#[derive(Clone, Copy, Deserialize, Tsify)]
#[serde(rename_all = "snake_case")]
pub enum FeeBasisName {
    /// The discounted virtual size of ELIP-200.
    Discounted,
    /// The full virtual size, for nodes that give no discount.
    Full,
}

/// A notice about how the PSET was prepared.
#[derive(Serialize, Tsify)]
pub struct NoticeView {
    /// The stable code.
    pub code: String,
    /// The message.
    pub message: String,
    /// What to do.
    pub hint: String,
}

/// An unsigned PSET.
#[wasm_bindgen]
pub struct Prepared {
    pub(crate) desk: Rc<Desk>,
    pub(crate) unsigned: UnsignedPset,
    pub(crate) allow_missing_tokens: bool,
    text: String,
    record: Option<String>,
    /// The highest address index that the chain shows as used; null for a PSET that was read.
    used_up_to: Option<u32>,
    notices: Vec<Notice>,
}

impl Settings {
    const NAMES: [&str; 6] =
        ["fee_rate", "fee_basis", "contract", "replace", "openings", "allow_missing_tokens"];

    /// Reads them. The deserializer looks up only the fields that it knows, so unknown names are refused here: a misspelt
    /// setting must not count as one that is left out.
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
            add_coins_of_replaced(coins, &earlier, &mut holdings).await?;
            replace = Some(Replaced::of(&earlier, network.policy_asset()));
        }
        let mut openings = BTreeMap::new();
        for file in settings.openings.iter().flatten() {
            openings.extend(read::signed(file)?.openings());
        }
        holdings.open_with(secp, &openings);
        let contract = match &settings.contract {
            Some(file) => Some(holdings.contract(request.asset, read::plain(file)?)?),
            // A contract of the source that cannot be proven is left out. The review then says that no ticker is proven.
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
        let mut notify = |notice| notices.push(notice);
        let made = prepare(secp, request, &treasury, &settings.into(), coins.genesis, &record, &mut notify)?;
        record.reserve_plan(request, &made.plan);
        Ok(Prepared {
            desk: Rc::clone(&coins.desk),
            unsigned: made.unsigned,
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

async fn add_coins_of_replaced(
    coins: &Coins,
    earlier: &Transaction,
    holdings: &mut Holdings,
) -> Result<(), Failure> {
    let Desk { secp, network, descriptor, .. } = &*coins.desk;
    match &coins.source {
        Opened::Esplora(source) => {
            replaced::add_coins_of_replaced(secp, network, descriptor, source, earlier, holdings).await?;
        }
        Opened::Transactions(source) => {
            replaced::add_coins_of_replaced(secp, network, descriptor, source, earlier, holdings).await?;
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
    /// The text of the file: the same bytes that `coldamp-online prepare` writes, with the line break at the end. A PSET that
    /// was read keeps its own text.
    #[must_use]
    pub fn pset(&self) -> String {
        self.text.clone()
    }

    /// The record of reservations, with this PSET's coins and addresses. The page keeps it and gives it to the next request.
    /// Null for a PSET that was read.
    #[must_use]
    pub fn record(&self) -> Option<String> {
        self.record.clone()
    }

    /// Notices about how it was prepared. The warnings of its review are in the review.
    ///
    /// # Errors
    /// Throws a Failure only if the serializer fails.
    pub fn notices(&self) -> Result<Vec<Ts<NoticeView>>, Failure> {
        let notices = self.notices.iter().map(|notice| {
            let (code, message) = (notice.code(), notice.to_string());
            Ok(NoticeView { code: code.to_string(), message, hint: HINTS.text(code).to_owned() }.into_ts()?)
        });
        notices.collect()
    }

    /// The signer's review of the PSET: what it does, from the PSET and the descriptor alone, compared with the request that it
    /// contains.
    ///
    /// # Errors
    /// Throws a Failure only if the serializer fails.
    #[wasm_bindgen(unchecked_return_type = "ReviewDocument")]
    pub fn review(&self) -> Result<JsValue, Failure> {
        let Desk { secp, network, descriptor, .. } = &*self.desk;
        let (allow_missing_tokens, used_up_to) = (self.allow_missing_tokens, self.used_up_to);
        let unsigned = &self.unsigned;
        let review = review_prepared(secp, network, descriptor, unsigned, allow_missing_tokens, used_up_to);
        // The page has neither policy nor journal.
        let journal = JournalState::default();
        review::object(ReviewDocument::of(network, descriptor, &review, &journal))
    }
}
