//! The job of the next distribution, before AMP has made it.

use coldamp_core::Secp;
use coldamp_core::amp::request::Uuid;
use coldamp_core::amp::{Job, Recipient, RequestError};
use coldamp_core::elements::secp256k1_zkp::{PublicKey, SecretKey};
use coldamp_core::elements::{Address, Script};
use coldamp_core::network::Network;

use super::outlook::Outlook;

/// The job that AMP would ask for. An address that AMP has not chosen yet is replaced by one of the kind that AMP gives out,
/// confidential P2SH. The job is planned only, so nothing is ever paid to it.
///
/// # Errors
/// When an assignment names an address that the request's parser would refuse.
pub(crate) fn next_distribution(
    secp: &Secp,
    network: &Network,
    outlook: &Outlook,
) -> Result<Job, RequestError> {
    let known = outlook.by_address.iter();
    let mut recipients = known
        .map(|(address, amount)| Recipient::parse(address, *amount, network))
        .collect::<Result<Vec<_>, _>>()?;
    let unknown = outlook.without_address.iter();
    recipients.extend(
        unknown.map(|(id, amount)| Recipient { address: any_address(secp, network, *id), amount: *amount }),
    );
    Ok(Job::Distribute { uuid: Uuid::nil(), recipients })
}

/// An address that differs for every assignment.
fn any_address(secp: &Secp, network: &Network, assignment: u64) -> Address {
    let script = Script::from(assignment.to_le_bytes().to_vec());
    let key = SecretKey::from_slice(&[1; 32]).map(|secret| PublicKey::from_secret_key(secp, &secret));
    Address::p2sh(&script, key.ok(), network.address_params())
}

/// A burn request as AMP writes it.
#[cfg(test)]
pub(crate) fn burn(
    network: &Network,
    asset_uuid: &str,
    asset: coldamp_core::elements::AssetId,
    amount: coldamp_core::units::AssetAmount,
    coins: &[coldamp_core::elements::OutPoint],
) -> Vec<u8> {
    let api = coldamp_core::amp::request::ApiRoot::built_in(network.chain());
    let coin = |coin: &coldamp_core::elements::OutPoint| serde_json::json!({ "txid": coin.txid.to_string(), "vout": coin.vout });
    let coins: serde_json::Value = coins.iter().map(coin).collect();
    format!(
        r#"{{"command":"burn","min_supported_client_script_version":2,"base_url":"{api}/{{}}","asset_uuid":"{asset_uuid}","asset_id":"{asset}","amount":{},"utxos":{coins}}}"#,
        amount.to_node_decimal()
    )
    .into_bytes()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use coldamp_core::elements::AssetId;
    use coldamp_core::network::Chain;
    use coldamp_core::units::AssetAmount;

    #[test]
    fn addresses_that_are_not_known_yet_are_distinct_and_confidential() {
        let network = Network::new(Chain::Regtest);
        let one = AssetAmount::from_base_units(1);
        let outlook = Outlook {
            by_address: BTreeMap::new(),
            without_address: (0..80).map(|id| (id, one)).collect(),
            total: AssetAmount::from_base_units(80),
            open: Default::default(),
        };
        let job = next_distribution(&Secp::new(), &network, &outlook).unwrap();
        assert_eq!(job.check(AssetId::from_byte_array([7; 32]), &network), Ok(()));
        let Job::Distribute { recipients, .. } = job else { panic!() };
        assert_eq!(recipients.len(), 80);
        assert!(recipients.iter().all(|recipient| recipient.address.is_blinded() && recipient.amount == one));
    }

    #[test]
    fn an_assignment_that_amp_could_not_ask_to_pay_is_refused() {
        let network = Network::new(Chain::Regtest);
        let confidential = "el1qqvrzhdsjapk4nx76mhqxn5rwxfmgaql0tn42a8n9s5r7p56c2x99a3a2h0avfkmwemf4xkk45gy9p8feyy5ukwehzfas5ek6r";
        let unconfidential = Address::parse_with_params(confidential, network.address_params()).unwrap();
        let unconfidential = unconfidential.to_unconfidential().to_string();
        let checked = |rows: &[(&str, u64)]| {
            let amounts =
                rows.iter().map(|(text, amount)| ((*text).to_owned(), AssetAmount::from_base_units(*amount)));
            let outlook = Outlook {
                by_address: amounts.collect(),
                without_address: BTreeMap::new(),
                total: AssetAmount::ZERO,
                open: Default::default(),
            };
            let job = next_distribution(&Secp::new(), &network, &outlook)?;
            job.check(AssetId::from_byte_array([7; 32]), &network)
        };
        assert_eq!(checked(&[(confidential, 2_100_000_000_000_000)]), Ok(()));
        for (rows, code) in [
            (vec![(confidential, 1), (unconfidential.as_str(), 1)], "JSON_SHAPE"),
            (vec![], "JSON_SHAPE"),
            (vec![("nowhere", 1)], "ADDRESS"),
            (vec![(confidential, 0)], "AMOUNT_SYNTAX"),
            (vec![(confidential, 2_100_000_000_000_001)], "AMOUNT_SYNTAX"),
        ] {
            assert_eq!(checked(&rows).unwrap_err().code().as_str(), code, "{rows:?}");
        }
    }
}
