//! A second person's check: whether AMP, asked with another login on another machine, shows what the request says.
//!
//! Nothing else detects a request and a PSET that were both forged (docs/rules.md#request-digest). The check only reads.
//! It names what AMP does not show, because silence would pass for agreement.

use std::collections::BTreeMap;
use std::str::FromStr as _;

use coldamp_core::amp::request::Uuid;
use coldamp_core::amp::{Job, Request};
use coldamp_core::elements::{Address, OutPoint};
use coldamp_core::listed::{CoinName, coins};
use coldamp_core::network::Network;
use coldamp_core::units::AssetAmount;

use crate::amp::{Amp, AmpError, Assignment, Distribution};

/// What AMP shows of a request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Findings {
    /// Where AMP shows something else.
    pub differences: Vec<String>,
    /// Where AMP shows the same.
    pub agrees: Vec<String>,
    /// What AMP does not show, so that it is not checked.
    pub unseen: Vec<String>,
}

/// Compares a request with what AMP shows.
///
/// # Errors
/// When AMP cannot be asked.
pub async fn check(amp: &Amp, request: &Request, network: &Network) -> Result<Findings, AmpError> {
    let mut findings = Findings::default();
    let asset = amp.asset(&request.asset_uuid).await?;
    if asset == request.asset {
        findings.agrees.push(format!("asset {} is AMP's {}", request.asset, request.asset_uuid));
    } else {
        findings.differences.push(format!("asset: AMP has {asset}, the request {}", request.asset));
    }
    let lost = amp.lost_outputs(&request.asset_uuid).await?;
    if lost.is_empty() {
        findings.agrees.push("AMP tracks all outputs of the asset".to_owned());
    } else {
        findings.differences.push(format!("AMP no longer tracks {}", coins(&lost)));
    }
    match &request.job {
        Job::Distribute { uuid, .. } => {
            let assignments = amp.assignments(&request.asset_uuid).await?;
            check_recipients(request, uuid, &assignments, network, &mut findings);
            match amp.distribution(&request.asset_uuid, uuid).await {
                // AMP may not show a distribution that was not reported. Its assignments say whether it was paid.
                Err(error) if error.is_absent() => {}
                Err(error) => return Err(error),
                Ok(record) => check_unpaid(uuid, &record, &mut findings),
            }
        }
        Job::Burn { coins, .. } => match amp.utxos(&request.asset_uuid).await {
            Ok(tracked) => check_tracked(coins, &tracked, &mut findings),
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
            "whether {} were asked for: AMP keeps no request of a {}. Ask whoever decided it",
            amount.in_base_units(),
            request.command()
        ));
    }
    Ok(findings)
}

/// A distribution that was reported is paid already.
fn check_unpaid(uuid: &Uuid, record: &Distribution, findings: &mut Findings) {
    match record {
        Distribution::Unreported => {}
        Distribution::ReportedBy { first, .. } => {
            findings.differences.push(format!("AMP has distribution {uuid} as paid by transaction {first}"));
        }
        Distribution::ConfirmedByNone => {
            findings.differences.push(format!("AMP has distribution {uuid} as confirmed"));
        }
        Distribution::Untold { reason } => {
            findings.unseen.push(format!("whether distribution {uuid} was paid: {reason}"));
        }
    }
}

/// The assignments of the distribution must give exactly the request's addresses and amounts.
fn check_recipients(
    request: &Request,
    uuid: &Uuid,
    assignments: &[Assignment],
    network: &Network,
    findings: &mut Findings,
) {
    let Job::Distribute { recipients, .. } = &request.job else { return };
    let ours: Vec<&Assignment> =
        assignments.iter().filter(|row| row.distribution_uuid.as_ref() == Some(uuid)).collect();
    let before = findings.differences.len();
    if ours.is_empty() {
        findings.differences.push(format!("AMP has no assignments of distribution {uuid}"));
    }
    if ours.iter().any(|row| row.is_distributed) {
        findings.differences.push(format!("AMP has distribution {uuid} as distributed already"));
    }
    let mut expected: BTreeMap<String, AssetAmount> = BTreeMap::new();
    let mut without_address: Vec<&Assignment> = Vec::new();
    for row in ours {
        let Some(text) = row.receiving_address.as_deref() else {
            without_address.push(row);
            continue;
        };
        let Some(address) = canonical(text, network) else {
            findings
                .differences
                .push(format!("assignment {}: AMP shows no address of this network for it", row.id));
            continue;
        };
        let sum = expected.entry(address).or_insert(AssetAmount::ZERO);
        *sum = sum.checked_add(row.amount).unwrap_or(AssetAmount::from_base_units(u64::MAX));
    }
    let mut unseen = Vec::new();
    for recipient in recipients {
        let address = recipient.address.to_string();
        match expected.remove(&address) {
            Some(amount) if amount == recipient.amount => {}
            Some(amount) => findings.differences.push(format!(
                "{address}: AMP assigns {}, the request pays {}",
                amount.in_base_units(),
                recipient.amount.in_base_units()
            )),
            // AMP may choose an address later and show it nowhere before. Then only the amount can be compared.
            None => match without_address.iter().position(|row| row.amount == recipient.amount) {
                Some(index) => {
                    let row = without_address.remove(index);
                    unseen.push(format!(
                        "an address of assignment {}: only the request says that its {} go to {address}",
                        row.id,
                        row.amount.in_base_units()
                    ));
                }
                None => findings
                    .differences
                    .push(format!("{address}: AMP assigns it nothing in this distribution")),
            },
        }
    }
    for (address, amount) in expected {
        findings
            .differences
            .push(format!("{address}: AMP assigns {}, the request pays it nothing", amount.in_base_units()));
    }
    for row in without_address {
        findings.differences.push(format!(
            "assignment {}: AMP assigns {} and shows no address; the request has no other recipient of that amount",
            row.id,
            row.amount.in_base_units()
        ));
    }
    if findings.differences.len() == before {
        findings.agrees.push(match unseen.len() {
            0 => format!(
                "the {} recipients and their {} are AMP's assignments",
                recipients.len(),
                request.total().in_base_units()
            ),
            unseen => format!(
                "the {} amounts, {} in all, are AMP's assignments. AMP does not show {unseen} of the addresses",
                recipients.len(),
                request.total().in_base_units()
            ),
        });
    }
    findings.unseen.extend(unseen);
}

/// The canonical text of an address, which may be in upper case.
pub(super) fn canonical(text: &str, network: &Network) -> Option<String> {
    let address = Address::from_str(text).ok()?;
    (address.params == network.address_params()).then(|| address.to_string())
}

fn check_tracked(coins: &[OutPoint], tracked: &[OutPoint], findings: &mut Findings) {
    let before = findings.differences.len();
    for coin in coins {
        if !tracked.contains(coin) {
            findings.differences.push(format!("{}: AMP does not track it", CoinName(*coin)));
        }
    }
    if findings.differences.len() == before {
        findings.agrees.push(format!("AMP tracks the {} listed outputs", coins.len()));
    }
}

#[cfg(test)]
mod tests {
    use super::super::distribution;
    use super::*;
    use coldamp_core::amp::request::ApiRoot;
    use coldamp_core::elements::{AssetId, Txid};
    use coldamp_core::network::Chain;

    const UUID: &str = "025b413f-8a9a-421e-a648-a7dd06839eb9";
    const DISTRIBUTION: &str = "125b413f-8a9a-421e-a648-a7dd06839eb9";
    const ONE: &str = "AzpjC7eBYvSm33G4veLDbXJKTe36BpdTPSaFGwv4vC1pFcqHMVekioxywWkHqM8NQUwdKN4He1ACM9uJ";

    fn row(id: u64, amount: u64, address: &str) -> Assignment {
        Assignment {
            id,
            amount: AssetAmount::from_base_units(amount),
            receiving_address: Some(address.to_owned()),
            distribution_uuid: Uuid::parse(DISTRIBUTION),
            ready_for_distribution: true,
            has_vested: true,
            is_distributed: false,
            is_locked: None,
            user: None,
            gaid: None,
        }
    }

    fn found(rows: &[Assignment]) -> Findings {
        let network = Network::new(Chain::Regtest);
        let asset = AssetId::from_byte_array([7; 32]);
        let by_address = BTreeMap::from([(ONE.to_owned(), AssetAmount::from_base_units(12))]);
        let (uuid, distribution) = (Uuid::parse(UUID).unwrap(), Uuid::parse(DISTRIBUTION).unwrap());
        let api = ApiRoot::built_in(Chain::Regtest);
        let text = distribution::text(&api, &uuid, asset, &distribution, &by_address);
        let request = Request::parse(&text, &network).unwrap();
        let mut findings = Findings::default();
        check_recipients(&request, &distribution, rows, &network, &mut findings);
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
            (vec![row(1, 11, ONE)], "AMP assigns 11 base units, the request pays 12 base units"),
            (vec![row(1, 12, ONE), row(2, 1, &other)], "no address of this network"),
            (vec![distributed], "distributed already"),
        ] {
            let findings = found(&rows);
            assert!(findings.differences.iter().any(|line| line.contains(said)), "{said}: {findings:?}");
            assert!(findings.agrees.is_empty(), "{said}");
        }
    }

    #[test]
    fn an_assignment_without_an_address_is_told_and_is_no_difference_where_its_amount_is_paid() {
        let nowhere = |id, amount| Assignment { receiving_address: None, ..row(id, amount, ONE) };
        let findings = found(&[nowhere(7, 12)]);
        assert_eq!(findings.differences, [""; 0]);
        assert!(
            findings.unseen.iter().any(|line| line.contains("an address of assignment 7")),
            "{findings:?}"
        );
        assert!(findings.agrees.iter().any(|line| line.contains("AMP does not show 1 of the addresses")));
        for other in
            [vec![nowhere(7, 11)], vec![row(1, 12, ONE), nowhere(7, 12)], vec![nowhere(7, 6), nowhere(8, 6)]]
        {
            let findings = found(&other);
            assert!(!findings.differences.is_empty() && findings.agrees.is_empty(), "{findings:?}");
        }
    }

    #[test]
    fn a_coin_that_amp_does_not_track_is_told() {
        let coin = OutPoint::new(Txid::from_byte_array([1; 32]), 3);
        let mut findings = Findings::default();
        check_tracked(&[coin], &[coin], &mut findings);
        assert!(findings.differences.is_empty() && findings.agrees.len() == 1);
        check_tracked(&[coin], &[OutPoint::new(coin.txid, 4)], &mut findings);
        assert_eq!(findings.differences.len(), 1);
    }
}
