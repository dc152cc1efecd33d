//! Two requests are the same when their meaning is the same. Their bytes may differ (docs/rules.md#same-request).

use std::collections::BTreeSet;
use std::fmt;

use elements::hashes::sha256;
use elements::{AssetId, OutPoint, encode};

use super::{Job, Request};

/// What AMP asks to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Command {
    /// Pay holders from the treasury.
    Distribute,
    /// Make more of the asset.
    Reissue,
    /// Destroy some of the asset.
    Burn,
}

/// SHA-256 over what a request means: the uuid of a distribution; command, asset, amount and the **set** of outpoints of a
/// reissue or burn. One more blank, another key order or `1.0` for `1` makes the same request, which must not be paid a
/// second time as another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct RequestIdentity(pub [u8; 32]);

impl Command {
    /// The three commands.
    pub const ALL: [Command; 3] = [Command::Distribute, Command::Reissue, Command::Burn];

    /// AMP's name of the command.
    pub fn name(self) -> &'static str {
        match self {
            Command::Distribute => "distribute",
            Command::Reissue => "reissue",
            Command::Burn => "burn",
        }
    }

    /// The command by AMP's name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|command| command.name() == name)
    }
}

impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl RequestIdentity {
    /// The identity of a parsed request.
    pub fn of(request: &Request) -> Self {
        Self::of_job(request.asset, &request.job)
    }

    /// The identity that a request of this asset for this job has.
    pub fn of_job(asset: AssetId, job: &Job) -> Self {
        let mut text = format!("coldamp/request/1\0{}\0", job.command()).into_bytes();
        match job {
            Job::Distribute { uuid, .. } => text.extend(uuid.to_string().into_bytes()),
            Job::Reissue { amount, tokens: outpoints } | Job::Burn { amount, coins: outpoints } => {
                text.extend(asset.into_tag().as_ref());
                text.extend(amount.base_units().to_le_bytes());
                let set: BTreeSet<OutPoint> = outpoints.iter().copied().collect();
                text.extend(set.iter().flat_map(encode::serialize));
            }
        }
        RequestIdentity(sha256::Hash::hash(&text).to_byte_array())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::{Chain, Network};

    const ASSET: &str = "c827f4a9f08a0eb9372c163621585f3d795c68b6a577505b457ff1c6ebb71015";
    const UUID: &str = "025b413f-8a9a-421e-a648-a7dd06839eb9";

    fn identity(text: &str) -> RequestIdentity {
        let network = Network::new(Chain::Regtest);
        RequestIdentity::of(&Request::parse(text.as_bytes(), &network).unwrap())
    }

    fn burn(amount: &str, utxos: &str) -> String {
        format!(
            r#"{{"command":"burn","min_supported_client_script_version":2,
            "base_url":"https://amp-test.blockstream.com/api/{{}}","asset_uuid":"{UUID}","asset_id":"{ASSET}",
            "amount":{amount},"utxos":[{utxos}]}}"#
        )
    }

    fn coin(digit: char, vout: u32) -> String {
        format!(r#"{{"txid":"{}","vout":{vout}}}"#, digit.to_string().repeat(64))
    }

    #[test]
    fn blanks_key_order_number_form_and_list_order_are_the_same_request() {
        let (one, two) = (coin('1', 0), coin('2', 7));
        let first = burn("1.0", &format!("{one},{two}"));
        let command_last = first.replace(r#""command":"burn","#, "").replace("]}", r#"],"command":"burn"}"#);
        for same in [
            first.replace(':', " : ").replace(" : //", "://"),
            burn("1", &format!("{one},{two}")),
            burn("10e-1", &format!("{one},{two}")),
            burn("1.0", &format!("{two},{one}")),
            command_last,
            first.replace("{\"command\"", "{\"note\":1,\"command\""),
        ] {
            assert_ne!(same, first);
            assert_eq!(identity(&same), identity(&first), "{same}");
        }
    }

    #[test]
    fn another_amount_coin_asset_or_command_is_another_request() {
        let coins = coin('1', 0);
        let first = burn("1.0", &coins);
        let reissue = first.replace("\"burn\"", "\"reissue\"").replace("\"utxos\"", "\"reissuance_utxos\"");
        for other in [
            burn("1.00000001", &coins),
            burn("1.0", &coin('1', 1)),
            burn("1.0", &format!("{coins},{}", coin('2', 0))),
            first.replace("c827f4a9", "c827f4a8"),
            reissue,
        ] {
            assert_ne!(identity(&other), identity(&first), "{other}");
        }
    }

    #[test]
    fn commands_have_amps_words() {
        for command in Command::ALL {
            assert_eq!(Command::from_name(command.name()), Some(command));
        }
        assert_eq!(Command::from_name("Burn"), None);
    }
}
