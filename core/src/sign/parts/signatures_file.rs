//! `coldamp.signatures/1`: the signatures of one key alone (docs/formats.md). There is one text for each set of signatures, and no
//! other is read.

use std::str::FromStr as _;

use elements::Txid;
use elements::bitcoin::PublicKey;
use elements::bitcoin::bip32::Fingerprint;
use elements::hex::{DisplayHex as _, decode_to_vec};
use elements::secp256k1_zkp::{self, ecdsa::Signature};
use serde::{Deserialize, Serialize};

use super::PartReadError;
use crate::limits::MAX_SIGNATURES_BYTES;
use crate::network::Chain;
use crate::pset::ContentHash;
use crate::sign::signature_set::SignatureSet;
use crate::sign::signatures::InputSignature;
use crate::signed::JournalPosition;

/// The name of the format.
const SCHEMA: &str = "coldamp.signatures/1";

/// The file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire {
    schema: String,
    network: String,
    content: String,
    descriptor: String,
    txid: String,
    fingerprint: String,
    signatures: Vec<SignatureWire>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    signer: Option<SignerWire>,
}

/// An item of the field `signatures`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SignatureWire {
    input: usize,
    key: String,
    signature: String,
}

/// Field `signer`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SignerWire {
    id: String,
    number: u32,
    head: String,
}

impl SignatureSet {
    /// The text of its file: JSON without blanks, and a newline at its end.
    ///
    /// # Errors
    /// Never for the values that this type can hold. The writer's error is passed on.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        let signature = |one: &InputSignature| SignatureWire {
            input: one.input,
            key: one.key.inner.serialize().to_lower_hex_string(),
            signature: one.signature.to_lower_hex_string(),
        };
        let signer = |position: &JournalPosition| SignerWire {
            id: position.id.to_lower_hex_string(),
            number: position.number,
            head: position.head.to_lower_hex_string(),
        };
        let wire = Wire {
            schema: SCHEMA.to_owned(),
            network: self.network.name().to_owned(),
            content: self.content.0.to_lower_hex_string(),
            descriptor: self.descriptor.to_lower_hex_string(),
            txid: self.txid.to_string(),
            fingerprint: self.fingerprint.to_string(),
            signatures: self.signatures.iter().map(signature).collect(),
            signer: self.signer.as_ref().map(signer),
        };
        let mut text = serde_json::to_string(&wire)?;
        text.push('\n');
        Ok(text)
    }

    /// Reads a file. Its signatures are not verified.
    ///
    /// # Errors
    /// When it is not exactly what a signer writes.
    pub fn read(bytes: &[u8]) -> Result<Self, PartReadError> {
        if bytes.len() > MAX_SIGNATURES_BYTES {
            return Err(PartReadError::TooLarge { found: bytes.len() });
        }
        let wire: Wire = serde_json::from_slice(bytes)
            .map_err(|error| PartReadError::Shape { line: error.line(), column: error.column() })?;
        if wire.schema != SCHEMA {
            return Err(PartReadError::Schema);
        }
        let set = wire.into_set()?;
        // A value has one text. With two, two people could hold different files for the same and compare them in vain.
        match set.to_json().is_ok_and(|text| text.as_bytes() == bytes) {
            true => Ok(set),
            false => Err(field(
                "layout",
                "the fields in the signer's order, hexadecimal in lower case, no blanks, and one line feed at the end",
            )),
        }
    }
}

impl Wire {
    fn into_set(self) -> Result<SignatureSet, PartReadError> {
        let no_network = field("network", "liquid, liquid-testnet or regtest");
        let signer = match &self.signer {
            None => None,
            Some(signer) => Some(signer.position().ok_or(field("signer", "id, number and head"))?),
        };
        let signatures: Vec<InputSignature> =
            self.signatures.iter().map(SignatureWire::signature).collect::<Result<_, _>>()?;
        let is_in_order = signatures.iter().zip(signatures.iter().skip(1)).all(|(a, b)| a.input < b.input);
        if signatures.is_empty() || !is_in_order {
            return Err(field("signatures", "one for each input, in the order of the inputs"));
        }
        Ok(SignatureSet {
            network: self.network.parse::<Chain>().map_err(|_| no_network)?,
            content: ContentHash(array(&self.content).ok_or(field("content", "32 bytes in hexadecimal"))?),
            descriptor: array(&self.descriptor).ok_or(field("descriptor", "32 bytes in hexadecimal"))?,
            txid: Txid::from_str(&self.txid).map_err(|_| field("txid", "the id of a transaction"))?,
            fingerprint: array::<4>(&self.fingerprint)
                .map(Fingerprint::from)
                .ok_or(field("fingerprint", "4 bytes in hexadecimal"))?,
            signatures,
            signer,
        })
    }
}

impl SignatureWire {
    fn signature(&self) -> Result<InputSignature, PartReadError> {
        let no_key = || field("signatures.key", "a compressed public key in hexadecimal");
        let key = array::<33>(&self.key).ok_or_else(no_key)?;
        let key = secp256k1_zkp::PublicKey::from_slice(&key).map_err(|_| no_key())?;
        let signature = decode_to_vec(&self.signature).ok().filter(|bytes| is_strict_der(bytes));
        let signature = signature.ok_or(field("signatures.signature", "strict DER and a sighash byte"))?;
        Ok(InputSignature { input: self.input, key: PublicKey::new(key), signature })
    }
}

impl SignerWire {
    fn position(&self) -> Option<JournalPosition> {
        Some(JournalPosition { id: array(&self.id)?, number: self.number, head: array(&self.head)? })
    }
}

/// Whether bytes are a signature in its only DER encoding, followed by one byte (BIP-66).
fn is_strict_der(bytes: &[u8]) -> bool {
    let parsed = bytes.split_last().and_then(|(_, der)| Some((der, Signature::from_der(der).ok()?)));
    parsed.is_some_and(|(der, signature)| signature.serialize_der().as_ref() == der)
}

fn field(field: &'static str, expected: &'static str) -> PartReadError {
    PartReadError::Field { field, expected }
}

fn array<const N: usize>(hexadecimal: &str) -> Option<[u8; N]> {
    decode_to_vec(hexadecimal).ok()?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use elements::secp256k1_zkp::{Message, SECP256K1, SecretKey};

    use super::*;

    fn signature(input: usize) -> InputSignature {
        let secret = SecretKey::from_slice(&[7; 32]).unwrap();
        let message = Message::from_digest([u8::try_from(input).unwrap(); 32]);
        let mut bytes = SECP256K1.sign_ecdsa_low_r(&message, &secret).serialize_der().to_vec();
        bytes.push(0x41);
        InputSignature { input, key: PublicKey::new(secret.public_key(SECP256K1)), signature: bytes }
    }

    fn set(inputs: usize) -> SignatureSet {
        SignatureSet {
            network: Chain::LiquidTestnet,
            content: ContentHash([1; 32]),
            descriptor: [2; 32],
            txid: Txid::from_byte_array([3; 32]),
            fingerprint: Fingerprint::from([4; 4]),
            signatures: (0..inputs).map(signature).collect(),
            signer: Some(JournalPosition { id: [5; 16], number: u32::MAX, head: [6; 32] }),
        }
    }

    fn refused(text: &str) -> PartReadError {
        SignatureSet::read(text.as_bytes()).unwrap_err()
    }

    #[test]
    fn signatures_are_read_as_they_are_written() {
        for set in [set(1), set(2), set(256), SignatureSet { signer: None, ..set(2) }] {
            let text = set.to_json().unwrap();
            assert_eq!(SignatureSet::read(text.as_bytes()), Ok(set));
        }
    }

    #[test]
    fn two_inputs_take_at_most_1000_bytes_whatever_the_network_and_the_entry() {
        let text = set(2).to_json().unwrap();
        assert!(text.len() <= 1_000, "{}", text.len());
    }

    #[test]
    fn what_is_written_otherwise_is_refused_by_the_name_of_the_field() {
        let text = set(2).to_json().unwrap();
        let (key, content) = (signature(0).key.to_string(), "01".repeat(32));
        let (_, rest) = key.split_at(2);
        let no_point = format!("05{rest}");
        for (from, to, expected) in [
            ("\"network\":\"liquid-testnet\"", "\"network\":\"mainnet\"", "network"),
            ("\"content\":\"01", "\"content\":\"", "content"),
            ("\"descriptor\":\"02", "\"descriptor\":\"", "descriptor"),
            ("\"txid\":\"03", "\"txid\":\"", "txid"),
            ("\"fingerprint\":\"04", "\"fingerprint\":\"", "fingerprint"),
            ("\"input\":1", "\"input\":0", "signatures"),
            ("\"input\":0", "\"input\":2", "signatures"),
            (&key, rest, "signatures.key"),
            (&key, &no_point, "signatures.key"),
            ("\"signature\":\"30", "\"signature\":\"31", "signatures.signature"),
            ("\"signature\":\"30", "\"signature\":\"00", "signatures.signature"),
            ("41\"}", "\"}", "signatures.signature"),
            ("\"id\":\"05", "\"id\":\"", "signer"),
            ("\"head\":\"06", "\"head\":\"", "signer"),
            (&content, &content.replace('1', "A"), "layout"),
            (",\"txid\"", ", \"txid\"", "layout"),
            ("}\n", "}", "layout"),
            ("}\n", "}\n\n", "layout"),
            ("\"signer\":{", "\"signer\":null,\"signer\":{", "shape"),
            ("\"txid\"", "\"txid\":\"\",\"txid\"", "shape"),
            ("\"txid\"", "\"more\":1,\"txid\"", "shape"),
            ("\"input\":0", "\"input\":-1", "shape"),
            ("\"input\":0", "\"input\":0,\"input\":0", "shape"),
            ("}\n", "} 1", "shape"),
            ("coldamp.signatures/1", "coldamp.signatures/2", "schema"),
        ] {
            assert!(text.contains(from), "{from}");
            let found = match refused(&text.replacen(from, to, 1)) {
                PartReadError::Field { field, .. } => field,
                PartReadError::Shape { .. } => "shape",
                PartReadError::Schema => "schema",
                other => panic!("{other}"),
            };
            assert_eq!(found, expected, "{from} -> {to}");
        }
        assert_eq!(
            refused(&set(0).to_json().unwrap()),
            field("signatures", "one for each input, in the order of the inputs")
        );
        let long = " ".repeat(MAX_SIGNATURES_BYTES + 1);
        assert_eq!(refused(&long), PartReadError::TooLarge { found: long.len() });
    }

    #[test]
    fn a_signature_with_a_padded_integer_is_not_strict() {
        let honest = signature(0).signature;
        assert!(is_strict_der(&honest));
        let mut padded = honest.clone();
        // One zero byte more in front of R, and both lengths to match.
        padded.insert(4, 0);
        padded[1] += 1;
        padded[3] += 1;
        assert!(!is_strict_der(&padded));
        assert!(!is_strict_der(&honest[..honest.len() - 2]) && !is_strict_der(&[]));
    }
}
