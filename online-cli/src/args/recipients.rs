//! The arguments about who is paid, and about amounts in units of the asset.

use std::path::PathBuf;

use clap::Args;
use coldamp_cli::profile::{Filling, ProfileAsset, ShortName};
use coldamp_core::amp::request::Uuid;
use coldamp_core::elements::{AssetId, OutPoint, Txid};
use coldamp_core::network::Chain;

use super::{AmpArguments, StateArguments};

/// What proves how many decimals an asset has.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct PrecisionArguments {
    /// The asset's contract from the registry or AMP, in any layout. It proves the precision, for amounts in units of the asset
    #[arg(long, value_name = "FILE")]
    pub(crate) contract: Option<PathBuf>,
    /// The coin that the asset's first issuance spent, `issuance_prevout` in the asset registry. Where the treasury is read,
    /// the chain source finds it
    #[arg(long, value_name = "TXID:VOUT", value_parser = outpoint)]
    pub(crate) issuance_prevout: Option<OutPoint>,
    /// The assets of the profile: of which one the request is, the request says.
    #[arg(skip)]
    pub(crate) known: Vec<ProfileAsset>,
}

impl PrecisionArguments {
    /// Takes over what the profile knows of its assets.
    pub(crate) fn fill(&mut self, filling: &Filling<'_>) {
        self.known =
            filling.profile().map(|profile| profile.assets.values().cloned().collect()).unwrap_or_default();
    }

    /// What the profile has of an asset.
    pub(crate) fn of_profile(&self, asset: &Uuid) -> Option<&ProfileAsset> {
        self.known.iter().find(|known| known.uuid == *asset)
    }
}

/// Whose recipients to show.
#[derive(Args)]
pub(crate) struct RecipientsArguments {
    /// The request file, byte for byte, or the folder of the job. Without it the job that is not signed yet
    #[arg(value_name = "request.json|FOLDER", id = "request")]
    pub(crate) named_request: Option<PathBuf>,
    #[arg(skip)]
    pub(crate) request: PathBuf,
    /// The network of the treasury: liquid (the default), liquid-testnet or regtest
    #[arg(long, value_name = "NET")]
    pub(crate) network: Option<Chain>,
    /// The L-BTC asset id of a regtest chain, if it is not that of liquidregtest
    #[arg(long, value_name = "HEX")]
    pub(crate) policy_asset: Option<AssetId>,
    /// Write the recipients as CSV to this file, which must not exist, or to stdout with `-`
    #[arg(long, value_name = "OUT")]
    pub(crate) csv: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) precision: PrecisionArguments,
    // Named, AMP's users and GAIDs are shown too.
    #[command(flatten)]
    pub(crate) amp: AmpArguments,
}

/// Whose locks to undo.
#[derive(Args)]
pub(crate) struct UnlockArguments {
    /// The asset: its short name in the profile, or AMP's uuid; or a saved request of it
    #[arg(value_name = "ASSET|request.json")]
    pub(crate) of: String,
    /// The network of the treasury: liquid (the default), liquid-testnet or regtest
    #[arg(long, value_name = "NET")]
    pub(crate) network: Option<Chain>,
    /// The L-BTC asset id of a regtest chain, if it is not that of liquidregtest
    #[arg(long, value_name = "HEX")]
    pub(crate) policy_asset: Option<AssetId>,
    /// Only show what is locked
    #[arg(long)]
    pub(crate) list: bool,
    /// AMP was asked for a distribution, its answer was lost, and you have made sure at AMP that it makes none any more
    #[arg(long, conflicts_with = "list")]
    pub(crate) none_was_made: bool,
    /// An assignment that was locked here and that you have deleted at AMP since, so that AMP's list does not have it; can be given
    /// several times
    #[arg(long, value_name = "ID", conflicts_with = "list")]
    pub(crate) gone: Vec<u64>,
    #[command(flatten)]
    pub(crate) amp: AmpArguments,
    #[command(flatten)]
    pub(crate) state: StateArguments,
}

impl UnlockArguments {
    /// Puts the uuid in the place of a short name of the profile.
    pub(crate) fn fill_asset(&mut self, filling: &Filling<'_>) {
        let name = ShortName::parse(&self.of);
        if let Some(asset) = name.and_then(|name| filling.profile()?.assets.get(&name)) {
            self.of = asset.uuid.to_string();
        }
    }
}

/// Reads `TXID:VOUT`.
fn outpoint(text: &str) -> Result<OutPoint, &'static str> {
    let read = || {
        let (txid, vout) = text.split_once(':')?;
        Some(OutPoint::new(txid.parse::<Txid>().ok()?, vout.parse().ok()?))
    };
    read().ok_or("expected TXID:VOUT")
}
