//! What an Esplora server says of an asset. It is asked once for each asset: the transaction that issued the asset and the
//! contract are in one answer.

use coldamp_core::elements::{AssetId, Txid};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::chain::txid_of;
use super::{Esplora, EsploraError};
use crate::pace::Pause;

/// What a server claims of an asset. Whoever uses it proves it against the asset's id.
#[derive(Debug, Clone, Default)]
pub(super) struct Claims {
    /// The transaction that issued it first.
    pub(super) issuance: Option<Txid>,
    /// Its contract, as the asset registry keeps it.
    contract: Option<Vec<u8>>,
}

#[derive(Deserialize)]
struct Asset {
    issuance_txin: Option<IssuanceInput>,
    contract: Option<Box<RawValue>>,
}

#[derive(Deserialize)]
struct IssuanceInput {
    txid: String,
}

impl<P: Pause> Esplora<P> {
    /// The contract that the server has of an asset, as the asset registry keeps it: a claim, which the caller proves
    /// against the asset's id ([`crate::sync::Holdings::contract`]). None where the asset is not registered.
    ///
    /// # Errors
    /// When the server cannot be asked, or answers something else.
    pub async fn claimed_contract(&self, asset: AssetId) -> Result<Option<Vec<u8>>, EsploraError> {
        Ok(self.claims(asset).await?.contract)
    }

    /// What the server claims of an asset; nothing where it does not know the asset. A second call for the same asset asks
    /// nobody.
    pub(super) async fn claims(&self, asset: AssetId) -> Result<Claims, EsploraError> {
        let known = self.asset.borrow().as_deref().filter(|(known, _)| *known == asset).cloned();
        if let Some((_, claims)) = known {
            return Ok(claims);
        }
        let path = format!("/asset/{asset}");
        let claims = match self.found_if_any(&path).await? {
            None => Claims::default(),
            Some(body) => {
                let Asset { issuance_txin, contract } = self.parsed(&path, &body)?;
                Claims {
                    issuance: issuance_txin.map(|input| txid_of(&path, &input.txid)).transpose()?,
                    contract: contract.map(|contract| contract.get().as_bytes().to_vec()),
                }
            }
        };
        *self.asset.borrow_mut() = Some(Box::new((asset, claims.clone())));
        Ok(claims)
    }
}
