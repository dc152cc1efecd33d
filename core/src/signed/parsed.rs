//! What a signed.json says, typed: for whoever broadcasts the transaction and reports it.
//!
//! The file is untrusted. Only byte-exact signer output is accepted (docs/rules.md#signed-file): the file is written again
//! from the parsed values, and must be the same bytes. Whether transaction and report are the right ones is
//! decided by an audit ([`crate::sign::audit_without_keys`]).

use std::collections::BTreeMap;
use std::fmt;

use elements::encode::{deserialize, serialize_hex};
use elements::hex::decode_to_vec;
use elements::{Address, OutPoint, Transaction, Txid, Wtxid};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::read::Wire;
use super::{ReadError, Report, SignedFields, SignedFile, Signers};
use crate::Secp;
use crate::amp::confirm::{Payload, RowError};
use crate::amp::request::{ApiRoot, Command, Uuid, confirm_path};
use crate::network::{Chain, Network};
use crate::treasury::Opening;

/// A signed transaction and what AMP is to be told about it.
#[derive(Clone, PartialEq, Eq)]
pub struct Signed {
    pub(super) chain: Chain,
    pub(super) command: Command,
    pub(super) transaction: Transaction,
    pub(super) api: ApiRoot,
    pub(super) asset_uuid: Uuid,
    /// Of a distribution, and of nothing else.
    pub(super) distribution_uuid: Option<Uuid>,
    pub(super) payload: Payload,
    pub(super) signers: Signers,
}

/// Field `amp`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Amp<'a> {
    base_url: &'a str,
    asset_uuid: &'a str,
    #[serde(default)]
    distribution_uuid: Option<&'a str>,
    path: &'a str,
    #[serde(borrow)]
    payload: &'a RawValue,
}

impl Signed {
    /// Reads a signed.json.
    ///
    /// # Errors
    /// When anything in it is not what the signer writes: another shape, a host of AMP's that is not built in for the
    /// network, ids that are not the transaction's, or a report of another command or transaction.
    pub fn read(bytes: &[u8]) -> Result<Self, ReadError> {
        let fields = SignedFields::split(bytes)?;
        let signed = Self::parse(&fields.fields)?;
        let payload = &signed.payload;
        if !payload.is_the_signers(signed.txid()) || !signed.rows_show_the_transaction() {
            return Err(field("amp.payload", "rows of this transaction, as the signer writes them"));
        }
        // Two texts for one value would let two readers see two files.
        let file = signed.file();
        match fields.differences(&file).first() {
            // Nor may one file have two texts: its SHA-256 says which log is its.
            None if file.to_json().is_ok_and(|text| text.as_bytes() == bytes) => Ok(signed),
            None => Err(field(
                "layout",
                "the fields in the signer's order, its indentation, and one line feed at the end",
            )),
            Some(&"transaction") => Err(field("transaction", "the only encoding of it")),
            Some(&name @ ("txid" | "wtxid")) => Err(field(name, "the id of the transaction")),
            Some(name) => Err(field(name, "the text that the signer writes for this")),
        }
    }

    fn parse(wire: &Wire<'_>) -> Result<Self, ReadError> {
        let text =
            |raw: &RawValue, field: ReadError| serde_json::from_str::<String>(raw.get()).map_err(|_| field);
        let no_network = || field("network", "liquid, liquid-testnet or regtest");
        let chain: Chain = text(wire.network, no_network())?.parse().map_err(|_| no_network())?;
        let no_command = || field("command", "distribute, reissue or burn");
        let command = Command::from_name(&text(wire.command, no_command())?).ok_or_else(no_command)?;
        let no_transaction = || field("transaction", "a transaction in hexadecimal");
        let bytes =
            decode_to_vec(&text(wire.transaction, no_transaction())?).map_err(|_| no_transaction())?;
        let transaction: Transaction = deserialize(&bytes).map_err(|_| no_transaction())?;

        let amp: Amp<'_> = serde_json::from_str(wire.amp.get())
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

        let signers = wire.signers()?;
        Ok(Signed { chain, command, transaction, api, asset_uuid, distribution_uuid, payload, signers })
    }

    /// Whether each row has the address of its output and the fee of the transaction. What it says of amounts and blinders
    /// is for [`Signed::opens`].
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
            // No key is here to derive it from; it must at least be one line of plain text.
            && change.clone().all(|row| row.desc.bytes().all(|byte| byte.is_ascii_graphic()))
    }

    /// The file that says this.
    pub fn file(&self) -> SignedFile {
        SignedFile {
            version: self.signers.version(),
            network: self.chain.name(),
            command: self.command.name(),
            txid: self.txid(),
            wtxid: self.wtxid(),
            transaction: serialize_hex(&self.transaction),
            amp: Report {
                base_url: self.api.to_string(),
                asset_uuid: self.asset_uuid.to_string(),
                distribution_uuid: self.distribution_uuid.as_ref().map(ToString::to_string),
                path: self.path(),
                payload: self.payload.clone(),
            },
            signers: self.signers.clone(),
        }
    }

    /// Opens every commitment that the report tells of against the transaction; see [`Payload::opens`].
    ///
    /// # Errors
    /// With the first row that does not open it.
    pub fn opens(&self, secp: &Secp) -> Result<(), RowError> {
        self.payload.opens(secp, &self.transaction)
    }

    /// How the transaction's blinded outputs open, as far as the report says it, by outpoint: for coins whose range proof
    /// was swapped on the way into the chain. Whoever uses one holds it against the coin ([`Opening::rebuilds`]).
    pub fn openings(&self) -> Vec<(OutPoint, Opening)> {
        let details = self.payload.details().iter().map(|row| (row.vout, row.opening()));
        let change = self.payload.change_data().iter().map(|row| (row.vout, row.opening()));
        // A row of a send and one of a receive say the same of one output.
        let by_output: BTreeMap<usize, Opening> = details.chain(change).collect();
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

    /// Whether another file of the same transaction has AMP told the same, at the same place. The signer writes no two that
    /// do not: what it says of a transaction follows from the PSET.
    pub fn reports_as(&self, other: &Signed) -> bool {
        let place = |signed: &Signed| (signed.chain, signed.command, signed.api.clone(), signed.path());
        self.txid() == other.txid() && place(self) == place(other) && self.payload == other.payload
    }

    /// Who signed it.
    pub fn signers(&self) -> &Signers {
        &self.signers
    }
}

/// Shows no payload: it holds every blinder.
impl fmt::Debug for Signed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Signed");
        shown.field("chain", &self.chain).field("command", &self.command).field("txid", &self.txid());
        shown.finish_non_exhaustive()
    }
}

fn field(field: &'static str, expected: &'static str) -> ReadError {
    ReadError::Field { field, expected }
}
