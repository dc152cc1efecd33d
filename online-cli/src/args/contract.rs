//! The arguments of `contract`.

use std::path::PathBuf;

use clap::Args;
use coldamp_core::elements::{AssetId, OutPoint, Txid};
use coldamp_core::network::Chain;

use super::{AmpArguments, AssetArguments, SourceArguments};

/// Which asset's contract, and where it comes from.
#[derive(Args)]
pub(crate) struct ContractArguments {
    #[command(flatten)]
    pub(crate) asset: AssetArguments,
    /// The id of the asset, which the contract is proven against
    #[arg(long, value_name = "HEX")]
    pub(crate) asset_id: Option<AssetId>,
    /// A file with the contract in any layout, or with the asset registry's whole answer. Without it the chain source is asked,
    /// then AMP
    #[arg(long, value_name = "FILE")]
    pub(crate) from: Option<PathBuf>,
    /// The coin that the asset's first issuance spent. Without it the file or the chain source says which
    #[arg(long, value_name = "TXID:VOUT", value_parser = outpoint)]
    pub(crate) issuance_prevout: Option<OutPoint>,
    /// The id of the transaction that issued the asset first. Without it the chain source is asked
    #[arg(long, value_name = "TXID")]
    pub(crate) issuance_tx: Option<Txid>,
    /// The network of the asset: liquid, liquid-testnet or regtest
    #[arg(long, value_name = "NET")]
    pub(crate) network: Option<Chain>,
    #[command(flatten)]
    pub(crate) source: SourceArguments,
    #[command(flatten)]
    pub(crate) amp: AmpArguments,
    /// The file to write; it must not exist
    #[arg(short, long, value_name = "contract.json")]
    pub(crate) output: PathBuf,
}

/// Reads TXID:VOUT.
fn outpoint(text: &str) -> Result<OutPoint, String> {
    let parts = text.split_once(':').and_then(|(txid, vout)| Some((txid.parse().ok()?, vout.parse().ok()?)));
    let (txid, vout) = parts.ok_or("expected TXID:VOUT")?;
    Ok(OutPoint::new(txid, vout))
}
