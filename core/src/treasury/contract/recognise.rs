//! Tells what bytes are that do not lead to the asset: its contract in another layout, or the asset registry's whole
//! answer. For messages alone: whatever is found here has proven nothing until it is given as the contract itself.

use std::str::FromStr as _;

use elements::{AssetId, OutPoint, Txid};

use super::canonical::of_tree;
use super::{ContractError, MAX_CONTRACT_BYTES, MAX_CONTRACT_FILE_BYTES, OfferedContract, contract_ids};
use crate::json::Tree;

/// Recognises a file that is not the contract of `asset` as given with `prevout`.
pub(super) fn recognise(file: &[u8], prevout: OutPoint, asset: AssetId) -> Option<ContractError> {
    if file.len() > MAX_CONTRACT_FILE_BYTES {
        return None;
    }
    let tree = Tree::read(std::str::from_utf8(file).ok()?).ok()?;
    registry_answer(&tree, prevout, asset).or_else(|| {
        let offered = Box::new(leading(&tree, prevout, asset)?);
        Some(ContractError::NotCanonical { expected: asset, offered })
    })
}

/// The answer of `GET /ASSET` of the asset registry: the contract, beside the asset's id and what it was issued by. The
/// contract's fields are beside it once more, so that the whole reads like a contract.
fn registry_answer(tree: &Tree<'_>, given: OutPoint, asset: AssetId) -> Option<ContractError> {
    let contract = tree.member("contract").filter(|contract| matches!(contract, Tree::Object(_)))?;
    text(tree.member("asset_id"))?;
    let spent = outpoint(tree.member("issuance_prevout"));
    let issuance = tree.member("issuance_txin").and_then(|txin| txid(txin.member("txid")));
    let offered = spent
        .and_then(|spent| leading(contract, spent, asset))
        .or_else(|| leading(contract, given, asset))
        .map(Box::new);
    let issuance_named = issuance == Some(given.txid);
    Some(ContractError::RegistryAnswer { expected: asset, offered, issuance_named })
}

/// The canonical form of a contract, if with this outpoint it leads to the asset.
fn leading(contract: &Tree<'_>, prevout: OutPoint, asset: AssetId) -> Option<OfferedContract> {
    let contract = of_tree(contract).ok().filter(|contract| contract.len() <= MAX_CONTRACT_BYTES)?;
    (contract_ids(contract.as_bytes(), prevout).asset == asset)
        .then_some(OfferedContract { contract, prevout })
}

fn outpoint(value: Option<&Tree<'_>>) -> Option<OutPoint> {
    let value = value?;
    let Tree::Plain(vout) = value.member("vout")? else { return None };
    Some(OutPoint::new(txid(value.member("txid"))?, vout.parse().ok()?))
}

fn txid(value: Option<&Tree<'_>>) -> Option<Txid> {
    Txid::from_str(text(value)?).ok()
}

fn text<'t>(value: Option<&'t Tree<'_>>) -> Option<&'t str> {
    match value? {
        Tree::String(text) => Some(text),
        Tree::Object(_) | Tree::Array(_) | Tree::Plain(_) => None,
    }
}
