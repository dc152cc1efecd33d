//! Setting AMP up, and making things go wrong in tests.

use coldamp_core::amp::request::Uuid;
use coldamp_core::elements::confidential::{AssetBlindingFactor, ValueBlindingFactor};
use coldamp_core::elements::{Address, OutPoint};
use coldamp_core::units::AssetAmount;

use super::Amp;
use super::asset::{Asset, AssetRecord};
use super::assignments::Assignment;
use super::distributions::Distribution;
use super::requests::Asked;
use super::routes::Endpoint;
use super::users::User;

/// The setup names something that does not exist.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SetupError {
    /// An asset.
    #[error("no asset has the uuid {uuid}")]
    Asset {
        /// The name.
        uuid: Uuid,
    },
    /// A registered user.
    #[error("no registered user has the number {id}")]
    User {
        /// The number.
        id: u64,
    },
}

impl Amp {
    /// Tells AMP of an asset. One of the same uuid is replaced.
    pub fn add_asset(&mut self, record: AssetRecord) -> Uuid {
        let uuid = record.uuid.clone().unwrap_or_else(|| self.derived.uuid());
        self.assets.insert(uuid.clone(), Asset::new(uuid.clone(), record));
        uuid
    }

    /// Registers a user with a Green subaccount, and gives its number.
    pub fn add_user(&mut self, name: &str) -> u64 {
        let id = self.users.last_key_value().map_or(1, |(id, _)| id.saturating_add(1));
        let gaid = self.derived.gaid();
        self.users.insert(id, User { id, name: name.to_owned(), gaid });
        id
    }

    /// Assigns base units to a user, ready for the next distribution, whatever the treasury holds. Gives the
    /// assignment's number.
    ///
    /// # Errors
    /// When asset or user are unknown.
    pub fn assign(&mut self, asset: &Uuid, user: u64, amount: AssetAmount) -> Result<u64, SetupError> {
        self.enter(asset, user, amount, None, None)
    }

    /// Adds an open distribution that was made elsewhere, such as a recorded one.
    ///
    /// # Errors
    /// When the asset or one of the users are unknown; what is before them in the list stays assigned.
    pub fn add_distribution(
        &mut self,
        asset: &Uuid,
        distribution: &Uuid,
        payments: &[(u64, Address, AssetAmount)],
    ) -> Result<(), SetupError> {
        for (user, address, amount) in payments {
            self.enter(asset, *user, *amount, Some(address.clone()), Some(distribution.clone()))?;
        }
        self.known(asset)?.distributions.insert(distribution.clone(), Distribution { txid: None });
        Ok(())
    }

    /// Opens a request for more units as if reissue-request had been asked.
    ///
    /// # Errors
    /// When the asset is unknown.
    pub fn ask_reissue(&mut self, asset: &Uuid, amount: AssetAmount) -> Result<(), SetupError> {
        self.known(asset)?.reissues.push(Asked { amount, answered: None });
        Ok(())
    }

    /// Opens a request to destroy units as if burn-request had been asked.
    ///
    /// # Errors
    /// When the asset is unknown.
    pub fn ask_burn(&mut self, asset: &Uuid, amount: AssetAmount) -> Result<(), SetupError> {
        self.known(asset)?.burns.push(Asked { amount, answered: None });
        Ok(())
    }

    /// Forgets the blinders of an output: `txs` shows zeros until update-blinders. Says whether any asset has it.
    pub fn forget_blinders(&mut self, outpoint: OutPoint) -> bool {
        let mut outputs = self.assets.values_mut().filter_map(|asset| asset.outputs.get_mut(&outpoint));
        outputs.next().is_some_and(|known| {
            known.opening.asset_blinder = AssetBlindingFactor::zero();
            known.opening.amount_blinder = ValueBlindingFactor::zero();
            true
        })
    }

    /// Removes an endpoint: it answers 404 from now on.
    pub fn without(&mut self, endpoint: Endpoint) {
        self.missing.insert(endpoint);
    }

    /// Restores a removed endpoint.
    pub fn with(&mut self, endpoint: Endpoint) {
        self.missing.remove(&endpoint);
    }

    /// Makes every token that was given out invalid.
    pub fn revoke_tokens(&mut self) {
        self.account.revoke();
    }

    /// Sets the time by which assignments vest, in Unix seconds; it is 0 at first.
    pub fn set_time(&mut self, unix_seconds: u64) {
        self.now = unix_seconds;
    }

    fn enter(
        &mut self,
        asset: &Uuid,
        user: u64,
        amount: AssetAmount,
        address: Option<Address>,
        distribution: Option<Uuid>,
    ) -> Result<u64, SetupError> {
        if !self.users.contains_key(&user) {
            return Err(SetupError::User { id: user });
        }
        let assignment =
            Assignment { id: 0, user, amount, address, distribution, ready: true, vesting: None, vout: None };
        let unknown = || SetupError::Asset { uuid: asset.clone() };
        self.enter_assignment(asset, assignment).ok_or_else(unknown)
    }

    fn known(&mut self, asset: &Uuid) -> Result<&mut Asset, SetupError> {
        self.assets.get_mut(asset).ok_or_else(|| SetupError::Asset { uuid: asset.clone() })
    }
}
