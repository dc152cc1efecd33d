//! Creator: an empty PSET v2 that carries AMP's request and names its chain.

use elements::encode::serialize;
use elements::pset::PartiallySignedTransaction;
use elements::{BlockHash, LockTime};

use crate::amp::Request;
use crate::pset::{genesis_key, request_key};

/// Makes empty PSETs (BIP-370 Creator).
pub(super) struct Creator<'a> {
    request: &'a Request,
    genesis: Option<BlockHash>,
}

impl<'a> Creator<'a> {
    pub(super) fn new(request: &'a Request, genesis: Option<BlockHash>) -> Self {
        Creator { request, genesis }
    }

    /// Version 2, locktime 0, nothing modifiable.
    pub(super) fn create(self) -> PartiallySignedTransaction {
        let mut pset = PartiallySignedTransaction::new_v2();
        pset.global.tx_data.fallback_locktime = Some(LockTime::ZERO);
        pset.global.proprietary.insert(request_key(), self.request.bytes().to_vec());
        if let Some(genesis) = self.genesis {
            pset.global.proprietary.insert(genesis_key(), serialize(&genesis));
        }
        pset
    }
}
