//! From the cells of a CSV file to checked rows.

use std::str::FromStr as _;

use elements::{Address, AssetId};

use super::csv::{self, CsvRow};
use super::{Register, RegisterError, Row};
use crate::limits::{MAX_MONEY, MAX_REGISTER_BYTES, MAX_SHOWN_NAME};
use crate::listed::{beginning, listed};
use crate::network::Network;
use crate::units::{AssetAmount, Precision};

/// Characters of a GAID. Those that AMP gave out have about 30.
const MAX_GAID: usize = 64;

const COLUMNS: &str = "a column gaid or address or both, and a column amount (base units) or units (decimal)";

/// Which column holds what.
struct Columns {
    gaid: Option<usize>,
    address: Option<usize>,
    amount: Option<usize>,
    units: Option<usize>,
    asset_id: Option<usize>,
}

pub(super) fn register(
    file: &[u8],
    network: &Network,
    asset: AssetId,
    precision: Option<Precision>,
) -> Result<Register, RegisterError> {
    if file.len() > MAX_REGISTER_BYTES {
        return Err(RegisterError::TooLarge { found: file.len(), most: MAX_REGISTER_BYTES });
    }
    let text = std::str::from_utf8(file).map_err(|_| RegisterError::NotText)?;
    // Spreadsheets write a byte order mark before UTF-8.
    let rows = csv::rows(text.strip_prefix('\u{feff}').unwrap_or(text))?;
    let Some((header, rows)) = rows.split_first() else {
        return Err(RegisterError::Header { found: "an empty file".to_owned(), expected: COLUMNS });
    };
    let (columns, not_read) = columns(&header.cells)?;
    if rows.is_empty() {
        return Err(RegisterError::Header {
            found: "no row below it".to_owned(),
            expected: "a row a holder",
        });
    }
    if columns.units.is_some() && precision.is_none() {
        return Err(RegisterError::NoPrecision);
    }
    let rows: Result<Vec<Row>, RegisterError> =
        rows.iter().map(|row| holder(row, &columns, network, asset, precision)).collect();
    Ok(Register { rows: rows?, not_read })
}

/// The columns that are read, in any case and order, and the names of the others.
fn columns(header: &[String]) -> Result<(Columns, Vec<String>), RegisterError> {
    let mut columns = Columns { gaid: None, address: None, amount: None, units: None, asset_id: None };
    let mut not_read = Vec::new();
    for (index, cell) in header.iter().enumerate() {
        let name = cell.trim().to_ascii_lowercase();
        let column = match name.as_str() {
            "gaid" => &mut columns.gaid,
            "address" => &mut columns.address,
            "amount" => &mut columns.amount,
            "units" => &mut columns.units,
            "asset_id" => &mut columns.asset_id,
            _ => {
                not_read.push(beginning(cell, MAX_SHOWN_NAME));
                continue;
            }
        };
        if column.replace(index).is_some() {
            let found = format!("the column {name} twice");
            return Err(RegisterError::Header { found, expected: "each column once" });
        }
    }
    let names = || match header {
        [only] if only.contains(';') => format!("{:?} with semicolons", beginning(only, MAX_SHOWN_NAME)),
        _ => listed(header.iter().map(|name| format!("{:?}", beginning(name, MAX_SHOWN_NAME)))),
    };
    if columns.gaid.is_none() && columns.address.is_none() {
        return Err(RegisterError::Header { found: names(), expected: COLUMNS });
    }
    match (columns.amount, columns.units) {
        (None, None) => Err(RegisterError::Header { found: names(), expected: COLUMNS }),
        (Some(_), Some(_)) => Err(RegisterError::Header {
            found: "the columns amount and units".to_owned(),
            expected: "one of them, so that no two amounts can contradict each other",
        }),
        _ => Ok((columns, not_read)),
    }
}

fn holder(
    row: &CsvRow,
    columns: &Columns,
    network: &Network,
    asset: AssetId,
    precision: Option<Precision>,
) -> Result<Row, RegisterError> {
    let line = row.line;
    let cell = |column: Option<usize>| {
        column.and_then(|index| row.cells.get(index)).map(String::as_str).filter(|text| !text.is_empty())
    };
    let wrong = |column: &'static str, problem: String| RegisterError::Cell { line, column, problem };
    if columns.asset_id.is_some() {
        let text = cell(columns.asset_id).unwrap_or_default();
        if text.parse::<AssetId>().ok() != Some(asset) {
            return Err(wrong("asset_id", expected(text, &format!("the asset {asset}"))));
        }
    }
    let gaid =
        cell(columns.gaid).map(|text| gaid(text).ok_or_else(|| wrong("gaid", expected(text, "a GAID"))));
    let gaid = gaid.transpose()?;
    let address = cell(columns.address).map(|text| {
        let name = network.chain();
        address(text, network)
            .ok_or_else(|| wrong("address", expected(text, &format!("an address of {name}"))))
    });
    let address = address.transpose()?;
    if gaid.is_none() && address.is_none() {
        return Err(wrong("gaid", "found no holder, expected a GAID or an address".to_owned()));
    }
    let amount = match (columns.amount, columns.units, precision) {
        (Some(_), ..) => {
            let text = cell(columns.amount).unwrap_or_default();
            let number = base_units(text).map(AssetAmount::from_base_units);
            number.ok_or_else(|| {
                wrong("amount", expected(text, "a whole number of base units without point or comma"))
            })?
        }
        (None, _, Some(precision)) => {
            AssetAmount::parse_units(cell(columns.units).unwrap_or_default(), precision)
                .map_err(|error| wrong("units", error.to_string()))?
        }
        (None, _, None) => return Err(RegisterError::NoPrecision),
    };
    let column = if columns.amount.is_some() { "amount" } else { "units" };
    match amount.base_units() {
        0 => Err(wrong(column, "found 0, expected more: leave out who gets nothing".to_owned())),
        more if more > MAX_MONEY => {
            let most = AssetAmount::from_base_units(MAX_MONEY).in_base_units();
            Err(wrong(column, format!("found {}, expected at most {most}", amount.in_base_units())))
        }
        _ => Ok(Row { line, gaid, address, amount }),
    }
}

fn expected(found: &str, expected: &str) -> String {
    format!("found {:?}, expected {expected}", beginning(found, MAX_SHOWN_NAME))
}

fn gaid(text: &str) -> Option<String> {
    let is_one = text.len() <= MAX_GAID
        && text.starts_with("GA")
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    is_one.then(|| text.to_owned())
}

fn address(text: &str, network: &Network) -> Option<Address> {
    let address = Address::from_str(text).ok()?;
    (address.params == network.address_params()).then_some(address)
}

/// Plain digits. A separator of thousands is a decimal point elsewhere, so none is guessed.
fn base_units(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if digits { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::Chain;

    const ONE: &str = "AzpjC7eBYvSm33G4veLDbXJKTe36BpdTPSaFGwv4vC1pFcqHMVekioxywWkHqM8NQUwdKN4He1ACM9uJ";
    const ASSET: AssetId = AssetId::LIQUID_BTC;
    const GAID: &str = "GA2M8u2rCJ3jP4YGuE8o4Po61ftwbQ";

    fn read(text: &str, decimals: Option<u8>) -> Result<Register, RegisterError> {
        let precision = decimals.map(|decimals| Precision::new(decimals).unwrap());
        Register::parse(text.as_bytes(), &Network::new(Chain::Regtest), ASSET, precision)
    }

    #[test]
    fn the_four_columns_are_read_in_any_order_and_others_are_the_issuers_own() {
        let text =
            format!("\u{feff}Name,GAID,Amount,address\r\n\"Smith, A\",{GAID},5,{ONE}\r\nB,{GAID},7,\r\n");
        let register = read(&text, None).unwrap();
        assert_eq!(register.not_read, ["Name"]);
        let [one, two] = register.rows.as_slice() else { panic!("{register:?}") };
        assert_eq!((one.line, one.gaid.as_deref(), one.amount.base_units()), (2, Some(GAID), 5));
        assert_eq!(one.address.as_ref().unwrap().to_string(), ONE);
        assert_eq!((two.line, two.address.is_none(), two.amount.base_units()), (3, true, 7));
        assert_eq!(register.total(), Some(AssetAmount::from_base_units(12)));
        assert_eq!(register.need_addresses(), Err(RegisterError::NoAddress { line: 3 }));
    }

    #[test]
    fn a_register_that_names_its_asset_is_of_no_other_one() {
        let text = |id: &str| format!("asset_id,address,amount\n{id},{ONE},5\n");
        assert!(read(&text(&ASSET.to_string()), None).unwrap().not_read.is_empty());
        let other = "b4".repeat(32);
        for wrong in [other.as_str(), "PLAIN", ""] {
            let error = read(&text(wrong), None).unwrap_err().to_string();
            assert!(
                error.contains("line 2, asset_id: found") && error.contains(&ASSET.to_string()),
                "{error}"
            );
        }
    }

    #[test]
    fn units_are_read_at_the_proven_precision() {
        let text = format!("address,units\n{ONE},187.5\n");
        for (decimals, base_units) in [(8, 18_750_000_000), (2, 18_750), (1, 1_875)] {
            let register = read(&text, Some(decimals)).unwrap();
            assert_eq!(register.rows[0].amount.base_units(), base_units);
        }
        assert_eq!(read(&text, None), Err(RegisterError::NoPrecision));
    }

    /// One hostile or mistaken register a row, and what is said of it.
    #[test]
    fn what_is_no_register_is_refused_by_name() {
        let liquid = "VJLCbLBTCdxhWyjVLdjcSmGAksVMtabYg15maSi93zknQD2ihC38R7CUd8KbDFnV8A4hiykxnRB3Uv6d";
        for (text, said) in [
            (String::new(), "the header: found an empty file"),
            ("address,amount\n".to_owned(), "no row below it"),
            (format!("address\n{ONE}\n"), "expected a column gaid or address or both, and a column amount"),
            ("name,amount\nA,5\n".to_owned(), "expected a column gaid or address"),
            (format!("address;amount\n{ONE};5\n"), "with semicolons"),
            (format!("address,amount,amount\n{ONE},5,5\n"), "the column amount twice"),
            (format!("address,ADDRESS ,amount\n{ONE},{ONE},5\n"), "the column address twice"),
            (format!("address,amount,units\n{ONE},5,5\n"), "the columns amount and units"),
            (
                format!("address,amount\n{ONE},5.0\n"),
                "line 2, amount: found \"5.0\", expected a whole number",
            ),
            (format!("address,amount\n{ONE},\"1,000\"\n"), "expected a whole number"),
            (format!("address,amount\n{ONE},1 000\n"), "expected a whole number"),
            (format!("address,amount\n{ONE},-5\n"), "expected a whole number"),
            (format!("address,amount\n{ONE},+5\n"), "expected a whole number"),
            (format!("address,amount\n{ONE},1e3\n"), "expected a whole number"),
            (format!("address,amount\n{ONE},٥\n"), "expected a whole number"),
            (format!("address,amount\n{ONE},\n"), "line 2, amount: found \"\""),
            (format!("address,amount\n{ONE},=1+1\n"), "expected a whole number"),
            (format!("address,amount\n{ONE},0\n"), "found 0, expected more"),
            (format!("address,amount\n{ONE},18446744073709551616\n"), "expected a whole number"),
            (format!("address,amount\n{ONE},2100000000000001\n"), "expected at most 2 100 000 000 000 000"),
            (
                "address,amount\nnowhere,5\n".to_owned(),
                "line 2, address: found \"nowhere\", expected an address",
            ),
            (format!("address,amount\n{liquid},5\n"), "expected an address of regtest"),
            (format!("address,amount\n {ONE},5\n"), "line 2, address"),
            (format!("gaid,address,amount\n,{ONE},5\n,,7\n"), "line 3, gaid: found no holder"),
            ("gaid,amount\nXA2M8u2r,5\n".to_owned(), "line 2, gaid: found \"XA2M8u2r\", expected a GAID"),
            ("gaid,amount\nGA2M8 2r,5\n".to_owned(), "expected a GAID"),
            (format!("gaid,amount\nGA{},5\n", "x".repeat(63)), "expected a GAID"),
            (format!("address,amount\n{ONE},5,7\n"), "line 2: found 3 cells"),
            (format!("address,amount\n\"{ONE},5\n"), "a quote that is not closed"),
        ] {
            let error = read(&text, None).unwrap_err().to_string();
            assert!(error.contains(said), "{text:?}: {error}");
        }
        let units = format!("address,units\n{ONE},1.005\n");
        assert!(read(&units, Some(2)).unwrap_err().to_string().contains("3 decimals, expected at most 2"));
    }

    #[test]
    fn bytes_that_are_no_text_and_a_file_without_an_end_are_refused() {
        let network = Network::new(Chain::Regtest);
        let of = |bytes: &[u8]| Register::parse(bytes, &network, ASSET, None).unwrap_err();
        assert_eq!(of(b"\xff\xfea\0,\0"), RegisterError::NotText);
        let large = vec![b'a'; MAX_REGISTER_BYTES + 1];
        assert_eq!(of(&large), RegisterError::TooLarge { found: large.len(), most: MAX_REGISTER_BYTES });
    }
}
