//! A second person's look: does AMP, asked with another login on another machine, show what the request says?
//!
//! Against both files forged nothing else helps (security.md 11). Only reads; whatever AMP does not show is said, since
//! silence would pass for agreement.

use std::collections::BTreeMap;
use std::str::FromStr as _;

use coldamp_core::amp::{Job, Request};
use coldamp_core::elements::{Address, OutPoint};
use coldamp_core::network::Network;
use coldamp_core::units::AssetAmount;

use crate::amp::{Amp, AmpError, Assignment, TrackedOutput};

/// What the look showed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Findings {
    /// What AMP shows otherwise.
    pub differences: Vec<String>,
    /// What agrees.
    pub agrees: Vec<String>,
    /// What AMP does not show, so that nobody has looked at it.
    pub unseen: Vec<String>,
}

/// Looks.
///
/// # Errors
/// When AMP cannot be asked.
pub async fn check(amp: &Amp, request: &Request, network: &Network) -> Result<Findings, AmpError> {
    let mut findings = Findings::default();
    let asset = amp.asset(&request.asset_uuid).await?;
    if asset.asset_id == request.asset.to_string() {
        findings.agrees.push(format!("asset {} is AMP's {}", request.asset, request.asset_uuid));
    } else {
        let shown: String = asset.asset_id.chars().take(64).collect();
        findings.differences.push(format!("asset: AMP has {shown}, the request {}", request.asset));
    }
    let lost = amp.balance(&request.asset_uuid).await?.lost();
    if lost.is_empty() {
        findings.agrees.push("AMP has lost sight of no output".to_owned());
    } else {
        findings.differences.push(format!("AMP has lost sight of {}", lost.join(", ")));
    }
    match &request.job {
        Job::Distribute { uuid, .. } => {
            let assignments = amp.assignments(&request.asset_uuid).await?;
            recipients(request, &uuid.to_string(), &assignments, network, &mut findings);
        }
        Job::Burn { coins, .. } => match amp.utxos(&request.asset_uuid).await {
            Ok(tracked) => listed(coins, &tracked, &mut findings),
            Err(error) if error.is_absent() => {
                findings
                    .unseen
                    .push("whether AMP tracks the listed outputs: it has no list of them".to_owned());
            }
            Err(error) => return Err(error),
        },
        Job::Reissue { .. } => {}
    }
    if let Job::Reissue { amount, .. } | Job::Burn { amount, .. } = &request.job {
        findings.unseen.push(format!(
            "whether {amount} base units were asked for: AMP keeps no request of a {}; ask whoever decided it",
            request.command()
        ));
    }
    Ok(findings)
}

/// The assignments of the distribution must give exactly the request's addresses and amounts.
fn recipients(
    request: &Request,
    uuid: &str,
    assignments: &[Assignment],
    network: &Network,
    findings: &mut Findings,
) {
    let ours: Vec<&Assignment> =
        assignments.iter().filter(|row| row.distribution_uuid.as_deref() == Some(uuid)).collect();
    let before = findings.differences.len();
    if ours.is_empty() {
        findings.differences.push(format!("AMP has no assignments of distribution {uuid}"));
    }
    if ours.iter().any(|row| row.is_distributed) {
        findings.differences.push(format!("AMP has distribution {uuid} as distributed already"));
    }
    let mut expected: BTreeMap<String, AssetAmount> = BTreeMap::new();
    for row in ours {
        let address = row.receiving_address.as_deref().and_then(|text| canonical(text, network));
        let Some(address) = address else {
            findings
                .differences
                .push(format!("assignment {}: AMP shows no address of this network for it", row.id));
            continue;
        };
        let sum = expected.entry(address).or_insert(AssetAmount::ZERO);
        *sum = sum
            .checked_add(AssetAmount::from_base_units(row.amount))
            .unwrap_or(AssetAmount::from_base_units(u64::MAX));
    }
    let Job::Distribute { recipients, .. } = &request.job else { return };
    for recipient in recipients {
        let address = recipient.address.to_string();
        match expected.remove(&address) {
            Some(amount) if amount == recipient.amount => {}
            Some(amount) => findings.differences.push(format!(
                "{address}: AMP assigns {amount} base units, the request pays {}",
                recipient.amount
            )),
            None => {
                findings.differences.push(format!("{address}: AMP assigns it nothing in this distribution"))
            }
        }
    }
    for (address, amount) in expected {
        findings
            .differences
            .push(format!("{address}: AMP assigns {amount} base units, the request pays it nothing"));
    }
    if findings.differences.len() == before {
        findings.agrees.push(format!(
            "the {} recipients and their {} base units are AMP's assignments",
            recipients.len(),
            request.total()
        ));
    }
}

/// One address in one form, whatever its letters' case.
fn canonical(text: &str, network: &Network) -> Option<String> {
    let address = Address::from_str(text).ok()?;
    (address.params == network.address_params()).then(|| address.to_string())
}

fn listed(coins: &[OutPoint], tracked: &[TrackedOutput], findings: &mut Findings) {
    let before = findings.differences.len();
    for coin in coins {
        let known =
            tracked.iter().any(|output| output.txid == coin.txid.to_string() && output.vout == coin.vout);
        if !known {
            findings.differences.push(format!("{}:{}: AMP does not track it", coin.txid, coin.vout));
        }
    }
    if findings.differences.len() == before {
        findings.agrees.push(format!("the {} listed outputs are ones that AMP tracks", coins.len()));
    }
}

#[cfg(test)]
mod tests {
    use super::super::draft;
    use super::*;
    use coldamp_core::elements::{AssetId, Txid};
    use coldamp_core::network::Chain;

    const UUID: &str = "025b413f-8a9a-421e-a648-a7dd06839eb9";
    const DISTRIBUTION: &str = "125b413f-8a9a-421e-a648-a7dd06839eb9";
    const ONE: &str = "AzpjC7eBYvSm33G4veLDbXJKTe36BpdTPSaFGwv4vC1pFcqHMVekioxywWkHqM8NQUwdKN4He1ACM9uJ";

    fn row(id: u64, amount: u64, address: &str) -> Assignment {
        Assignment {
            id,
            amount,
            receiving_address: Some(address.to_owned()),
            distribution_uuid: Some(DISTRIBUTION.to_owned()),
            ready_for_distribution: true,
            has_vested: true,
            is_distributed: false,
        }
    }

    fn found(rows: &[Assignment]) -> Findings {
        let network = Network::new(Chain::Regtest);
        let asset = AssetId::from_byte_array([7; 32]);
        let by_address = BTreeMap::from([(ONE.to_owned(), AssetAmount::from_base_units(12))]);
        let host = "https://amp-test.blockstream.com/api/{}";
        let text = draft::distribution(host, UUID, asset, DISTRIBUTION, &by_address);
        let request = Request::parse(&text, &network).unwrap();
        let mut findings = Findings::default();
        recipients(&request, DISTRIBUTION, rows, &network, &mut findings);
        findings
    }

    #[test]
    fn assignments_to_one_address_add_up_to_what_the_request_pays_it() {
        let findings = found(&[row(1, 5, ONE), row(2, 7, ONE)]);
        assert_eq!(findings.differences, [""; 0]);
        assert_eq!(findings.agrees.len(), 1);
    }

    #[test]
    fn whatever_differs_is_told() {
        let other = ONE.replace("Azp", "Bzp");
        let distributed = Assignment { is_distributed: true, ..row(1, 12, ONE) };
        for (rows, said) in [
            (vec![], "no assignments"),
            (vec![row(1, 11, ONE)], "AMP assigns 11 base units, the request pays 12"),
            (vec![row(1, 12, ONE), row(2, 1, &other)], "no address of this network"),
            (vec![distributed], "distributed already"),
        ] {
            let findings = found(&rows);
            assert!(findings.differences.iter().any(|line| line.contains(said)), "{said}: {findings:?}");
            assert!(findings.agrees.is_empty(), "{said}");
        }
    }

    #[test]
    fn a_coin_that_amp_does_not_track_is_told() {
        let coin = OutPoint::new(Txid::from_byte_array([1; 32]), 3);
        let tracked = TrackedOutput { txid: coin.txid.to_string(), vout: 3, amount: None };
        let mut findings = Findings::default();
        listed(&[coin], std::slice::from_ref(&tracked), &mut findings);
        assert!(findings.differences.is_empty() && findings.agrees.len() == 1);
        listed(&[coin], &[TrackedOutput { vout: 4, ..tracked }], &mut findings);
        assert_eq!(findings.differences.len(), 1);
    }
}
