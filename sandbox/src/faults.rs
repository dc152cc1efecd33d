//! Faults between a client and its server, each for some paths and some requests; and the log of requests, on which a test
//! can wait instead of sleeping.
//!
//! Every request to Esplora and AMP is numbered from 1 as it arrives. A test that kills a client at each of its requests
//! calls [`Faults::hold`] with a number, waits until that request is held ([`Faults::wait_held`]), kills the client, and
//! releases the request ([`Faults::release`]). A request that is released to proceed is carried out even if its client has
//! disconnected, as real servers do.

mod edit;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::sync::watch;

pub use edit::Edit;

/// How long a test waits at most.
const PATIENCE: Duration = Duration::from_secs(60);

/// What happens to a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", deny_unknown_fields)]
pub enum Fault {
    /// The answer comes late.
    Slow {
        /// The delay.
        milliseconds: u64,
    },
    /// The server answers with an error: with `acted`, after it has carried the request out.
    Status {
        /// The HTTP status, 500 for instance.
        status: u16,
        /// Whether the request was carried out.
        acted: bool,
    },
    /// The request is carried out, and answered with 200 and a proxy's error page.
    NotJson,
    /// The request is not carried out, and this is answered. A status from 300 to 399 redirects to `/api/info`.
    Answers {
        /// The HTTP status.
        status: u16,
        /// The body.
        body: String,
    },
    /// The request is carried out, and its answer is changed.
    Altered {
        /// Another HTTP status.
        #[serde(default)]
        status: Option<u16>,
        /// Changes of the body, one after the other.
        #[serde(default)]
        edits: Vec<Edit>,
    },
    /// The connection breaks before the request is carried out.
    DropBefore,
    /// The connection breaks after the request was carried out.
    DropAfter,
    /// The request is held before it is carried out, until it is released.
    Hang,
}

/// A fault, and the requests that it happens to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Only requests of this method, in capitals; all if not given.
    #[serde(default)]
    pub method: Option<String>,
    /// The beginning of their path, e.g. `/esplora/tx` or `/api/`; with `$` at its end, the whole path.
    pub path: String,
    /// How many of them pass before the fault happens.
    #[serde(default)]
    pub skip: u32,
    /// How many of them the fault then happens to; all if not given.
    #[serde(default)]
    pub count: Option<u32>,
    /// The fault that is made.
    pub fault: Fault,
}

/// A request that arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logged {
    /// Counted from 1.
    pub number: usize,
    /// The HTTP method, in capitals.
    pub method: String,
    /// Path and query, e.g. `/esplora/blocks/tip/height`.
    pub path: String,
}

/// Where a request is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// It has arrived, and was not carried out yet.
    Before,
    /// It was carried out, and is not answered yet.
    After,
}

/// What happens to a request that is released.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Then {
    /// It proceeds.
    Proceed,
    /// Its connection breaks. A request that was held before it was carried out never is.
    Drop,
}

/// The faults of one server. Clones are the same one.
#[derive(Debug, Clone)]
pub struct Faults {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    state: Mutex<State>,
    /// Wakes tests: a request arrived, is held, or is finished.
    changed: Condvar,
    /// Wakes requests: one of them was released.
    released: watch::Sender<()>,
}

#[derive(Debug, Default)]
struct State {
    rules: Vec<Rule>,
    holds: BTreeMap<usize, When>,
    held: BTreeMap<usize, When>,
    freed: BTreeMap<usize, Then>,
    log: Vec<Logged>,
    finished: BTreeSet<usize>,
    unfit: Vec<String>,
}

/// The number of a request that has arrived, and what is to happen to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ticket {
    pub(crate) number: usize,
    pub(crate) fault: Option<Fault>,
    pub(crate) hold: Option<When>,
}

impl Default for Faults {
    fn default() -> Self {
        Self::new()
    }
}

impl Faults {
    /// No faults.
    pub fn new() -> Self {
        let shared =
            Shared { state: Mutex::default(), changed: Condvar::new(), released: watch::Sender::new(()) };
        Faults { shared: Arc::new(shared) }
    }

    /// Adds a rule. Of several that fit a request, the one that was added first happens.
    pub fn add(&self, rule: Rule) {
        self.state().rules.push(rule);
    }

    /// Replaces all rules.
    pub fn set(&self, rules: Vec<Rule>) {
        self.state().rules = rules;
    }

    /// Removes all rules, and lets every request that is held proceed. The log stays.
    pub fn clear(&self) {
        let mut state = self.state();
        state.rules.clear();
        state.holds.clear();
        let held: Vec<usize> = state.held.keys().copied().collect();
        state.freed.extend(held.into_iter().map(|number| (number, Then::Proceed)));
        drop(state);
        self.shared.released.send_replace(());
    }

    /// Holds the request with this number when it arrives.
    pub fn hold(&self, number: usize, when: When) {
        self.state().holds.insert(number, when);
    }

    /// Whether the request with this number is held.
    pub fn is_held(&self, number: usize) -> bool {
        self.state().held.contains_key(&number)
    }

    /// Holds no request that arrives from now on.
    pub fn forget_holds(&self) {
        self.state().holds.clear();
    }

    /// Releases a request that is held.
    pub fn release(&self, number: usize, then: Then) {
        self.state().freed.insert(number, then);
        self.shared.released.send_replace(());
    }

    /// All requests so far, in the order of arrival.
    pub fn log(&self) -> Vec<Logged> {
        self.state().log.clone()
    }

    /// The number of requests so far; the next one has the number above it.
    pub fn count(&self) -> usize {
        self.state().log.len()
    }

    /// Edits that did not fit the answer they were applied to. A test with such an edit tests nothing.
    pub fn unfit(&self) -> Vec<String> {
        self.state().unfit.clone()
    }

    /// Notes an edit that did not fit.
    pub(crate) fn does_not_fit(&self, edit: &Edit) {
        self.state().unfit.push(format!("{edit:?}"));
    }

    /// Waits until so many requests have arrived, and gives the last of them; `None` after a minute.
    pub fn wait_for(&self, number: usize) -> Option<Logged> {
        let index = number.checked_sub(1)?;
        self.wait(|state| state.log.get(index).cloned())
    }

    /// Waits until the request with this number is held, and says where; `None` after a minute.
    pub fn wait_held(&self, number: usize) -> Option<When> {
        self.wait(|state| state.held.get(&number).copied())
    }

    /// Waits until the request with this number was carried out, or its connection was broken on purpose; its answer may not
    /// have arrived yet. False after a minute.
    pub fn wait_finished(&self, number: usize) -> bool {
        self.wait(|state| state.finished.contains(&number).then_some(())).is_some()
    }

    fn wait<T>(&self, look: impl Fn(&State) -> Option<T>) -> Option<T> {
        let state = self.state();
        let waited = self.shared.changed.wait_timeout_while(state, PATIENCE, |state| look(state).is_none());
        let (state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        look(&state)
    }

    /// Logs a request and finds what is to happen to it.
    pub(crate) fn arrive(&self, method: &str, path: &str) -> Ticket {
        let mut state = self.state();
        let number = state.log.len().saturating_add(1);
        state.log.push(Logged { number, method: method.to_owned(), path: path.to_owned() });
        let fault = state.rules.iter_mut().find_map(|rule| rule.meet(method, path));
        let hold = state.holds.remove(&number);
        drop(state);
        self.shared.changed.notify_all();
        Ticket { number, fault, hold }
    }

    /// Notes that nothing more is done for a request.
    pub(crate) fn finish(&self, number: usize) {
        self.state().finished.insert(number);
        self.shared.changed.notify_all();
    }

    /// Holds a request until it is released.
    pub(crate) async fn hold_until_released(&self, number: usize, when: When) -> Then {
        let mut released = self.shared.released.subscribe();
        self.state().held.insert(number, when);
        self.shared.changed.notify_all();
        loop {
            if let Some(then) = self.free(number) {
                return then;
            }
            // The sender lives as long as this does.
            if released.changed().await.is_err() {
                return Then::Drop;
            }
        }
    }

    fn free(&self, number: usize) -> Option<Then> {
        let mut state = self.state();
        let then = state.freed.remove(&number)?;
        state.held.remove(&number);
        Some(then)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Rule {
    /// The fault, if it happens to this request. Counts the request.
    fn meet(&mut self, method: &str, path: &str) -> Option<Fault> {
        let on_path = match self.path.strip_suffix('$') {
            Some(whole) => path == whole,
            None => path.starts_with(&self.path),
        };
        let fits = on_path && self.method.as_deref().is_none_or(|own| own == method);
        if !fits || self.count == Some(0) {
            return None;
        }
        if self.skip > 0 {
            self.skip = self.skip.saturating_sub(1);
            return None;
        }
        self.count = self.count.map(|count| count.saturating_sub(1));
        Some(self.fault.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(path: &str, skip: u32, count: Option<u32>, fault: Fault) -> Rule {
        Rule { method: Some("GET".to_owned()), path: path.to_owned(), skip, count, fault }
    }

    #[test]
    fn a_rule_meets_its_path_its_method_and_its_count() {
        let faults = Faults::new();
        faults.add(rule("/esplora/tx", 1, Some(2), Fault::DropAfter));
        let met = |method: &str, path: &str| faults.arrive(method, path).fault;
        assert_eq!(met("GET", "/esplora/blocks"), None);
        assert_eq!(met("POST", "/esplora/tx"), None);
        assert_eq!(met("GET", "/esplora/tx/1"), None, "one passes");
        assert_eq!(met("GET", "/esplora/tx/2"), Some(Fault::DropAfter));
        assert_eq!(met("GET", "/esplora/tx/3"), Some(Fault::DropAfter));
        assert_eq!(met("GET", "/esplora/tx/4"), None);
        assert_eq!(faults.count(), 6);
        let last = Logged { number: 6, method: "GET".to_owned(), path: "/esplora/tx/4".to_owned() };
        assert_eq!(faults.wait_for(6), Some(last));
    }

    #[test]
    fn a_rule_of_a_whole_path_meets_nothing_below_it() {
        let faults = Faults::new();
        faults.add(rule("/api/assets/1/txs$", 0, None, Fault::NotJson));
        assert_eq!(faults.arrive("GET", "/api/assets/1/txs/2").fault, None);
        assert_eq!(faults.arrive("GET", "/api/assets/1/txs").fault, Some(Fault::NotJson));
    }

    #[test]
    fn a_rule_reads_as_json_and_refuses_what_it_does_not_know() {
        let text = r#"{"path":"/api/","count":1,"fault":{"kind":"status","status":500,"acted":true}}"#;
        let rule: Rule = serde_json::from_str(text).unwrap();
        assert_eq!(rule.fault, Fault::Status { status: 500, acted: true });
        assert_eq!((rule.method, rule.skip, rule.count), (None, 0, Some(1)));
        assert!(serde_json::from_str::<Rule>(&text.replace("count", "times")).is_err());
        assert!(serde_json::from_str::<Rule>(&text.replace("status\",", "melt\",")).is_err());
    }
}
