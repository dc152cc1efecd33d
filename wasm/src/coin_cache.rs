//! The coins that were decrypted since the page was loaded, so that a sync that was stopped does not do it again.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use coldamp_core::elements::OutPoint;
use coldamp_online::state::coin_cache::{CachedCoin, CoinCache};

/// Shared by every sync of one treasury, until the page is closed.
#[derive(Clone, Default)]
pub(crate) struct InMemory(Rc<RefCell<BTreeMap<OutPoint, CachedCoin>>>);

impl CoinCache for InMemory {
    fn get(&mut self, outpoint: OutPoint) -> Option<CachedCoin> {
        self.0.borrow().get(&outpoint).cloned()
    }

    fn put(&mut self, coin: &CachedCoin) {
        self.0.borrow_mut().insert(coin.outpoint, coin.clone());
    }
}
