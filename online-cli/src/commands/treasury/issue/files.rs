//! The files of a new asset: AMP's answer, the order beside it, and what both prove.

use std::io;
use std::path::{Path, PathBuf};

use coldamp_cli::Failure;
use coldamp_cli::input::{self, InputError};
use coldamp_cli::screen::printable_path;
use coldamp_core::Secp;
use coldamp_core::code::Code;
use coldamp_core::elements::{Transaction, Txid};
use coldamp_core::limits::MAX_REQUEST_BYTES;
use coldamp_core::network::Network;
use coldamp_core::treasury::CtDescriptor;
use coldamp_online::amp::Amp;
use coldamp_online::source::Source;
use coldamp_online::treasury::issue::{Answered, Order, ProvenIssue, prove};

use crate::refusal;
use crate::source::SourceError;

/// The order beside an answer.
pub(in crate::commands::treasury) fn order_path(answer: &Path) -> PathBuf {
    let mut name = answer.as_os_str().to_owned();
    name.push(".order");
    PathBuf::from(name)
}

/// The order that was saved beside an answer; none where there is none.
pub(in crate::commands::treasury) fn saved_order(
    secp: &Secp,
    network: &Network,
    descriptor: &CtDescriptor,
    answer: &Path,
) -> Result<Option<Order>, Failure> {
    let path = order_path(answer);
    let Some(text) = read_if_there(&path, "the order")? else { return Ok(None) };
    let order = Order::read(secp, network, descriptor, &text).map_err(|error| {
        let message = format!("the order {}: {error}", printable_path(&path));
        refusal::of(Code::IssueDiffers, message).with_hint(
            "Nothing was asked for. Put back the order as it was written. If you cannot, find out who changed it before you issue with another -o.",
        )
    })?;
    Ok(Some(order))
}

/// A file's bytes; none where it does not exist.
pub(in crate::commands::treasury) fn read_if_there(
    path: &Path,
    what: &str,
) -> Result<Option<Vec<u8>>, Failure> {
    match input::read_file(path, MAX_REQUEST_BYTES) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(InputError::Unreadable { reason }) if reason.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.into_failure(what, path)),
    }
}

/// Reads an answer, and proves what was issued by its transaction.
pub(in crate::commands::treasury) async fn proven<S: Source<Error = SourceError>>(
    secp: &Secp,
    descriptor: &CtDescriptor,
    source: &S,
    path: &Path,
    order: &Order,
    answer: &[u8],
    amp: &Amp,
) -> Result<(Answered, ProvenIssue), Failure> {
    let answered = Answered::read(answer, order).map_err(|error| {
        let reason = amp.reason_without_credentials(&error.to_string(), answer);
        refusal::of(error.code(), format!("{}: {reason}", printable_path(path)))
            .with_hint("Keep AMP's answer, which is saved. AMP may have issued an asset all the same: look at AMP's list of assets.")
    })?;
    let transaction = transaction(source, answered.txid).await?;
    let proven =
        prove(secp, descriptor, order, &answered, &transaction).map_err(|error| refusal::issue(&error))?;
    Ok((answered, proven))
}

/// The issuance, from the chain source.
pub(super) async fn transaction<S: Source<Error = SourceError>>(
    source: &S,
    txid: Txid,
) -> Result<Transaction, Failure> {
    let found = source.transaction(txid).await.map_err(|error| refusal::source(&error))?;
    found.ok_or_else(|| {
        refusal::of(Code::NoTransaction, format!("the chain source does not have the issuance {txid}")).with_hint(
            "AMP says that it issued, and its answer is saved. Run the same command again in some minutes: it asks AMP for nothing.",
        )
    })
}
