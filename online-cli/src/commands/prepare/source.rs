//! The chain source that the arguments name, and the treasury as it shows it.

use std::path::Path;

use coldamp_core::Secp;
use coldamp_core::amp::Request;
use coldamp_core::elements::BlockHash;
use coldamp_core::treasury::{CtDescriptor, UnusedIndices};
use coldamp_online::rpc::Rpc;
use coldamp_online::source::Source;
use coldamp_online::source::file::TransactionsFile;
use coldamp_online::source::node::{NodeError, NodeSource};
use coldamp_online::sync::Holdings;

use super::refusal;
use crate::args::PrepareArguments;
use crate::error::{Exit, Failure};
use crate::input::read_file;

/// A transaction of 80 recipients has 390,000 bytes, and twice as many as hex: room for some hundreds of these.
const MAX_TRANSACTIONS_BYTES: usize = 256 * 1024 * 1024;

/// A cookie has less than 100 bytes.
const MAX_COOKIE_BYTES: usize = 4 * 1024;

/// Reads the treasury from the source named, and the chain's genesis hash where the source knows it.
///
/// # Errors
/// When the source cannot be read, or knows nothing of this treasury.
pub(super) fn sync(
    secp: &Secp,
    descriptor: &CtDescriptor,
    request: &Request,
    arguments: &PrepareArguments,
    known: UnusedIndices,
) -> Result<(Holdings, Option<BlockHash>), Failure> {
    let issuance = arguments.issuance_tx;
    match (&arguments.source.transactions, &arguments.source.node) {
        (Some(path), None) => {
            let source = transactions(path)?;
            let holdings = Holdings::sync(secp, descriptor, &source, request.asset, issuance)
                .map_err(|error| refusal::sync(&error, |never| match *never {}))?;
            let Ok(genesis) = source.genesis();
            Ok((holdings, genesis))
        }
        (None, Some(address)) => {
            let source = node(address, arguments.node_cookie.as_deref(), known)?;
            // First, since it answers at once: a wrong address or password must not wait for a scan to be told.
            let genesis = source.genesis().map_err(|error| refusal::node(&error))?;
            let holdings = Holdings::sync(secp, descriptor, &source, request.asset, issuance)
                .map_err(|error| refusal::sync(&error, |error: &NodeError| refusal::node(error)))?;
            Ok((holdings, genesis))
        }
        // clap has seen to it that exactly one is named.
        _ => Err(Failure::new(
            Exit::Usage,
            "no chain source, or two",
            "name --transactions FILE or --node URL",
        )),
    }
}

fn transactions(path: &Path) -> Result<TransactionsFile, Failure> {
    let what = "the transactions file";
    let bytes = read_file(path, MAX_TRANSACTIONS_BYTES).map_err(|error| error.into_failure(what, path))?;
    TransactionsFile::parse(&bytes).map_err(|error| refusal::transactions(path, &error))
}

fn node(address: &str, cookie: Option<&Path>, known: UnusedIndices) -> Result<NodeSource, Failure> {
    let cookie = cookie.map(|path| -> Result<String, Failure> {
        let bytes =
            read_file(path, MAX_COOKIE_BYTES).map_err(|error| error.into_failure("the cookie file", path))?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    });
    let rpc = Rpc::new(address, cookie.transpose()?.as_deref()).map_err(|error| refusal::rpc(&error))?;
    Ok(NodeSource::new(rpc, known))
}
