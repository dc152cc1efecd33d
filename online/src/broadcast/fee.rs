//! What a node asks for, from its own words: the fee that it would have taken.
//!
//! Elements names the whole fee in satoshi (tag elements-23.3.3, validation.cpp CheckFeeRate): "min relay fee not met, 572 <
//! 2860" and "mempool min fee not met, 572 < 2860". Esplora passes the words on inside its own. Of a replacement that pays
//! too little ("insufficient fee") the words name other sums; what that one has to pay is computed when it is prepared.

use coldamp_core::elements::Transaction;
use coldamp_core::sign::review::FeeCap;
use coldamp_core::units::{FeeRate, Satoshi, Weight};

const OF_THE_WHOLE_FEE: [&str; 2] = ["min relay fee not met", "mempool min fee not met"];

/// A fee that a node would take, and what to ask `prepare` for to reach it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AskedFee {
    /// The whole fee.
    pub fee: Satoshi,
    /// The same as a rate on the full size, rounded up.
    pub full_rate: FeeRate,
    /// The most that a signer without a policy lets this transaction pay.
    pub default_cap: Satoshi,
}

impl AskedFee {
    /// The fee that a node asks for where it says how much; none where its words do not hold it.
    pub(super) fn from_words(reason: &str, transaction: &Transaction) -> Option<Self> {
        let fee = whole_fee(reason)?;
        let size = Weight::new(u64::try_from(transaction.weight()).ok()?).virtual_size();
        let rate = fee.checked_mul(1_000)?.div_ceil(size.vbytes().max(1));
        Some(AskedFee {
            fee: Satoshi::from_sat(fee),
            full_rate: FeeRate::from_sat_per_kvb(rate),
            default_cap: FeeCap::default().on(size),
        })
    }
}

/// Whether a node refuses a transaction for its fee alone.
pub(super) fn is_fee(reason: &str) -> bool {
    OF_THE_WHOLE_FEE.iter().chain(&["insufficient fee"]).any(|known| reason.contains(known))
}

fn whole_fee(reason: &str) -> Option<u64> {
    let (_, numbers) = OF_THE_WHOLE_FEE.iter().find_map(|phrase| reason.split_once(phrase))?;
    let (found, rest) = numbers.strip_prefix(", ")?.split_once(" < ")?;
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let needed = rest.split(|character: char| !character.is_ascii_digit()).next()?;
    (digits(found) && digits(needed)).then(|| needed.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fee_that_a_node_names_is_read_and_nothing_else_is() {
        for (reason, fee) in [
            ("min relay fee not met, 572 < 2860", Some(2_860)),
            ("min relay fee not met, 572 < 2860 (code 66)", Some(2_860)),
            ("mempool min fee not met, 100 < 5000", Some(5_000)),
            (
                r#"sendrawtransaction RPC error: {"code":-26,"message":"min relay fee not met, 572 < 2860"}"#,
                Some(2_860),
            ),
            ("min relay fee not met", None),
            ("min relay fee not met, 572 < ", None),
            ("min relay fee not met, 0.1 < 5", None),
            ("min relay fee not met, 1 < 99999999999999999999999", None),
            ("insufficient fee, rejecting replacement", None),
            ("bad-txns-inputs-missingorspent", None),
        ] {
            assert_eq!(whole_fee(reason), fee, "{reason}");
        }
    }
}
