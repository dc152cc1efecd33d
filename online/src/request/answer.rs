//! Compares AMP's answer with what was asked for. The answer is saved before it is read here.

use coldamp_core::amp::request::{Command, Uuid};
use coldamp_core::amp::{Request, RequestError};
use coldamp_core::code::Code;
use coldamp_core::elements::AssetId;
use coldamp_core::network::Network;
use coldamp_core::units::AssetAmount;

/// What was asked for.
#[derive(Debug, Clone)]
pub struct Asked<'a> {
    /// The command that was asked for.
    pub command: Command,
    /// AMP's name for the asset.
    pub asset_uuid: &'a Uuid,
    /// The asset's id, which AMP named before.
    pub asset: AssetId,
    /// The sum of the amounts, in base units.
    pub total: AssetAmount,
}

/// Why an answer is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AnswerError {
    /// AMP had nothing to distribute: it answers with success and names no distribution.
    #[error("AMP's answer names no distribution: there was nothing to distribute")]
    Nothing,
    /// The answer is not a valid request.
    #[error("AMP's answer: {0}")]
    Request(#[from] RequestError),
    /// The answer differs from what was asked for.
    #[error("AMP's answer: found {what} {found}, expected {expected} as asked for")]
    Differs {
        /// The part that differs.
        what: &'static str,
        /// What the answer has.
        found: String,
        /// What was asked for.
        expected: String,
    },
}

impl AnswerError {
    /// Its code.
    pub fn code(&self) -> Code {
        match self {
            AnswerError::Nothing => Code::NothingToDistribute,
            AnswerError::Request(error) => error.code(),
            AnswerError::Differs { .. } => Code::AnswerDiffers,
        }
    }
}

/// Reads an answer and compares it with what was asked for.
///
/// # Errors
/// When it is not a valid request, or differs from what was asked for.
pub fn answered(answer: &[u8], network: &Network, asked: &Asked<'_>) -> Result<Request, AnswerError> {
    if asked.command == Command::Distribute && names_no_distribution(answer) {
        return Err(AnswerError::Nothing);
    }
    let request = Request::parse(answer, network)?;
    let differs = |what, found: String, expected: String| match found == expected {
        true => Ok(()),
        false => Err(AnswerError::Differs { what, found, expected }),
    };
    differs("command", request.command().to_string(), asked.command.to_string())?;
    differs("asset_uuid", request.asset_uuid.to_string(), asked.asset_uuid.to_string())?;
    differs("asset_id", request.asset.to_string(), asked.asset.to_string())?;
    differs("a total of", request.total().to_string(), asked.total.to_string())?;
    Ok(request)
}

/// Whether AMP answered with success and without a distribution: the other fields of a request, no `distribution_uuid` and
/// no recipient. An answer of another shape does not say so: AMP may have made a distribution before something else
/// answered.
fn names_no_distribution(answer: &[u8]) -> bool {
    let Ok(serde_json::Value::Object(members)) = serde_json::from_slice(answer) else { return false };
    let text = |name: &str| members.get(name).map(|value| value.as_str().unwrap_or("?"));
    let pays_nobody =
        |name: &str| members.get(name).and_then(|map| map.as_object()).is_some_and(|map| map.is_empty());
    let is_null = members.get("distribution_uuid").is_none_or(serde_json::Value::is_null);
    text("command") == Some(Command::Distribute.name())
        && (is_null || text("distribution_uuid") == Some(""))
        && pays_nobody("map_address_amount")
}

#[cfg(test)]
mod tests {
    use super::super::draft;
    use super::*;
    use coldamp_core::elements::{OutPoint, Txid};
    use coldamp_core::network::Chain;

    const UUID: &str = "025b413f-8a9a-421e-a648-a7dd06839eb9";

    #[test]
    fn an_answer_is_accepted_only_if_it_is_what_was_asked_for() {
        let network = Network::new(Chain::Regtest);
        let uuid = Uuid::parse(UUID).unwrap();
        let (asset, other) = (AssetId::from_byte_array([7; 32]), AssetId::from_byte_array([8; 32]));
        let total = AssetAmount::from_base_units(50);
        let coins = [OutPoint::new(Txid::from_byte_array([1; 32]), 3)];
        let answer = draft::burn(&network, UUID, asset, total, &coins);
        let asked = Asked { command: Command::Burn, asset_uuid: &uuid, asset, total };
        assert!(answered(&answer, &network, &asked).is_ok());
        let more = AssetAmount::from_base_units(51);
        let elsewhere = Uuid::parse("125b413f-8a9a-421e-a648-a7dd06839eb9").unwrap();
        for wrong in [
            Asked { command: Command::Reissue, ..asked.clone() },
            Asked { asset: other, ..asked.clone() },
            Asked { total: more, ..asked.clone() },
            Asked { asset_uuid: &elsewhere, ..asked.clone() },
        ] {
            let error = answered(&answer, &network, &wrong).unwrap_err();
            assert_eq!(error.code().as_str(), "ANSWER_DIFFERS", "{wrong:?}");
        }
        let distribute = Asked { command: Command::Distribute, ..asked };
        for nothing in [
            r#"{"command":"distribute","map_address_amount":{}}"#,
            r#"{"command":"distribute","distribution_uuid":null,"map_address_amount":{}}"#,
            r#"{"command":"distribute","distribution_uuid":"","map_address_amount":{}}"#,
        ] {
            assert_eq!(answered(nothing.as_bytes(), &network, &distribute), Err(AnswerError::Nothing));
        }
        for unclear in [
            "<html>",
            "",
            "{}",
            "[]",
            r#"{"detail":"Not found."}"#,
            r#"{"command":"distribute"}"#,
            r#"{"command":"distribute","map_address_amount":null}"#,
            r#"{"command":"distribute","distribution_uuid":7,"map_address_amount":{}}"#,
        ] {
            let error = answered(unclear.as_bytes(), &network, &distribute);
            assert!(matches!(error, Err(AnswerError::Request(_))), "{unclear}");
        }
    }
}
