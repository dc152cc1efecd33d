//! The coins that do not count, each with its reason.

use coldamp_core::listed::CoinName;

use super::Holdings;

/// Coins that are named one by one; anybody can send any number of them.
const MOST_NAMED: usize = 20;

impl Holdings {
    /// The outputs of the treasury's scripts that are no coins to spend, in words: those that the source does not name, those
    /// that nothing opens, and those that are not confirmed. Of many only the first are named.
    pub fn left_out(&self) -> Vec<String> {
        let unopened = self.unopened.iter();
        let unopened =
            unopened.map(|coin| format!("{} is left out: {}", CoinName(coin.outpoint), coin.error));
        let unconfirmed = self.unconfirmed.iter();
        let unconfirmed =
            unconfirmed.map(|outpoint| format!("{} is left out: it is not confirmed", CoinName(*outpoint)));
        let unread = self.unread.iter().map(ToString::to_string);
        at_most(MOST_NAMED, unread.chain(unopened).chain(unconfirmed).collect())
    }
}

/// The first lines, and how many more there are.
fn at_most(most: usize, mut lines: Vec<String>) -> Vec<String> {
    let more = lines.len().saturating_sub(most);
    if more > 0 {
        lines.truncate(most);
        lines.push(format!("{more} more coins are left out"));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_of_coins_left_out_does_not_flood_the_screen() {
        let lines = |count: usize| at_most(2, vec!["coin".to_owned(); count]);
        assert_eq!(lines(2), ["coin", "coin"]);
        assert_eq!(lines(5), ["coin", "coin", "3 more coins are left out"]);
    }
}
