//! The coins that were opened since the page was loaded, so that a sync that was stopped goes on where it was.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use coldamp_core::elements::OutPoint;
use coldamp_online::memory::{Memory, Remembered};

/// Shared by every sync of one treasury; gone with the page.
#[derive(Clone, Default)]
pub(crate) struct InMemory(Rc<RefCell<BTreeMap<OutPoint, Remembered>>>);

impl Memory for InMemory {
    fn recall(&mut self, outpoint: OutPoint) -> Option<Remembered> {
        self.0.borrow().get(&outpoint).cloned()
    }

    fn remember(&mut self, coin: &Remembered) {
        self.0.borrow_mut().insert(coin.outpoint, coin.clone());
    }
}
