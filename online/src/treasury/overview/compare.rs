//! AMP's answers held against the treasury's coins and addresses.

use std::collections::{BTreeMap, BTreeSet};

use coldamp_core::elements::{AssetId, OutPoint};
use coldamp_core::listed::{CoinName, beginning};
use coldamp_core::treasury::{DescriptorError, Utxo};
use coldamp_core::units::AssetAmount;

use super::build::{Coin, Look, total};
use super::finding::{Finding, FindingKind as Found};
use super::{AddressesDocument, AmpAnswers, AmpDocument, AtAmp, CoinState};
use crate::amp::RecordedOutput;
use crate::sync::Holdings;
use crate::treasury::addresses::{ListedAddress, Whose, whose};

/// Characters of an address that AMP lists and that is none.
const MAX_SHOWN_ADDRESS: usize = 120;

/// What the comparison came to.
pub(super) struct Compared {
    pub(super) document: AmpDocument,
    /// What AMP has of each coin of the asset and its token.
    pub(super) coins: BTreeMap<OutPoint, AtAmp>,
    pub(super) findings: Vec<Finding>,
}

/// Compares AMP's answers with the treasury.
pub(super) fn compare(
    look: &Look<'_>,
    amp: &AmpAnswers,
    asset: AssetId,
    coins: &[Coin<'_>],
    holdings: &Holdings,
) -> Result<Compared, DescriptorError> {
    let is_token = |held: AssetId| match holdings.token_ids() {
        Some(ids) => ids.kind_of_token(held).is_some(),
        None => amp.facts.token == Some(held),
    };
    let records: BTreeMap<OutPoint, &RecordedOutput> =
        amp.records.iter().map(|record| (record.outpoint, record)).collect();
    let held: BTreeMap<OutPoint, &Coin<'_>> = coins.iter().map(|coin| (coin.outpoint, coin)).collect();
    let lost: BTreeSet<OutPoint> = amp.balance.lost.iter().chain(&amp.balance.lost_tokens).copied().collect();
    let mut findings = Vec::new();
    let mut at_amp = BTreeMap::new();
    let mut without_blinders = Vec::new();

    for outpoint in &lost {
        let what = if amp.balance.lost.contains(outpoint) { "output" } else { "token output" };
        let coin = CoinName(*outpoint);
        findings.push(match held.contains_key(outpoint) {
            true => Finding::new(
                Found::LostHeld,
                format!("AMP no longer tracks {what} {coin}. The treasury still holds it"),
            ),
            false => Finding::new(
                Found::LostSpent,
                format!("AMP no longer tracks {what} {coin}. The treasury does not hold it any more"),
            ),
        });
    }
    for coin in coins {
        let Some(opened) = coin.opened.filter(|coin| coin.asset() == asset || is_token(coin.asset())) else {
            continue;
        };
        let found = of_coin(coin, opened, records.get(&coin.outpoint).copied());
        if found.iter().any(|finding| finding.kind == Found::NoBlinders) {
            without_blinders.push(coin.outpoint);
        }
        let state = match (lost.contains(&coin.outpoint), found.is_empty()) {
            (true, _) => AtAmp::Lost,
            // AMP need not know yet what waits for a block.
            (false, true) if coin.state == CoinState::Confirmed => AtAmp::Listed,
            (false, true) => continue,
            (false, false) => AtAmp::Differs,
        };
        at_amp.insert(coin.outpoint, state);
        findings.extend(found);
    }
    let counted = |record: &&RecordedOutput| {
        record.output.is_treasury == Some(true) && !record.is_spent && !record.is_burnt
    };
    for record in amp.records.iter().filter(counted) {
        let is_unopened = held.get(&record.outpoint).is_some_and(|coin| coin.opened.is_none());
        if is_unopened {
            let message = format!(
                "AMP counts {} as the treasury's, with {}. The view key does not open it",
                CoinName(record.outpoint),
                in_words(record.output.amount)
            );
            findings.push(Finding::new(Found::NotOpened, message));
            at_amp.insert(record.outpoint, AtAmp::Differs);
        }
        if !held.contains_key(&record.outpoint) && !lost.contains(&record.outpoint) {
            let message = format!(
                "AMP counts {} as the treasury's, with {}. The treasury does not hold it",
                CoinName(record.outpoint),
                in_words(record.output.amount)
            );
            findings.push(Finding::new(Found::NotHeld, message));
        }
    }
    let of = |wanted: &dyn Fn(AssetId) -> bool| {
        let outputs = amp.records.iter().filter(counted).filter(|record| wanted(record.asset));
        total(outputs.map(|record| record.output.amount))
    };
    let of_asset = of(&|held| held == asset);
    // Without a row of the treasury AMP counts nothing as its own.
    let balance = amp.balance.treasury.unwrap_or(AssetAmount::ZERO);
    if let Some(sum) = of_asset.amount.filter(|sum| *sum != balance) {
        let (balance, sum) = (balance.in_base_units(), sum.in_base_units());
        findings.push(Finding::new(
            Found::Balance,
            format!("AMP's balance of the treasury is {balance}. The treasury's outputs in AMP's record add up to {sum}"),
        ));
    }
    if let (Some(ids), Some(token)) = (holdings.token_ids(), amp.facts.token)
        && ids.kind_of_token(token).is_none()
    {
        let message = format!("AMP names the token {token}, which the issuance of {asset} does not have");
        findings.push(Finding::new(Found::OtherToken, message));
    }
    let listed = whose(look.secp, look.descriptor, look.network, amp.addresses.clone())?;
    let addresses = addresses(look, holdings, &listed, &mut findings);
    let document = AmpDocument {
        root: amp.root.clone(),
        asset_uuid: amp.uuid.to_string(),
        balance: amp.balance.treasury,
        asset: of_asset,
        token: of(&is_token),
        lost: AmpDocument::names(&amp.balance.lost),
        lost_tokens: AmpDocument::names(&amp.balance.lost_tokens),
        without_blinders: AmpDocument::names(&without_blinders),
        addresses,
    };
    Ok(Compared { document, coins: at_amp, findings })
}

/// What AMP's record of one coin differs in.
fn of_coin(coin: &Coin<'_>, opened: &Utxo, record: Option<&RecordedOutput>) -> Vec<Finding> {
    let name = CoinName(coin.outpoint);
    let amount = opened.amount().in_base_units();
    let one = |kind, message| vec![Finding::new(kind, message)];
    let Some(record) = record else {
        if coin.state == CoinState::Waiting {
            return Vec::new();
        }
        let message = format!("AMP's record does not have coin {name}, with {amount}");
        return one(Found::NotRecorded, message);
    };
    let mut found = Vec::new();
    match record.output.is_treasury {
        Some(true) => {}
        Some(false) => found.push(Finding::new(
            Found::NotCounted,
            format!("AMP does not count coin {name}, with {amount}, as the treasury's"),
        )),
        None => found.push(Finding::new(
            Found::NotCounted,
            format!("AMP does not say whose coin {name}, with {amount}, is"),
        )),
    }
    if record.is_spent || record.is_burnt {
        let word = if record.is_burnt { "destroyed" } else { "spent" };
        let message = format!("AMP counts coin {name}, with {amount}, as {word}. The chain shows it unspent");
        found.push(Finding::new(Found::CountedSpent, message));
    }
    if opened.is_blinded() {
        if record.output.lacks_blinders() {
            let message = format!("AMP lacks blinders of coin {name}, with {amount}");
            found.push(Finding::new(Found::NoBlinders, message));
        } else if record.output.asset_blinder != Some(opened.secrets.asset_bf)
            || record.output.amount_blinder != Some(opened.secrets.value_bf)
        {
            let message = format!("AMP has blinders of coin {name} that do not open it");
            found.push(Finding::new(Found::OtherBlinders, message));
        }
    }
    // Without blinders AMP cannot know the amount, and says so by null.
    let is_amount_known = record.output.amount.is_some() || !record.output.lacks_blinders();
    if record.asset != opened.asset() || is_amount_known && record.output.amount != Some(opened.amount()) {
        let message = format!(
            "AMP has coin {name} with {} of {}. It holds {amount} of {}",
            in_words(record.output.amount),
            record.asset,
            opened.asset()
        );
        found.push(Finding::new(Found::OtherAmount, message));
    }
    found
}

fn in_words(amount: Option<AssetAmount>) -> String {
    amount.map_or_else(|| "an unknown amount".to_owned(), AssetAmount::in_base_units)
}

fn addresses(
    look: &Look<'_>,
    holdings: &Holdings,
    listed: &[ListedAddress],
    findings: &mut Vec<Finding>,
) -> AddressesDocument {
    let (mut ours, mut others) = (BTreeSet::new(), 0_usize);
    for one in listed {
        let shown = beginning(&one.text, MAX_SHOWN_ADDRESS);
        let (kind, message) = match &one.whose {
            Whose::Ours { path } => {
                ours.insert(*path);
                continue;
            }
            Whose::OtherKey { path } => (
                Found::OtherBlindingKey,
                format!(
                    "AMP lists {shown} as the treasury's. It pays the treasury's address {path}, blinded to a key that is not the treasury's"
                ),
            ),
            Whose::Foreign => (
                Found::ForeignAddress,
                format!("AMP lists {shown} as the treasury's. It is no address of this treasury"),
            ),
            Whose::Unreadable => (
                Found::ForeignAddress,
                format!(
                    "AMP lists {shown:?} as the treasury's. It is no address of {}",
                    look.network.chain()
                ),
            ),
        };
        others = others.saturating_add(1);
        findings.push(Finding::new(kind, message));
    }
    let next = holdings.next_external(look.record);
    let ahead = (next.index..).take_while(|index| {
        ours.contains(&coldamp_core::treasury::KeyPath { branch: next.branch, index: *index })
    });
    let registered_ahead = u32::try_from(ahead.count()).unwrap_or(u32::MAX);
    if registered_ahead == 0 {
        let message = format!(
            "The next receiving address, index {}, is not registered at AMP as the treasury's",
            next.index
        );
        findings.push(Finding::new(Found::NextNotRegistered, message));
    }
    AddressesDocument { ours: ours.len(), others, next_index: next.index, registered_ahead }
}
