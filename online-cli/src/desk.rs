//! What most commands start from: network, descriptor, request, signed file, AMP; each read once, each with the words for
//! what is wrong with it.

use std::path::Path;

use coldamp_core::amp::Request;
use coldamp_core::amp::request::{ApiRoot, Uuid};
use coldamp_core::elements::AssetId;
use coldamp_core::limits::{MAX_REQUEST_BYTES, MAX_SIGNED_BYTES};
use coldamp_core::network::{Chain, Network};
use coldamp_core::signed::Signed;
use coldamp_core::treasury::CtDescriptor;
use coldamp_online::amp::{Amp, AmpRoot};
use coldamp_online::http::Http;

use crate::args::{AmpArguments, TreasuryArguments};
use crate::error::{Exit, Failure};
use crate::input::read_file;
use crate::{credentials, refusal, screen};

/// A descriptor has some 300 bytes.
const MAX_DESCRIPTOR_BYTES: usize = 4 * 1024;

/// The network with its policy asset.
///
/// # Errors
/// When a public network is given another policy asset.
pub(crate) fn network(chain: Chain, policy_asset: Option<AssetId>) -> Result<Network, Failure> {
    match policy_asset {
        None => Ok(Network::new(chain)),
        Some(asset) => Network::with_policy_asset(chain, asset).map_err(|error| {
            Failure::new(
                Exit::Usage,
                format!("found --policy-asset {asset} with --network {chain}: {error}"),
                "leave out --policy-asset, or name --network regtest",
            )
        }),
    }
}

/// Network and descriptor of a treasury.
///
/// # Errors
/// When the descriptor is none, or another network's.
pub(crate) fn treasury(arguments: &TreasuryArguments) -> Result<(Network, CtDescriptor), Failure> {
    let network = network(arguments.network, arguments.policy_asset)?;
    let descriptor = descriptor(&arguments.descriptor, &network)?;
    Ok((network, descriptor))
}

/// The descriptor in a file.
///
/// # Errors
/// When it is none, or another network's.
pub(crate) fn descriptor(path: &Path, network: &Network) -> Result<CtDescriptor, Failure> {
    let what = "the descriptor file";
    let bytes = read_file(path, MAX_DESCRIPTOR_BYTES).map_err(|error| error.into_failure(what, path))?;
    let text = std::str::from_utf8(&bytes).map_err(|_| refusal::no_text(path))?;
    CtDescriptor::parse(text, network.chain()).map_err(|error| refusal::descriptor(path, &error))
}

/// The request in a file.
///
/// # Errors
/// When it is none to act on.
pub(crate) fn request(path: &Path, network: &Network) -> Result<Request, Failure> {
    let what = "the request file";
    let bytes = read_file(path, MAX_REQUEST_BYTES).map_err(|error| error.into_failure(what, path))?;
    Request::parse(&bytes, network).map_err(|error| refusal::request(path, &error))
}

/// A signed file and its bytes.
///
/// # Errors
/// When it is none.
pub(crate) fn signed(path: &Path) -> Result<(Vec<u8>, Signed), Failure> {
    let what = "the signed file";
    let bytes = read_file(path, MAX_SIGNED_BYTES).map_err(|error| error.into_failure(what, path))?;
    let signed = Signed::read(&bytes).map_err(|error| refusal::signed(path, &error))?;
    Ok((bytes, signed))
}

/// AMP's name for an asset, from the command line.
///
/// # Errors
/// When it is no uuid.
pub(crate) fn uuid(text: &str) -> Result<Uuid, Failure> {
    Uuid::parse(text).ok_or_else(|| {
        Failure::new(
            Exit::Usage,
            "found no uuid, expected 8-4-4-4-12 lower-case hexadecimal digits",
            "AMP shows an asset's uuid beside its name",
        )
    })
}

/// Where AMP is: the operator's `--amp`, else what the file or the network names.
///
/// # Errors
/// When `--amp` is no root of AMP's API.
pub(crate) fn amp_root(arguments: &AmpArguments, named: &ApiRoot) -> Result<AmpRoot, Failure> {
    let named = AmpRoot::of(named);
    let Some(own) = &arguments.amp else { return Ok(named) };
    let own = own_amp_root(own)?;
    if own != named {
        screen::warn(&format!("AMP is asked at {own}, as --amp says; the file or network names {named}"));
    }
    Ok(own)
}

/// The operator's own `--amp`.
///
/// # Errors
/// When it is no root of AMP's API.
pub(crate) fn own_amp_root(text: &str) -> Result<AmpRoot, Failure> {
    AmpRoot::parse(text).map_err(|error| {
        let hint = "the password would go there: name AMP's own API over https, /api included";
        Failure::new(Exit::Usage, format!("--amp: {error}"), hint).with_code("HOST")
    })
}

/// AMP, logged in.
///
/// # Errors
/// When nobody gives credentials, or AMP refuses them.
pub(crate) async fn amp(http: Http, root: AmpRoot, arguments: &AmpArguments) -> Result<Amp, Failure> {
    let credentials = credentials::obtain(arguments.amp_credentials.as_deref())?;
    Amp::log_in(http, root, &credentials).await.map_err(|error| refusal::amp(&error))
}
