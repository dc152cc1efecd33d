//! Where what is missing can be paid to: the treasury's next receiving address, in every MISSING_COINS.

use coldamp_cli::Failure;
use coldamp_core::Secp;
use coldamp_core::code::Code;
use coldamp_core::elements::AssetId;
use coldamp_core::network::Network;
use coldamp_core::prepare::PlanError;
use coldamp_core::treasury::CtDescriptor;
use coldamp_online::state::reservations::Reservations;
use coldamp_online::sync::Holdings;
use coldamp_online::treasury::addresses::ReceivingAddress;

/// The assets that a plan misses.
pub(crate) fn missing(error: &PlanError) -> Vec<AssetId> {
    match error {
        PlanError::MissingCoins(shortfalls) => shortfalls.iter().map(|shortfall| shortfall.asset).collect(),
        _ => Vec::new(),
    }
}

/// The same failure. If coins are missing, its hint ends with an address that they can be paid to.
pub(crate) fn with_address(
    failure: Failure,
    missing: &[AssetId],
    (secp, network, descriptor): (&Secp, &Network, &CtDescriptor),
    holdings: &Holdings,
    record: &Reservations,
) -> Failure {
    let index = holdings.next_external(record).index;
    let address = ReceivingAddress::at(secp, descriptor, network, index);
    match (failure.code, address) {
        (Some(Code::MissingCoins), Ok(next)) if !missing.is_empty() => {
            let name = |asset: &AssetId| match *asset == network.policy_asset() {
                true => "L-BTC".to_owned(),
                false => format!("asset {asset}"),
            };
            let what = missing.iter().map(name).collect::<Vec<_>>().join(" and ");
            let hint = format!(
                "{} To have more, pay {what} to {}, the treasury's receiving address of index {index}. Compare it first with `coldamp key address --index {index}`.",
                failure.hint, next.address
            );
            failure.with_hint(hint)
        }
        _ => failure,
    }
}
