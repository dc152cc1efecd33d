//! Creator: an empty PSET v2 that carries AMP's request, names its chain, and proves what the asset is.

use elements::encode::serialize;
use elements::pset::PartiallySignedTransaction;
use elements::pset::elip100::{AssetMetadata, TokenMetadata};
use elements::{BlockHash, LockTime};

use super::plan::Treasury;
use crate::amp::Request;
use crate::pset::{entropy_key, genesis_key, request_key};
use crate::treasury::IssuanceKind;

/// Makes empty PSETs (BIP-370 Creator).
pub(super) struct Creator<'a> {
    request: &'a Request,
    treasury: &'a Treasury<'a>,
    genesis: Option<BlockHash>,
}

impl<'a> Creator<'a> {
    pub(super) fn new(request: &'a Request, treasury: &'a Treasury<'a>, genesis: Option<BlockHash>) -> Self {
        Creator { request, treasury, genesis }
    }

    /// An empty PSET of version 2 with locktime 0. No other software may add inputs or outputs.
    pub(super) fn create(self) -> PartiallySignedTransaction {
        let mut pset = PartiallySignedTransaction::new_v2();
        pset.global.tx_data.fallback_locktime = Some(LockTime::ZERO);
        pset.global.proprietary.insert(request_key(), self.request.bytes().to_vec());
        if let Some(genesis) = self.genesis {
            pset.global.proprietary.insert(genesis_key(), serialize(&genesis));
        }
        self.identify_asset(&mut pset);
        pset
    }

    /// Adds the contract as ELIP-100 metadata, which other signers show too. Without a contract, adds the entropy, if it is
    /// known.
    fn identify_asset(&self, pset: &mut PartiallySignedTransaction) {
        let Some((ids, _)) = self.treasury.issuance.filter(|(ids, _)| ids.asset == self.request.asset) else {
            return;
        };
        let contract = self.treasury.contract.filter(|contract| contract.ids().asset == ids.asset);
        let Some(contract) = contract else {
            pset.global.proprietary.insert(entropy_key(), ids.entropy.to_byte_array().to_vec());
            return;
        };
        let metadata = AssetMetadata::new(contract.text().to_owned(), contract.prevout());
        pset.add_asset_metadata(ids.asset, &metadata);
        if let Some(kind) = self.treasury.token_kind() {
            let metadata = TokenMetadata::new(ids.asset, kind == IssuanceKind::Blinded);
            pset.add_token_metadata(ids.token(kind), &metadata);
        }
    }
}
