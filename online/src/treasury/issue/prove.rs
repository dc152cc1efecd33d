//! What the chain says of an issuance: held against the order, with nothing believed that AMP says.

use coldamp_core::Secp;
use coldamp_core::elements::confidential::{Value, ValueBlindingFactor};
use coldamp_core::elements::secp256k1_zkp::Generator;
use coldamp_core::elements::{AssetId, OutPoint, Transaction, TxIn};
use coldamp_core::treasury::{CtDescriptor, IssuanceIds, IssuanceKind, ProvenContract, Utxo};
use coldamp_core::units::{AssetAmount, grouped};

use super::{Answered, IssueError, Order};
use crate::treasury::addresses::ReceivingAddress;

/// An issuance that is what was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProvenIssue {
    /// The contract, proven by the asset id.
    pub contract: ProvenContract,
    /// The reissuance token.
    pub token: Option<AssetId>,
    /// The coin with the units.
    pub units: Utxo,
    /// The coin with the tokens.
    pub tokens: Option<Utxo>,
    /// What the chain alone does not show, in words.
    pub unproven: Vec<String>,
}

impl ProvenIssue {
    /// The asset.
    pub fn asset(&self) -> AssetId {
        self.contract.ids().asset
    }
}

/// Proves an issuance: the asset id follows from the transaction and the order's contract, the amounts are those asked for and
/// of the kind asked for, and both outputs are blinded, at the order's addresses, and open with the view key.
///
/// # Errors
/// When anything is not what was asked for.
pub fn prove(
    secp: &Secp,
    descriptor: &CtDescriptor,
    order: &Order,
    answered: &Answered,
    transaction: &Transaction,
) -> Result<ProvenIssue, IssueError> {
    let txid = transaction.txid();
    let differs = |what, found: String, expected: String| IssueError::Chain { txid, what, found, expected };
    let same = |what, found: String, expected: String| match found == expected {
        true => Ok(()),
        false => Err(differs(what, found, expected)),
    };
    same("transaction", txid.to_string(), answered.txid.to_string())?;
    let is_first =
        |input: &&TxIn| input.has_issuance() && input.asset_issuance.asset_blinding_nonce.is_null();
    let input = transaction.input.get(answered.vin).filter(is_first).ok_or_else(|| {
        differs("input", format!("{} that issues no new asset", answered.vin), "one that does".to_owned())
    })?;
    let ids = IssuanceIds::of_input(input);
    same("asset", ids.asset.to_string(), answered.asset.to_string())?;
    let text = order.terms.contract().map_err(|error| IssueError::Contract { asset: ids.asset, error })?;
    let contract = ProvenContract::prove(text.as_bytes(), input.previous_output, ids.asset)
        .map_err(|error| IssueError::Contract { asset: ids.asset, error })?;

    let kind = match input.asset_issuance.amount {
        Value::Confidential(_) => IssuanceKind::Blinded,
        Value::Explicit(_) | Value::Null => IssuanceKind::Explicit,
    };
    same("an issuance of kind", kind.name().to_owned(), order.terms.kind.name().to_owned())?;
    let mut unproven = Vec::new();
    let mut issued = |what, value, asset, amount: AssetAmount, blinder| match amount_of(
        secp, value, asset, amount, blinder,
    ) {
        Shown::Is => Ok(()),
        Shown::Unknown => {
            unproven.push(format!(
                    "the {what} is a commitment, and AMP's answer does not open it: that no more was issued than the coin holds is not proven"
                ));
            Ok(())
        }
        Shown::IsNot(found) => Err(differs(what, found, amount.in_base_units())),
    };
    let issuance = &input.asset_issuance;
    issued("issued amount", issuance.amount, ids.asset, order.terms.amount, answered.asset_blinder)?;
    let token = ids.token(kind);
    match order.terms.tokens {
        Some(amount) => {
            issued("amount of tokens", issuance.inflation_keys, token, amount, answered.token_blinder)?;
            let found = answered.token.map(|token| token.to_string()).unwrap_or_default();
            same("reissuance token", token.to_string(), found)?;
        }
        None if issuance.inflation_keys.is_null() => {}
        None => return Err(differs("reissuance tokens", "some".to_owned(), "none".to_owned())),
    }

    let coin = |what, to: &ReceivingAddress, vout: u32, asset: AssetId, amount: AssetAmount| {
        let output = usize::try_from(vout).ok().and_then(|vout| transaction.output.get(vout));
        let output = output.ok_or_else(|| differs(what, "no output".to_owned(), format!("output {vout}")))?;
        let own = descriptor.script_at(secp, to.path)?;
        if output.script_pubkey != own.script_pubkey {
            let expected = format!("output {vout} to {}", to.address);
            return Err(differs(what, "another address".to_owned(), expected));
        }
        let outpoint = OutPoint { txid, vout };
        let coin = Utxo::open(secp, descriptor, outpoint, output, own).map_err(|error| {
            differs(what, error.to_string(), "an output that the view key opens".to_owned())
        })?;
        if !coin.is_blinded() {
            return Err(differs(what, "an explicit output".to_owned(), "a blinded one".to_owned()));
        }
        same(what, coin.asset().to_string(), asset.to_string())?;
        same(what, coin.amount().in_base_units(), amount.in_base_units())?;
        Ok(coin)
    };
    let units = coin("the units in", &order.units, answered.asset_vout, ids.asset, order.terms.amount)?;
    let tokens = match (&order.tokens, order.terms.tokens, answered.token_vout) {
        (Some(to), Some(amount), Some(vout)) => Some(coin("the tokens in", to, vout, token, amount)?),
        (None, None, _) => None,
        _ => return Err(differs("the tokens in", "no output".to_owned(), "one".to_owned())),
    };
    let token = tokens.as_ref().map(Utxo::asset);
    Ok(ProvenIssue { contract, token, units, tokens, unproven })
}

/// What an issued amount shows.
enum Shown {
    Is,
    IsNot(String),
    /// It is a commitment that nothing given opens.
    Unknown,
}

fn amount_of(
    secp: &Secp,
    value: Value,
    asset: AssetId,
    amount: AssetAmount,
    blinder: Option<ValueBlindingFactor>,
) -> Shown {
    match value {
        Value::Null => Shown::IsNot("none".to_owned()),
        Value::Explicit(found) if found == amount.base_units() => Shown::Is,
        Value::Explicit(found) => Shown::IsNot(format!("{} base units", grouped(found))),
        Value::Confidential(_) => {
            let generator = Generator::new_unblinded(secp, asset.into_tag());
            let opens =
                |blinder| Value::new_confidential(secp, amount.base_units(), generator, blinder) == value;
            if blinder.is_some_and(opens) { Shown::Is } else { Shown::Unknown }
        }
    }
}
