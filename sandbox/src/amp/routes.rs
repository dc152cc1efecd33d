//! The paths of AMP's API.

use coldamp_core::amp::request::Uuid;

use super::answers::Refusal;

/// An endpoint, by what it does. [`super::Amp::without`] takes them away one by one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Endpoint {
    /// `POST user/obtain_token`.
    ObtainToken,
    /// `GET info`, for anybody.
    Info,
    /// `GET changelog`, for anybody.
    Changelog,
    /// `GET registered_users`.
    RegisteredUsers,
    /// `GET registered_users/ID`.
    RegisteredUser,
    /// `GET assets`.
    Assets,
    /// `POST assets/issue`.
    Issue,
    /// `GET assets/UUID`.
    Asset,
    /// `GET assets/UUID/register`: it changes state.
    Register,
    /// `GET assets/UUID/register-authorized`: it changes state.
    RegisterAuthorized,
    /// `GET assets/UUID/summary`.
    Summary,
    /// `GET assets/UUID/balance`.
    Balance,
    /// `GET assets/UUID/lost-outputs`.
    LostOutputs,
    /// `GET assets/UUID/utxos`.
    Utxos,
    /// `GET assets/UUID/txs`.
    Txs,
    /// `GET assets/UUID/txs/TXID`.
    Tx,
    /// `GET assets/UUID/reissuances`.
    Reissuances,
    /// `GET assets/UUID/assignments`, with `?distributed=true` or `=false` only some.
    Assignments,
    /// `GET assets/UUID/assignments/ID`.
    Assignment,
    /// `POST assets/UUID/assignments/create`.
    CreateAssignment,
    /// `PUT assets/UUID/assignments/ID/lock`.
    LockAssignment,
    /// `PUT assets/UUID/assignments/ID/unlock`.
    UnlockAssignment,
    /// `DELETE assets/UUID/assignments/ID/delete`.
    DeleteAssignment,
    /// `GET assets/UUID/distributions`.
    Distributions,
    /// `GET assets/UUID/distributions/UUID`.
    Distribution,
    /// `GET assets/UUID/distributions/create/`: it changes state; the last slash may be missing.
    CreateDistribution,
    /// `DELETE assets/UUID/distributions/UUID/cancel`.
    CancelDistribution,
    /// `GET assets/UUID/treasury-addresses`.
    TreasuryAddresses,
    /// `POST assets/UUID/treasury-addresses/add`.
    AddTreasuryAddresses,
    /// `DELETE assets/UUID/treasury-addresses/delete`.
    DeleteTreasuryAddresses,
    /// `POST assets/UUID/reissue-request`.
    ReissueRequest,
    /// `POST assets/UUID/burn-request`.
    BurnRequest,
    /// `POST assets/UUID/reissue-confirm`.
    ConfirmReissue,
    /// `POST assets/UUID/distributions/UUID/confirm`.
    ConfirmDistribution,
    /// `POST assets/UUID/burn-confirm`.
    ConfirmBurn,
    /// `POST assets/UUID/update-blinders`.
    UpdateBlinders,
}

impl Endpoint {
    /// The one method that it takes.
    pub(super) fn method(self) -> &'static str {
        match self {
            Endpoint::ObtainToken
            | Endpoint::Issue
            | Endpoint::CreateAssignment
            | Endpoint::AddTreasuryAddresses
            | Endpoint::ReissueRequest
            | Endpoint::BurnRequest
            | Endpoint::ConfirmReissue
            | Endpoint::ConfirmDistribution
            | Endpoint::ConfirmBurn
            | Endpoint::UpdateBlinders => "POST",
            Endpoint::DeleteAssignment | Endpoint::CancelDistribution | Endpoint::DeleteTreasuryAddresses => {
                "DELETE"
            }
            Endpoint::LockAssignment | Endpoint::UnlockAssignment => "PUT",
            Endpoint::Info
            | Endpoint::Changelog
            | Endpoint::RegisteredUsers
            | Endpoint::RegisteredUser
            | Endpoint::Assets
            | Endpoint::Asset
            | Endpoint::Register
            | Endpoint::RegisterAuthorized
            | Endpoint::Summary
            | Endpoint::Balance
            | Endpoint::LostOutputs
            | Endpoint::Utxos
            | Endpoint::Txs
            | Endpoint::Tx
            | Endpoint::Reissuances
            | Endpoint::Assignments
            | Endpoint::Assignment
            | Endpoint::Distributions
            | Endpoint::Distribution
            | Endpoint::CreateDistribution
            | Endpoint::TreasuryAddresses => "GET",
        }
    }

    /// Whether it is for those with a token only.
    pub(super) fn needs_token(self) -> bool {
        !matches!(self, Endpoint::ObtainToken | Endpoint::Info | Endpoint::Changelog)
    }
}

/// A path taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Route<'a> {
    /// The endpoint that the path names.
    pub(super) endpoint: Endpoint,
    asset: &'a str,
    /// Which of the asset's assignments, distributions or transactions, or which user.
    pub(super) item: &'a str,
}

impl<'a> Route<'a> {
    /// Where a path leads.
    pub(super) fn find(path: &'a str) -> Option<Self> {
        let parts: Vec<&str> = path.split('/').collect();
        let route = |endpoint, asset, item| Some(Route { endpoint, asset, item });
        match *parts.as_slice() {
            ["user", "obtain_token"] => route(Endpoint::ObtainToken, "", ""),
            ["info"] => route(Endpoint::Info, "", ""),
            ["changelog"] => route(Endpoint::Changelog, "", ""),
            ["registered_users"] => route(Endpoint::RegisteredUsers, "", ""),
            ["registered_users", id] => route(Endpoint::RegisteredUser, "", id),
            ["assets"] => route(Endpoint::Assets, "", ""),
            ["assets", "issue"] => route(Endpoint::Issue, "", ""),
            ["assets", asset] => route(Endpoint::Asset, asset, ""),
            ["assets", asset, ref rest @ ..] => {
                let (endpoint, item) = Self::of_asset(rest)?;
                route(endpoint, asset, item)
            }
            _ => None,
        }
    }

    fn of_asset(rest: &[&'a str]) -> Option<(Endpoint, &'a str)> {
        Some(match *rest {
            ["register"] => (Endpoint::Register, ""),
            ["register-authorized"] => (Endpoint::RegisterAuthorized, ""),
            ["summary"] => (Endpoint::Summary, ""),
            ["balance"] => (Endpoint::Balance, ""),
            ["lost-outputs"] => (Endpoint::LostOutputs, ""),
            ["utxos"] => (Endpoint::Utxos, ""),
            ["txs"] => (Endpoint::Txs, ""),
            ["txs", txid] => (Endpoint::Tx, txid),
            ["reissuances"] => (Endpoint::Reissuances, ""),
            ["assignments"] => (Endpoint::Assignments, ""),
            ["assignments", "create"] => (Endpoint::CreateAssignment, ""),
            ["assignments", id] => (Endpoint::Assignment, id),
            ["assignments", id, "lock"] => (Endpoint::LockAssignment, id),
            ["assignments", id, "unlock"] => (Endpoint::UnlockAssignment, id),
            ["assignments", id, "delete"] => (Endpoint::DeleteAssignment, id),
            ["distributions"] => (Endpoint::Distributions, ""),
            ["distributions", "create"] | ["distributions", "create", ""] => {
                (Endpoint::CreateDistribution, "")
            }
            ["distributions", uuid] => (Endpoint::Distribution, uuid),
            ["distributions", uuid, "cancel"] => (Endpoint::CancelDistribution, uuid),
            ["distributions", uuid, "confirm"] => (Endpoint::ConfirmDistribution, uuid),
            ["treasury-addresses"] => (Endpoint::TreasuryAddresses, ""),
            ["treasury-addresses", "add"] => (Endpoint::AddTreasuryAddresses, ""),
            ["treasury-addresses", "delete"] => (Endpoint::DeleteTreasuryAddresses, ""),
            ["reissue-request"] => (Endpoint::ReissueRequest, ""),
            ["burn-request"] => (Endpoint::BurnRequest, ""),
            ["reissue-confirm"] => (Endpoint::ConfirmReissue, ""),
            ["burn-confirm"] => (Endpoint::ConfirmBurn, ""),
            ["update-blinders"] => (Endpoint::UpdateBlinders, ""),
            _ => return None,
        })
    }

    /// The asset that it names.
    pub(super) fn asset_uuid(&self) -> Result<Uuid, Refusal> {
        Uuid::parse(self.asset).ok_or(Refusal::NotFound)
    }

    /// The distribution that it names.
    pub(super) fn distribution_uuid(&self) -> Result<Uuid, Refusal> {
        Uuid::parse(self.item).ok_or(Refusal::NotFound)
    }

    /// The number that it names.
    pub(super) fn id(&self) -> Result<u64, Refusal> {
        self.item.parse().map_err(|_| Refusal::NotFound)
    }
}
