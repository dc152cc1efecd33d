//! Limits of a policy that are higher than anything a request or a node allows. They refuse nothing. Most often a number got
//! digits too many, and the screen says so before the policy is put in force.

use super::policy::Policy;
use crate::amp::request::Command;
use crate::limits::{MAX_MONEY, MAX_NODE_FEE, MAX_NODE_FEE_RATE, MAX_PSET_MAPS};
use crate::units::{AssetAmount, base_units, grouped};

impl Policy {
    /// A sentence for each limit that refuses nothing, in the order of a policy file.
    pub fn limits_that_refuse_nothing(&self) -> Vec<String> {
        let mut sentences = Vec::new();
        let mut say = |rule: &str, found: String, most: String| {
            sentences.push(format!("{rule} is {found}, and {most}. Check the number of digits"));
        };
        let recipients =
            self.max_recipients.filter(|most| usize::try_from(*most).unwrap_or(usize::MAX) > MAX_PSET_MAPS);
        if let Some(most) = recipients {
            let found = format!("{} recipients", grouped(most));
            say("max_recipients", found, format!("a PSET has at most {MAX_PSET_MAPS} outputs"));
        }
        let by_job = Command::ALL.into_iter().flat_map(|command| {
            let limits = self.limits(command);
            [(format!("{command}.max"), limits.max), (format!("{command}.budget"), limits.budget)]
        });
        let amounts = std::iter::once(("max_per_recipient".to_owned(), self.max_per_recipient)).chain(by_job);
        let most = AssetAmount::from_base_units(MAX_MONEY);
        for (rule, amount) in amounts {
            if let Some(amount) = amount.filter(|amount| *amount > most) {
                let most = format!("one request asks for at most {}", base_units(MAX_MONEY));
                say(&rule, self.amount_in_words(amount), most);
            }
        }
        if let Some(fee) = self.fee_cap.absolute.filter(|fee| *fee > MAX_NODE_FEE) {
            say("max_fee_sat", fee.to_string(), format!("a node's own wallet pays at most {MAX_NODE_FEE}"));
        }
        if let Some(rate) = self.fee_cap.rate.filter(|rate| *rate > MAX_NODE_FEE_RATE) {
            say("max_fee_sat_per_kvb", rate.to_string(), format!("nodes send at most {MAX_NODE_FEE_RATE}"));
        }
        sentences
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sign::review::fee_cap::FeeCap;
    use crate::sign::review::policy::JobLimits;
    use crate::units::{FeeRate, Satoshi};

    fn said(change: impl Fn(&mut Policy)) -> Vec<String> {
        let mut policy = Policy::without_limits(elements::AssetId::from_byte_array([1; 32]));
        change(&mut policy);
        policy.limits_that_refuse_nothing()
    }

    fn units(number: u64) -> AssetAmount {
        AssetAmount::from_base_units(number)
    }

    #[test]
    fn each_limit_above_everything_is_named_with_what_there_can_be() {
        let all = said(|policy| {
            policy.max_recipients = Some(257);
            policy.max_per_recipient = Some(units(MAX_MONEY + 1));
            let limits = JobLimits {
                max: Some(units(i64::MAX.unsigned_abs())),
                budget: Some(units(MAX_MONEY + 1)),
                budget_count: None,
            };
            policy.limits.insert(Command::Burn, limits);
            policy.fee_cap = FeeCap {
                absolute: Some(Satoshi::from_sat(10_000_001)),
                rate: Some(FeeRate::from_sat_per_kvb(10_000_001)),
            };
        });
        let begins = [
            "max_recipients is 257 recipients, and a PSET has at most 256 outputs. Check",
            "max_per_recipient is 2 100 000 000 000 001 base units, and one request asks for at most 2 100 000 000 000 000 base units.",
            "burn.max is 9 223 372 036 854 775 807 base units, and one request",
            "burn.budget is 2 100 000 000 000 001 base units, and one request",
            "max_fee_sat is 10 000 001 sat, and a node's own wallet pays at most 10 000 000 sat.",
            "max_fee_sat_per_kvb is 10 000 001 sat/kvB, and nodes send at most 10 000 000 sat/kvB.",
        ];
        assert_eq!(all.len(), begins.len(), "{all:?}");
        for (sentence, begin) in all.iter().zip(begins) {
            assert!(sentence.starts_with(begin), "{sentence}");
        }
    }

    #[test]
    fn the_highest_limit_that_can_refuse_something_is_not_named() {
        let none = said(|policy| {
            policy.max_recipients = Some(256);
            policy.max_per_recipient = Some(units(MAX_MONEY));
            policy.fee_cap = FeeCap { absolute: Some(MAX_NODE_FEE), rate: Some(MAX_NODE_FEE_RATE) };
        });
        assert_eq!(none, [""; 0]);
        assert_eq!(said(|_| {}), [""; 0]);
    }
}
