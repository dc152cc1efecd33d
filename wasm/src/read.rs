//! Parses the texts and files that the page passes in.

use coldamp_core::amp::request::Uuid;
use coldamp_core::code::Code;
use coldamp_core::elements::{AssetId, OutPoint, Txid};
use coldamp_core::encoding::ForeignEncoding;
use coldamp_core::listed::CoinName;
use coldamp_core::signed;
use coldamp_core::units::AssetAmount;
use coldamp_online::state::reservations::Reservations;

use crate::Failure;

/// An asset id, 64 hexadecimal digits.
pub(crate) fn asset(text: &str) -> Result<AssetId, Failure> {
    text.parse().map_err(|_| Failure::argument("asset: expected 64 hexadecimal digits"))
}

/// A transaction id, 64 hexadecimal digits.
pub(crate) fn txid(text: &str) -> Result<Txid, Failure> {
    text.trim()
        .parse()
        .map_err(|_| Failure::new(Code::Txid, "expected a transaction id: 64 hexadecimal digits"))
}

/// A uuid of AMP.
pub(crate) fn uuid(text: &str) -> Result<Uuid, Failure> {
    Uuid::parse(text.trim())
        .ok_or_else(|| Failure::new(Code::Uuid, "expected a uuid: 8-4-4-4-12 lower-case hexadecimal digits"))
}

/// An amount of base units: a whole number above 0, in digits alone.
pub(crate) fn amount(text: &str) -> Result<AssetAmount, Failure> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let amount = text.parse().ok().filter(|amount| digits && *amount > 0);
    amount
        .map(AssetAmount::from_base_units)
        .ok_or_else(|| Failure::new(Code::AmountSyntax, "expected a whole number of base units above 0"))
}

/// The reservations; empty if there is no record yet.
pub(crate) fn record(text: Option<&str>) -> Result<Reservations, Failure> {
    Ok(text.map(|text| Reservations::parse(text.as_bytes())).transpose()?.unwrap_or_default())
}

/// The bytes of a file, if it has no byte order mark and is not UTF-16.
pub(crate) fn plain(bytes: &[u8]) -> Result<&[u8], Failure> {
    match ForeignEncoding::of(bytes) {
        None => Ok(bytes),
        Some(found) => Err(Failure::new(Code::Encoding, found.to_string())),
    }
}

/// A signed.json.
pub(crate) fn signed(bytes: &[u8]) -> Result<signed::SignedFile, Failure> {
    let bytes = plain(bytes)?;
    Ok(signed::SignedFile::read(bytes)?)
}

/// `txid:vout`.
pub(crate) fn place(outpoint: OutPoint) -> String {
    CoinName(outpoint).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_a_whole_number_of_base_units_above_0() {
        assert_eq!(amount("9007199254740993").unwrap().base_units(), 9_007_199_254_740_993);
        for wrong in ["", "0", "-1", "+1", "1.0", "1e3", " 1", "18446744073709551616"] {
            assert_eq!(amount(wrong).unwrap_err().code, "AMOUNT_SYNTAX", "{wrong:?}");
        }
    }

    #[test]
    fn a_file_that_begins_with_a_byte_order_mark_is_named() {
        assert_eq!(plain(b"{}"), Ok(&b"{}"[..]));
        let failure = plain("\u{feff}{}".as_bytes()).unwrap_err();
        assert_eq!(failure.code, "ENCODING");
        assert!(failure.message.contains("byte order mark"), "{}", failure.message);
        assert_eq!(signed(b"\xff\xfe{\0").err().map(|failure| failure.code), Some("ENCODING".into()));
    }

    #[test]
    fn a_record_that_is_none_is_not_taken_for_an_empty_one() {
        assert_eq!(record(None), Ok(Reservations::default()));
        assert_eq!(record(Some("")).unwrap_err().code, "RECORD");
    }
}
