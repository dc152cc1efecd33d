//! Of AMP's answers the fields that are used. Others may come and go; amounts are whole base units or refused.

use serde::Deserialize;

/// An asset (`assets/UUID`).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Asset {
    /// AMP's name for it.
    pub asset_uuid: String,
    /// The asset's id.
    pub asset_id: String,
    /// The token's id, where the asset is reissuable and AMP says it.
    pub reissuance_token_id: Option<String>,
    /// The issuer's ticker, unproven.
    pub ticker: Option<String>,
}

/// An output that AMP lost sight of.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct LostOutput {
    /// The transaction.
    pub txid: String,
    /// Output index.
    pub vout: u32,
}

/// Who holds how much, as AMP has it (`assets/UUID/balance`).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Balance {
    /// Outputs of the asset that AMP lost sight of.
    #[serde(default)]
    pub lost_outputs: Vec<LostOutput>,
    /// The same of the reissuance token. The script that this replaces does not look at them.
    #[serde(default)]
    pub reissuance_lost_outputs: Vec<LostOutput>,
}

impl Balance {
    /// All of them, as one would look them up.
    pub fn lost(&self) -> Vec<String> {
        let all = self.lost_outputs.iter().chain(&self.reissuance_lost_outputs);
        all.map(|lost| format!("{}:{}", lost.txid, lost.vout)).collect()
    }
}

/// What one holder is to get (`assets/UUID/assignments`).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Assignment {
    /// AMP's number for it.
    pub id: u64,
    /// Base units.
    pub amount: u64,
    /// Where to; AMP may choose it only when the distribution is made.
    pub receiving_address: Option<String>,
    /// The distribution that it is part of.
    pub distribution_uuid: Option<String>,
    /// Whether a distribution takes it.
    #[serde(default)]
    pub ready_for_distribution: bool,
    /// Whether its time has come; absent where it never had to wait.
    #[serde(default = "yes")]
    pub has_vested: bool,
    /// Whether it was paid and reported.
    pub is_distributed: bool,
}

fn yes() -> bool {
    true
}

impl Assignment {
    /// Whether the next distribution takes it along.
    pub fn is_ready(&self) -> bool {
        self.ready_for_distribution
            && self.has_vested
            && !self.is_distributed
            && self.distribution_uuid.is_none()
    }

    /// The distribution that it waits in.
    pub fn open_in(&self) -> Option<&str> {
        self.distribution_uuid.as_deref().filter(|_| !self.is_distributed)
    }
}

/// A transaction as AMP recorded it (`assets/UUID/txs/TXID`).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct AmpTransaction {
    /// Which.
    pub txid: String,
    /// Whether it issued the asset.
    #[serde(default)]
    pub is_issuance: bool,
    /// Its outputs of the asset and its token.
    #[serde(default)]
    pub outputs: Vec<AmpOutput>,
}

/// An output as AMP recorded it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct AmpOutput {
    /// Output index.
    pub vout: u32,
    /// The asset.
    pub asset_id: Option<String>,
    /// Base units; none where AMP could not open it.
    pub amount: Option<u64>,
    /// Asset blinding factor, reversed hexadecimal; zeros where AMP misses it, or the output is explicit.
    pub asset_blinder: Option<String>,
    /// Value blinding factor, likewise.
    pub amount_blinder: Option<String>,
    /// Whether it is the issuer's.
    pub is_treasury: Option<bool>,
    /// Whether it is spent.
    pub is_spent: Option<bool>,
    /// Whether it destroyed what it holds.
    pub is_burnt: Option<bool>,
}

/// A distribution (`assets/UUID/distributions/UUID`).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Distribution {
    /// `UNCONFIRMED`, and `CONFIRMED` once AMP has the report.
    pub distribution_status: String,
    /// The transactions that it was reported with.
    #[serde(default)]
    pub transactions: Vec<DistributionTransaction>,
}

/// A transaction of a distribution.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct DistributionTransaction {
    /// Which.
    pub txid: String,
}

impl Distribution {
    /// Whether AMP has the report.
    pub fn is_confirmed(&self) -> bool {
        self.distribution_status == "CONFIRMED"
    }
}

/// A blinding factor that AMP has not got (the script's `update-blinders` looks for it).
pub(crate) const MISSING_BLINDER: &str = "0000000000000000000000000000000000000000000000000000000000000000";

#[cfg(test)]
mod tests {
    use super::*;

    fn assignment(text: &str) -> Assignment {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn only_a_ready_vested_and_free_assignment_goes_into_the_next_distribution() {
        let ready = r#"{"id":1,"amount":5,"receiving_address":null,"distribution_uuid":null,
            "ready_for_distribution":true,"has_vested":true,"is_distributed":false,"creator":7}"#;
        assert!(assignment(ready).is_ready());
        for (from, to) in [
            (r#""ready_for_distribution":true"#, r#""ready_for_distribution":false"#),
            (r#""has_vested":true"#, r#""has_vested":false"#),
            (r#""is_distributed":false"#, r#""is_distributed":true"#),
            (r#""distribution_uuid":null"#, r#""distribution_uuid":"x""#),
        ] {
            assert!(!assignment(&ready.replace(from, to)).is_ready(), "{to}");
        }
        let open = assignment(&ready.replace(r#""distribution_uuid":null"#, r#""distribution_uuid":"x""#));
        assert_eq!(open.open_in(), Some("x"));
    }

    #[test]
    fn an_amount_that_is_not_whole_is_not_read() {
        for amount in ["1.5", "-1", "\"5\"", "1e3"] {
            let text = format!(r#"{{"id":1,"amount":{amount},"is_distributed":false}}"#);
            assert!(serde_json::from_str::<Assignment>(&text).is_err(), "{amount}");
        }
    }
}
