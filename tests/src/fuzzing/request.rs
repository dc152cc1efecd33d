//! AMP's request: it comes from the machine that is not trusted, and its amounts and addresses end up in a transaction.

use std::collections::BTreeSet;

use coldamp_core::amp::{Job, Request};
use coldamp_core::limits::MAX_MONEY;
use coldamp_core::network::{Chain, Network};

/// Whether the bytes are a request on some network. One that is names amounts that exist, and everybody once.
pub fn request(data: &[u8]) -> bool {
    let chains = [Chain::Liquid, Chain::LiquidTestnet, Chain::Regtest];
    let read: Vec<Request> =
        chains.into_iter().filter_map(|chain| Request::parse(data, &Network::new(chain)).ok()).collect();
    read.iter().for_each(|request| holds_together(request, data));
    !read.is_empty()
}

fn holds_together(request: &Request, data: &[u8]) {
    assert_eq!(request.bytes(), data, "other bytes than those that were read");
    match &request.job {
        Job::Distribute { recipients, .. } => {
            let scripts: BTreeSet<_> =
                recipients.iter().map(|recipient| recipient.address.script_pubkey()).collect();
            assert_eq!(scripts.len(), recipients.len(), "a recipient twice");
            assert!(!scripts.is_empty(), "nobody is paid");
            recipients.iter().for_each(|recipient| is_money(recipient.amount.base_units()));
        }
        Job::Reissue { amount, tokens: coins } | Job::Burn { amount, coins } => {
            is_money(amount.base_units());
            let once: BTreeSet<_> = coins.iter().collect();
            assert_eq!(once.len(), coins.len(), "a coin twice");
            assert!(!once.is_empty(), "no coin is listed");
        }
    }
    // Both end up in the URL that report and password go to.
    assert!(request.api.as_str().starts_with("http"), "{}", request.api);
    assert!(!request.confirm_path().contains(['?', '#', ' ', '%', '.']), "{}", request.confirm_path());
}

fn is_money(base_units: u64) {
    assert!((1..=MAX_MONEY).contains(&base_units), "{base_units} base units");
}
