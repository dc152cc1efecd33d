//! `signed.json`: the signed transaction with its report, which is sent and reported online.
//!
//! The signer makes a [`SignedFile`] and writes it. [`Signers`] says who signed. The online side reads the file. The file is
//! untrusted, and only byte-exact signer output is accepted (docs/rules.md#signed-file): the file is written again from the
//! values that were read, and must be the same bytes. Whether transaction and report are the right ones is decided by an audit
//! ([`crate::sign::audit_without_keys`]).

mod signers;
mod wire;

use std::collections::BTreeMap;
use std::fmt;

use elements::encode::deserialize;
use elements::hex::decode_to_vec;
use elements::{Address, OutPoint, Transaction, Txid, Wtxid};
use serde_json::value::RawValue;

use crate::Secp;
use crate::amp::Request;
use crate::amp::confirm::{Payload, RowError};
use crate::amp::request::{ApiRoot, Command, Uuid, confirm_path};
use crate::network::{Chain, Network};
use crate::treasury::Opening;
use wire::{Amp, decoded_text, field};

pub use signers::{JournalPosition, Signers};
pub use wire::ReadError;
pub(crate) use wire::{RawFields, SIGNERS};

/// A signed transaction and what AMP is to be told about it (docs/formats.md).
#[derive(Clone, PartialEq, Eq)]
pub struct SignedFile {
    chain: Chain,
    command: Command,
    transaction: Transaction,
    api: ApiRoot,
    asset_uuid: Uuid,
    /// Of a distribution only.
    distribution_uuid: Option<Uuid>,
    payload: Payload,
    signers: Signers,
}

impl SignedFile {
    /// Joins a finished transaction and its payload with the request that they answer. The position in the journal is
    /// filled in when the signing is recorded.
    pub(crate) fn new(
        network: &Network,
        request: &Request,
        transaction: &Transaction,
        payload: Payload,
    ) -> Self {
        SignedFile {
            chain: network.chain(),
            command: request.command(),
            transaction: transaction.clone(),
            api: request.api.clone(),
            asset_uuid: request.asset_uuid.clone(),
            distribution_uuid: request.distribution_uuid().cloned(),
            payload,
            signers: Signers::One(JournalPosition::default()),
        }
    }

    /// The same with those who signed it. Nothing signs this statement: it decides nothing about the transaction.
    pub fn with_signers(self, signers: Signers) -> Self {
        SignedFile { signers, ..self }
    }

    /// Reads a signed.json.
    ///
    /// # Errors
    /// When anything in it is not what the signer writes: another shape, a host of AMP's that is not built in for the
    /// network, ids that are not the transaction's, or a report of another command or transaction.
    pub fn read(bytes: &[u8]) -> Result<Self, ReadError> {
        let fields = RawFields::split(bytes)?;
        let signed = Self::parse(&fields)?;
        if !signed.payload.is_the_signers(signed.txid()) || !signed.rows_show_the_transaction() {
            return Err(field("amp.payload", "rows of this transaction, as the signer writes them"));
        }
        // Two texts for one value would let two readers see two files.
        match fields.differences(&signed).first() {
            // Nor may one file have two texts: its SHA-256 says which log belongs to it.
            None if signed.to_json().is_ok_and(|text| text.as_bytes() == bytes) => Ok(signed),
            None => Err(field(
                "layout",
                "the fields in the signer's order, its indentation, and one line feed at the end",
            )),
            Some(&"transaction") => Err(field("transaction", "the only encoding of it")),
            Some(&name @ ("txid" | "wtxid")) => Err(field(name, "the id of the transaction")),
            Some(name) => Err(field(name, "the text that the signer writes for this")),
        }
    }

    fn parse(fields: &RawFields<'_>) -> Result<Self, ReadError> {
        let no_network = || field("network", "liquid, liquid-testnet or regtest");
        let chain: Chain =
            decoded_text(fields.network).and_then(|name| name.parse().ok()).ok_or_else(no_network)?;
        let command = decoded_text(fields.command)
            .and_then(|name| Command::from_name(&name))
            .ok_or_else(|| field("command", "distribute, reissue or burn"))?;
        let transaction = decoded_text(fields.transaction)
            .and_then(|hexadecimal| deserialize(&decode_to_vec(&hexadecimal).ok()?).ok())
            .ok_or_else(|| field("transaction", "a transaction in hexadecimal"))?;

        let amp: Amp<&str, &RawValue> = serde_json::from_str(fields.amp.get())
            .map_err(|_| field("amp", "base_url, uuids, path and payload, each once"))?;
        let api = ApiRoot::parse(amp.base_url, chain)
            .map_err(|_| ReadError::Host { expected: chain.amp_hosts().join(", ") })?;
        let asset_uuid =
            Uuid::parse(amp.asset_uuid).ok_or_else(|| field("amp.asset_uuid", "a uuid in lower case"))?;
        let no_distribution = || {
            field(
                "amp.distribution_uuid",
                "a uuid in lower case for a distribution, and none for anything else",
            )
        };
        let distribution_uuid = match (command, amp.distribution_uuid) {
            (Command::Distribute, Some(uuid)) => Some(Uuid::parse(uuid).ok_or_else(no_distribution)?),
            (Command::Reissue | Command::Burn, None) => None,
            _ => return Err(no_distribution()),
        };
        if amp.path != confirm_path(&asset_uuid, command, distribution_uuid.as_ref()) {
            return Err(field("amp.path", "where reports of this command and these uuids go"));
        }
        let payload = Payload::parse(command, amp.payload.get())?;
        let signers = fields.signers()?;
        Ok(SignedFile { chain, command, transaction, api, asset_uuid, distribution_uuid, payload, signers })
    }

    /// Whether each row has the address of its output and the fee of the transaction. [`SignedFile::opens`] checks what a
    /// row says of amounts and blinders.
    fn rows_show_the_transaction(&self) -> bool {
        let params = Network::new(self.chain).address_params();
        let address = |vout: usize| {
            let output = self.transaction.output.get(vout)?;
            Address::from_script(&output.script_pubkey, None, params).map(|address| address.to_string())
        };
        let fee = self.transaction.output.iter().find(|output| output.script_pubkey.is_empty());
        let fee = fee.and_then(|output| output.value.explicit());
        let details = self.payload.details().iter();
        let change = self.payload.change_data().iter();
        details.clone().all(|row| address(row.vout).as_ref() == Some(&row.address))
            && change.clone().all(|row| address(row.vout).as_ref() == Some(&row.address))
            && details.filter_map(|row| row.fee).all(|paid| Some(paid.amount().base_units()) == fee)
            // No key is here to derive it from. It must at least be one line of plain text.
            && change.clone().all(|row| row.desc.bytes().all(|byte| byte.is_ascii_graphic()))
    }

    /// Opens every commitment that the report names against the transaction; see [`Payload::opens`].
    ///
    /// # Errors
    /// With the first row that does not open it.
    pub fn opens(&self, secp: &Secp) -> Result<(), RowError> {
        self.payload.opens(secp, &self.transaction)
    }

    /// How the transaction's blinded outputs open, as far as the report says it, by outpoint: for coins whose range proof
    /// was replaced before the transaction was mined. Whoever uses one compares it with the coin ([`Opening::rebuilds`]).
    pub fn openings(&self) -> Vec<(OutPoint, Opening)> {
        let details = self.payload.details().iter().map(|row| (row.vout, row.opening()));
        let change = self.payload.change_data().iter().map(|row| (row.vout, row.opening()));
        // A row of a send and one of a receive say the same of one output.
        let mut by_output = BTreeMap::new();
        for (vout, opening) in details.chain(change) {
            by_output.insert(vout, opening);
        }
        let blinded = |vout: &usize| {
            self.transaction.output.get(*vout).is_some_and(|output| output.asset.is_confidential())
        };
        let openings = by_output.into_iter().filter(|(vout, _)| blinded(vout));
        let txid = self.txid();
        openings
            .filter_map(|(vout, opening)| Some((OutPoint::new(txid, u32::try_from(vout).ok()?), opening)))
            .collect()
    }

    /// The chain.
    pub fn chain(&self) -> Chain {
        self.chain
    }

    /// What AMP asked for.
    pub fn command(&self) -> Command {
        self.command
    }

    /// The transaction's id.
    pub fn txid(&self) -> Txid {
        self.transaction.txid()
    }

    /// Its id with witnesses.
    pub fn wtxid(&self) -> Wtxid {
        self.transaction.wtxid()
    }

    /// The transaction.
    pub fn transaction(&self) -> &Transaction {
        &self.transaction
    }

    /// Root of AMP's API, a host that is built in for the chain.
    pub fn api(&self) -> &ApiRoot {
        &self.api
    }

    /// AMP's name for the asset.
    pub fn asset_uuid(&self) -> &Uuid {
        &self.asset_uuid
    }

    /// AMP's name for the distribution, if it is one.
    pub fn distribution_uuid(&self) -> Option<&Uuid> {
        self.distribution_uuid.as_ref()
    }

    /// Where the report goes, below the root.
    pub fn path(&self) -> String {
        confirm_path(&self.asset_uuid, self.command, self.distribution_uuid.as_ref())
    }

    /// The report, confirmations still open.
    pub fn payload(&self) -> &Payload {
        &self.payload
    }

    /// Who signed it.
    pub fn signers(&self) -> &Signers {
        &self.signers
    }

    /// Whether another file has the same transaction and reports the same at the same place. The signer writes no two
    /// files of one transaction that differ in this: all of it follows from the PSET.
    pub fn reports_as(&self, other: &SignedFile) -> bool {
        self.txid() == other.txid()
            && (self.chain, self.command, &self.api, self.path(), &self.payload)
                == (other.chain, other.command, &other.api, other.path(), &other.payload)
    }
}

/// Shows no payload: it holds every blinder.
impl fmt::Debug for SignedFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("SignedFile");
        shown.field("chain", &self.chain).field("command", &self.command).field("txid", &self.txid());
        shown.finish_non_exhaustive()
    }
}
