//! What each output of a transaction is for.

/// What an output is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Pays the recipient at this position of the request.
    Recipient(usize),
    /// Holds the reissued units.
    Reissued,
    /// Returns the reissuance token to the treasury.
    Token,
    /// Burns the asset.
    Burn,
    /// Returns the rest of the asset to the treasury.
    AssetChange,
    /// Returns the rest of the L-BTC to the treasury.
    PolicyChange,
    /// Pays the fee.
    Fee,
}

impl Role {
    /// The name in reports. An output that nothing explains is named in capitals.
    pub fn name_of(role: Option<Role>) -> &'static str {
        match role {
            Some(Role::Recipient(_)) => "recipient",
            Some(Role::Reissued) => "reissued",
            Some(Role::Token) => "token back",
            Some(Role::Burn) => "burn",
            Some(Role::AssetChange) => "asset change",
            Some(Role::PolicyChange) => "L-BTC change",
            Some(Role::Fee) => "fee",
            None => "UNEXPLAINED",
        }
    }
}
