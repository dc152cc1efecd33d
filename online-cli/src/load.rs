//! The files and options that most commands need: network, descriptor, request, signed file, AMP. Each is loaded here once,
//! with its failure.

use std::path::Path;

use coldamp_cli::file_kind::{FileKind, tell_apart};
use coldamp_cli::treasury::network;
use coldamp_cli::{Exit, Failure, screen};
use coldamp_core::amp::Request;
use coldamp_core::amp::request::{ApiRoot, Uuid};
use coldamp_core::code::Code;
use coldamp_core::limits::{
    MAX_DESCRIPTOR_BYTES, MAX_PSET_FILE_BYTES, MAX_REQUEST_BYTES, MAX_SHOWN_NAME, MAX_SIGNED_BYTES,
};
use coldamp_core::listed::beginning;
use coldamp_core::network::Network;
use coldamp_core::pset::UnsignedPset;
use coldamp_core::signed::SignedFile;
use coldamp_core::treasury::CtDescriptor;
use coldamp_online::amp::{Amp, AmpRoot};
use coldamp_online::http::Http;

use crate::args::{AmpArguments, TreasuryArguments};
use crate::input::read_file;
use crate::{credentials, refusal};

/// Network and descriptor of a treasury.
///
/// # Errors
/// When the file holds no descriptor, or one of another network.
pub(crate) fn treasury(arguments: &TreasuryArguments) -> Result<(Network, CtDescriptor), Failure> {
    let network = network(named(arguments.network)?, arguments.policy_asset)?;
    let descriptor = descriptor(named(arguments.descriptor.as_deref())?, &network)?;
    Ok((network, descriptor))
}

/// A value that the command needs, which is there after the command line was filled from the profile.
///
/// # Errors
/// Only before that.
pub(crate) fn named<T>(value: Option<T>) -> Result<T, Failure> {
    value.ok_or_else(|| Failure::internal("a command line that was not filled"))
}

/// The descriptor in a file.
///
/// # Errors
/// When it holds none, or one of another network.
pub(crate) fn descriptor(path: &Path, network: &Network) -> Result<CtDescriptor, Failure> {
    let bytes = read_file(path, MAX_DESCRIPTOR_BYTES, "the descriptor file")?;
    let text = std::str::from_utf8(&bytes).map_err(|_| refusal::no_text(path))?;
    CtDescriptor::parse(text, network.chain()).map_err(|error| refusal::descriptor(path, &error))
}

/// The request in a file.
///
/// # Errors
/// When it is not a request, or must not be acted on.
pub(crate) fn request(path: &Path, network: &Network) -> Result<Request, Failure> {
    let bytes = read_file(path, MAX_REQUEST_BYTES, "the request file")?;
    Request::parse(&bytes, network).map_err(|error| {
        tell_apart(refusal::request(path, &error), &bytes, &[FileKind::Request], "Name AMP's request here.")
    })
}

/// The unsigned PSET in a file. `hint` says which file to name instead.
///
/// # Errors
/// When it is not a PSET.
pub(crate) fn pset(path: &Path, hint: &str) -> Result<UnsignedPset, Failure> {
    let what = "the PSET";
    let text = read_file(path, MAX_PSET_FILE_BYTES, what)?;
    UnsignedPset::read(&text).map_err(|error| {
        let message = format!("{what} {}: {error}", screen::printable_path(path));
        tell_apart(Failure::new(Exit::Input, message, hint), &text, &[FileKind::Pset], hint)
    })
}

/// A signed file and its bytes.
///
/// # Errors
/// When it is not a signed file.
pub(crate) fn signed(path: &Path) -> Result<(Vec<u8>, SignedFile), Failure> {
    let bytes = read_file(path, MAX_SIGNED_BYTES, "the signed file")?;
    let signed = SignedFile::read(&bytes).map_err(|error| {
        tell_apart(refusal::signed(path, &error), &bytes, &[FileKind::Signed], "Name the signed.json here.")
    })?;
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
            format!(
                "found {:?}, expected a uuid: 8-4-4-4-12 lower-case hexadecimal digits",
                beginning(text, MAX_SHOWN_NAME)
            ),
            "AMP shows an asset's uuid beside its name.",
        )
    })
}

/// Where AMP is: the operator's `--amp`, else the profile's, else what the file or the network names.
///
/// # Errors
/// When `--amp` is no root of AMP's API.
pub(crate) fn amp_root(arguments: &AmpArguments, named: &ApiRoot) -> Result<AmpRoot, Failure> {
    let named = AmpRoot::of(named);
    let Some(own) = &arguments.amp else { return Ok(named) };
    let own = own_amp_root(own)?;
    if own != named {
        screen::warn(&format!(
            "using AMP at {own}, as the command line or the profile says. The default would be {named}"
        ));
    }
    Ok(own)
}

/// The operator's own `--amp`.
///
/// # Errors
/// When it is no root of AMP's API.
pub(crate) fn own_amp_root(text: &str) -> Result<AmpRoot, Failure> {
    AmpRoot::parse(text).map_err(|error| {
        let hint = "Name AMP's own API over https, with /api at the end. The password is sent there.";
        refusal::of(Code::Host, format!("--amp: {error}")).with_exit(Exit::Usage).with_hint(hint)
    })
}

/// AMP, logged in.
///
/// # Errors
/// When nobody gives credentials, or AMP refuses them.
pub(crate) async fn amp(http: Http, root: AmpRoot, arguments: &AmpArguments) -> Result<Amp, Failure> {
    let file = match &arguments.login_is_for {
        Some(own) if *own != root => {
            screen::say(&format!("The profile's login is for AMP at {own}. It is not sent to {root}"));
            None
        }
        _ => arguments.amp_credentials.as_deref(),
    };
    let credentials = credentials::obtain(file)?;
    Amp::log_in(http, root, &credentials).await.map_err(|error| refusal::amp(&error))
}
