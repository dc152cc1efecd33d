//! A distribution as AMP has it, judged by its transactions and not by its status alone.

use coldamp_core::amp::request::Uuid;
use coldamp_core::elements::Txid;

use super::answers::quoted;
use super::wire::{self, Object};

/// What AMP's record of a distribution says (`assets/UUID/distributions/UUID`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Distribution {
    /// These transactions were reported, whatever the status of the distribution. One that was reported has paid it. AMP's
    /// record has room for several.
    ReportedBy {
        /// The first.
        first: Txid,
        /// The others.
        others: Vec<Txid>,
    },
    /// No transaction was reported.
    Unreported,
    /// AMP has it as confirmed, and does not say by which transaction.
    ConfirmedByNone,
    /// AMP's record does not tell.
    Untold {
        /// Why the record does not tell.
        reason: String,
    },
}

/// What the record says about one transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DistributionEntry {
    /// It is among those that were reported.
    Reported,
    /// Others were reported, and it was not.
    Other(Txid),
    /// No transaction was reported.
    Unreported,
    /// AMP's record does not tell.
    Untold {
        /// Why the record does not tell.
        reason: String,
    },
}

impl Distribution {
    /// Reads AMP's answer.
    ///
    /// # Errors
    /// When it is not a distribution, or another one.
    pub(crate) fn read(body: &[u8], asked: &Uuid) -> Result<Self, String> {
        let Object(told) = super::answers::json::<Object<wire::Distribution>>(body)?;
        if let Some(found) =
            told.distribution_uuid.filter(|found| !found.eq_ignore_ascii_case(&asked.to_string()))
        {
            return Err(format!("found distribution {}, asked for was {asked}", quoted(&found)));
        }
        let listed = told.transactions.as_deref().unwrap_or_default().iter();
        let listed: Result<Vec<Txid>, String> =
            listed.map(|Object(row)| super::answers::id("txid", &row.txid)).collect();
        let mut listed = listed?.into_iter();
        if let Some(first) = listed.next() {
            return Ok(Distribution::ReportedBy { first, others: listed.collect() });
        }
        let status = told.distribution_status.as_str();
        Ok(match (status, told.transactions) {
            ("CONFIRMED", _) => Distribution::ConfirmedByNone,
            ("UNCONFIRMED", Some(_)) => Distribution::Unreported,
            ("UNCONFIRMED", None) => Distribution::Untold {
                reason: "AMP's record of the distribution lists no transactions, not even an empty list"
                    .to_owned(),
            },
            (other, _) => Distribution::Untold {
                reason: format!(
                    "AMP's record of the distribution names no transaction and has the status {}",
                    quoted(other)
                ),
            },
        })
    }

    /// The place of a transaction in it.
    pub fn entry_of(&self, txid: Txid) -> DistributionEntry {
        match self {
            Distribution::ReportedBy { first, others } if *first == txid || others.contains(&txid) => {
                DistributionEntry::Reported
            }
            Distribution::ReportedBy { first, .. } => DistributionEntry::Other(*first),
            Distribution::Unreported => DistributionEntry::Unreported,
            Distribution::ConfirmedByNone => DistributionEntry::Untold {
                reason: "AMP's record has the distribution as confirmed and names no transaction".to_owned(),
            },
            Distribution::Untold { reason } => DistributionEntry::Untold { reason: reason.clone() },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const UUID: &str = "125b413f-8a9a-421e-a648-a7dd06839eb9";

    fn read(text: &str) -> Result<Distribution, String> {
        Distribution::read(text.as_bytes(), &Uuid::parse(UUID).unwrap())
    }

    #[test]
    fn transactions_decide_and_the_status_only_where_there_are_none() {
        let (ours, other) = (Txid::from_byte_array([1; 32]), Txid::from_byte_array([2; 32]));
        let row = |txid: Txid| format!("{{\"txid\":\"{txid}\"}}");
        for status in ["CONFIRMED", "UNCONFIRMED", "PENDING", ""] {
            let with = |rows: &[String]| {
                let text =
                    format!(r#"{{"distribution_status":"{status}","transactions":[{}]}}"#, rows.join(","));
                read(&text).unwrap().entry_of(ours)
            };
            assert_eq!(with(&[row(ours)]), DistributionEntry::Reported, "{status}");
            assert_eq!(with(&[row(other), row(ours)]), DistributionEntry::Reported, "{status}");
            assert_eq!(with(&[row(other)]), DistributionEntry::Other(other), "{status}");
            let none = with(&[]);
            assert_eq!(none == DistributionEntry::Unreported, status == "UNCONFIRMED", "{status}");
            assert!(status == "UNCONFIRMED" || matches!(none, DistributionEntry::Untold { .. }), "{status}");
            let missing = read(&format!(r#"{{"distribution_status":"{status}"}}"#)).unwrap();
            assert!(matches!(missing.entry_of(ours), DistributionEntry::Untold { .. }), "{status}");
        }
        let letters = Txid::from_byte_array([0xab; 32]);
        let capitals = row(letters).replace("ab", "AB");
        let text = format!(r#"{{"distribution_status":"CONFIRMED","transactions":[{capitals}]}}"#);
        assert_eq!(read(&text).unwrap().entry_of(letters), DistributionEntry::Reported);
    }

    #[test]
    fn an_answer_of_another_shape_or_distribution_is_none() {
        for text in [
            "",
            "{}",
            "[]",
            "null",
            r#"{"detail":"Not found."}"#,
            r#"{"distribution_status":"CONFIRMED","transactions":[{}]}"#,
            r#"{"distribution_status":"CONFIRMED","transactions":[{"txid":""}]}"#,
            r#"{"distribution_status":"CONFIRMED","transactions":{}}"#,
            r#"{"distribution_status":null,"transactions":[]}"#,
            r#"{"distribution_uuid":"025b413f-8a9a-421e-a648-a7dd06839eb9","distribution_status":"UNCONFIRMED","transactions":[]}"#,
        ] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
