//! What the operator should know although no rule failed.

use super::asset::AssetKnowledge;
use super::check::Role;
use super::effects::Effects;
use super::reach::Reach;
use crate::amp::request::KNOWN_CLIENT_VERSION;
use crate::amp::{Job, Request};
use crate::limits::MAX_LISTED_OF_A_CODE;
use crate::listed::{CoinName, at_most_of_each};

/// Something to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// Which.
    pub code: WarningCode,
    /// In words.
    pub message: String,
}

/// The stable names of the warnings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum WarningCode {
    /// The issuer has set no policy for this asset.
    NoPolicy,
    /// Nothing knows what was signed before.
    NoJournal,
    /// The keystore was restored, and what its words signed before is in no journal.
    EarlierUnknown,
    /// The journal was restored from a backup, and what was signed after it is not known.
    LaterUnknown,
    /// This very transaction was signed before.
    SignedBefore,
    /// An earlier signing did much the same, and both can confirm.
    Alike,
    /// It spends an output of a transaction that was declared void.
    VoidConfirmed,
    /// A reissue leaves out token outputs that AMP lists, as the operator allowed.
    TokensLeftOut,
    /// No contract proves ticker and precision.
    TickerNotProven,
    /// The contract that proves the precision has no ticker.
    NoTicker,
    /// Nothing proves that the request's asset is not a reissuance token.
    MayBeToken,
    /// A coin's range proof does not open, and the opening in the PSET does.
    OpeningUsed,
    /// A scan may not find a coin or an own output.
    FarIndex,
    /// A recipient is paid explicitly.
    UnconfidentialRecipient,
    /// A recipient is ourselves.
    OwnRecipient,
    /// Top-level fields of the request that nothing here understands.
    NotUnderstood,
    /// AMP expects an older client.
    OldClientVersion,
}

impl WarningCode {
    /// The name as it stands in reports.
    pub fn name(self) -> &'static str {
        match self {
            WarningCode::NoPolicy => "NO_POLICY",
            WarningCode::NoJournal => "NO_JOURNAL",
            WarningCode::EarlierUnknown => "EARLIER_UNKNOWN",
            WarningCode::LaterUnknown => "LATER_UNKNOWN",
            WarningCode::SignedBefore => "SIGNED_BEFORE",
            WarningCode::Alike => "ALIKE",
            WarningCode::VoidConfirmed => "VOID_CONFIRMED",
            WarningCode::TokensLeftOut => "TOKENS_LEFT_OUT",
            WarningCode::TickerNotProven => "TICKER_NOT_PROVEN",
            WarningCode::NoTicker => "NO_TICKER",
            WarningCode::MayBeToken => "MAY_BE_TOKEN",
            WarningCode::OpeningUsed => "OPENING_USED",
            WarningCode::FarIndex => "FAR_INDEX",
            WarningCode::UnconfidentialRecipient => "UNCONFIDENTIAL_RECIPIENT",
            WarningCode::OwnRecipient => "OWN_RECIPIENT",
            WarningCode::NotUnderstood => "NOT_UNDERSTOOD",
            WarningCode::OldClientVersion => "OLD_CLIENT_VERSION",
        }
    }
}

impl WarningCode {
    /// It in a few words, for a summary of all of them; the message of a warning says it at length.
    pub fn in_short(self) -> &'static str {
        match self {
            WarningCode::NoPolicy => "no policy: no limits and no pinned ids",
            WarningCode::NoJournal => "no journal: earlier signings are unknown",
            WarningCode::EarlierUnknown => "restored: earlier signings are unknown",
            WarningCode::LaterUnknown => "from a backup: later signings are unknown",
            WarningCode::SignedBefore => "this very transaction was signed before",
            WarningCode::Alike => "an earlier signing did much the same",
            WarningCode::VoidConfirmed => "it spends an output of an entry declared void",
            WarningCode::TokensLeftOut => "listed token outputs are not spent",
            WarningCode::TickerNotProven => "ticker and precision are not proven",
            WarningCode::NoTicker => "the contract has no ticker: compare the asset id",
            WarningCode::MayBeToken => "the asset may be a reissuance token",
            WarningCode::OpeningUsed => "a coin is known by an opening, not its proof",
            WarningCode::UnconfidentialRecipient => "a recipient is paid in the open",
            WarningCode::FarIndex => "a coin or change lies far out of the used addresses",
            WarningCode::OwnRecipient => "a recipient is this treasury itself",
            WarningCode::NotUnderstood => "the request has fields that are not understood",
            WarningCode::OldClientVersion => "AMP expects an older client",
        }
    }
}

/// At most so many of each code as a screen bears, in their order; the last of a code says how many more there are.
pub(super) fn bounded(warnings: Vec<Warning>) -> Vec<Warning> {
    at_most_of_each(
        warnings,
        |warning| warning.code,
        |_| MAX_LISTED_OF_A_CODE,
        |last, more| {
            last.message.push_str(&format!(" (and {more} more like this)"));
        },
    )
}

pub(super) fn warnings(
    request: &Request,
    effects: &Effects,
    reach: Reach,
    roles: &[Option<Role>],
    asset: &AssetKnowledge,
) -> Vec<Warning> {
    let mut warnings = far_away(effects, reach);
    let mut warn = |code, message: String| warnings.push(Warning { code, message });
    if let Some(contract) = asset.contract().filter(|contract| contract.ticker().is_none()) {
        let message = format!(
            "the contract of asset {} has no ticker: compare the id; amounts have {} decimals, as the contract says",
            request.asset,
            contract.precision().decimals()
        );
        warn(WarningCode::NoTicker, message);
    }
    if asset.contract().is_none() {
        warn(
            WarningCode::TickerNotProven,
            format!(
                "ticker not proven: asset {} is known by its id alone; amounts are base units and base units / 10^8",
                request.asset
            ),
        );
    }
    // Without an entropy that leads to the asset, a forged request could name the token's own id as the asset's.
    if asset.ids().is_none() {
        warn(
            WarningCode::MayBeToken,
            format!(
                "nothing here proves that {} is not a REISSUANCE TOKEN: compare the id with your asset's on paper; without the token there is no power to reissue",
                request.asset
            ),
        );
    }
    for (index, input) in effects.inputs.iter().enumerate().filter(|(_, input)| input.opening_used) {
        let message = format!(
            "input {index}, {}: its range proof cannot be read with this treasury's view key; what it holds is known by the opening in the PSET, which rebuilds both commitments",
            CoinName(input.outpoint)
        );
        warn(WarningCode::OpeningUsed, message);
    }
    if let Job::Distribute { recipients, .. } = &request.job {
        for recipient in recipients.iter().filter(|recipient| recipient.address.blinding_pubkey.is_none()) {
            let message = format!(
                "{} is unconfidential: {} base units are paid in the open, and AMP shows such an output's blinders as missing",
                recipient.address, recipient.amount
            );
            warn(WarningCode::UnconfidentialRecipient, message);
        }
    }
    for (output, role) in effects.outputs.iter().zip(roles) {
        if let (Some(own), Some(Role::Recipient(_))) = (&output.own, role) {
            let message = format!("the recipient at our own path {} is this treasury itself", own.path);
            warn(WarningCode::OwnRecipient, message);
        }
    }
    if !request.not_understood.is_empty() {
        let message =
            format!("fields of the request that are not understood: {}", request.not_understood.join(", "));
        warn(WarningCode::NotUnderstood, message);
    }
    if request.client_version < KNOWN_CLIENT_VERSION {
        let message = format!(
            "AMP asks for client version {}; {KNOWN_CLIENT_VERSION} is known",
            request.client_version
        );
        warn(WarningCode::OldClientVersion, message);
    }
    warnings
}

/// Coins and own outputs far out.
fn far_away(effects: &Effects, reach: Reach) -> Vec<Warning> {
    let mut warnings = Vec::new();
    let mut warn = |message| warnings.push(Warning { code: WarningCode::FarIndex, message });
    for (index, output) in effects.outputs.iter().enumerate() {
        // An output above the limit is refused, and needs no warning.
        let told = |index| reach.is_far(index) && index <= reach.limit();
        if let Some(own) = output.own.as_ref().filter(|own| told(own.path.index)) {
            warn(format!(
                "output {index} pays our own address at path {}. From the addresses that are shown to be used here a scan looks up to index {} and does not find it: make sure that this treasury has used its addresses that far",
                own.path,
                reach.in_sight()
            ));
        }
    }
    let inputs = effects.inputs.iter().enumerate();
    let far = inputs.filter_map(|(index, input)| {
        let own = input.own.as_ref().filter(|own| reach.is_far(own.path.index))?;
        Some(format!("input {index}, {}, at path {}", CoinName(input.outpoint), own.path))
    });
    for coin in far {
        warn(format!(
            "{coin}: this coin lies above index {}, up to which a scan looks from the addresses that are shown to be used here. Anybody who knows an address can pay there, so the coin lifts no limit",
            reach.in_sight()
        ));
    }
    warnings
}
