//! Outputs of the treasury that cannot be spent now, each with the reason.

use coldamp_core::listed::CoinName;

use super::Holdings;

/// The most outputs that are named one by one. Anybody can send any number of them.
const MOST_NAMED: usize = 20;

impl Holdings {
    /// Outputs of the treasury's scripts that cannot be spent, one line each: those that the source does not list, those that
    /// cannot be opened, and those that are not confirmed. Of many, only the first are named.
    pub fn left_out(&self) -> Vec<String> {
        let unopened = self.unopened.iter();
        let unopened =
            unopened.map(|coin| format!("output {} is ignored: {}", CoinName(coin.outpoint), coin.error));
        let unconfirmed = self.unconfirmed.iter();
        let unconfirmed = unconfirmed
            .map(|outpoint| format!("output {} is ignored: it is not confirmed", CoinName(*outpoint)));
        let partial = self.partial_scripts.iter().map(ToString::to_string);
        at_most(MOST_NAMED, partial.chain(unopened).chain(unconfirmed).collect())
    }
}

/// The first lines, and the number of the others.
fn at_most(most: usize, mut lines: Vec<String>) -> Vec<String> {
    let more = lines.len().saturating_sub(most);
    if more > 0 {
        lines.truncate(most);
        lines.push(format!("{more} more outputs are ignored"));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_ignored_outputs_do_not_flood_the_screen() {
        let lines = |count: usize| at_most(2, vec!["coin".to_owned(); count]);
        assert_eq!(lines(2), ["coin", "coin"]);
        assert_eq!(lines(5), ["coin", "coin", "3 more outputs are ignored"]);
    }
}
