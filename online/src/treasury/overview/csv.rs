//! The coins as CSV, a row each. No field needs quotes: each is hexadecimal, a number or a word of this program.

use coldamp_core::units::AssetAmount;

use super::{AtAmp, CoinDocument, CoinState, Kind, TreasuryDocument};

/// The first row.
const COLUMNS: &str = "txid,vout,branch,index,asset,kind,amount_base_units,state,blinded,reserved_by,at_amp";

impl TreasuryDocument {
    /// A row for each coin, below a row with the columns' names. Rows end with a line feed.
    pub fn csv(&self) -> String {
        let rows = self.coins.iter().map(row);
        std::iter::once(COLUMNS.to_owned()).chain(rows).map(|row| row + "\n").collect()
    }
}

fn row(coin: &CoinDocument) -> String {
    let (branch, index) = coin.path.split_once('/').unwrap_or_default();
    let vout = coin.vout.to_string();
    let amount = coin.amount.map(AssetAmount::base_units).map(|amount| amount.to_string());
    [
        coin.txid.as_str(),
        &vout,
        branch,
        index,
        coin.asset.as_deref().unwrap_or_default(),
        coin.kind.map(Kind::word).unwrap_or_default(),
        amount.as_deref().unwrap_or_default(),
        coin.state.word(),
        coin.is_blinded.map(|is_blinded| if is_blinded { "yes" } else { "no" }).unwrap_or_default(),
        coin.reserved_by.as_deref().unwrap_or_default(),
        coin.at_amp.map(AtAmp::word).unwrap_or_default(),
    ]
    .join(",")
}

impl Kind {
    /// As the JSON has it.
    fn word(self) -> &'static str {
        match self {
            Kind::Asset => "asset",
            Kind::Token => "token",
            Kind::Lbtc => "lbtc",
            Kind::Other => "other",
        }
    }
}

impl CoinState {
    /// As the JSON has it.
    fn word(self) -> &'static str {
        match self {
            CoinState::Confirmed => "confirmed",
            CoinState::Waiting => "waiting",
            CoinState::Unopened => "unopened",
        }
    }
}

impl AtAmp {
    /// As the JSON has it.
    fn word(self) -> &'static str {
        match self {
            AtAmp::Listed => "listed",
            AtAmp::Lost => "lost",
            AtAmp::Differs => "differs",
        }
    }
}
