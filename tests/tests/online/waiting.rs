//! Waiting for two confirmations, with time that a test lets pass.

use std::cell::RefCell;
use std::time::Duration;

use coldamp_online::http::Http;
use coldamp_online::pace::{Pause, Progress, Watch};
use coldamp_online::report::confirmed;
use coldamp_online::source::esplora::Esplora;
use coldamp_tests::RequestKind;

use crate::desk::Issuer;

/// What happens on the chain in each pause, and what was told.
struct Story<'a> {
    issuer: &'a Issuer,
    steps: RefCell<Vec<&'static str>>,
    told: RefCell<Vec<Option<u32>>>,
}

impl Pause for &Story<'_> {
    async fn pause(&self, duration: Duration) {
        assert_eq!(duration, Duration::from_secs(15));
        match self.steps.borrow_mut().pop().expect("one pause more than expected") {
            "block" => self.issuer.mine(1),
            "reorganisation" => self.issuer.sandbox.with(|chain, _| chain.reorganise(1)),
            other => panic!("{other}"),
        }
    }

    fn elapsed(&self) -> Duration {
        // The sandbox is on this machine and not paced.
        Duration::ZERO
    }
}

impl Watch for Story<'_> {
    fn at(&self, progress: Progress) {
        let Progress::Confirmations { found, total: 2 } = progress else { panic!("{progress:?}") };
        self.told.borrow_mut().push(found);
    }
}

#[test]
fn confirmations_are_waited_for_told_and_counted_down_by_a_reorganisation() {
    let issuer = Issuer::new();
    let signed = issuer.signed(RequestKind::Reissue, &issuer.assets[1]);
    issuer.broadcast("reissue", "").done();
    // Taken from the end.
    let steps = vec!["block", "block", "reorganisation", "block"];
    let story = Story { issuer: &issuer, steps: RefCell::new(steps), told: RefCell::default() };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let deep = runtime.block_on(async {
        let http = Http::new().unwrap();
        let esplora = Esplora::new(http, &issuer.sandbox.esplora_url(), &story).unwrap();
        confirmed(&esplora, &signed, &&story, Some(Duration::from_secs(15)), &story).await.unwrap()
    });
    assert_eq!(deep, 2);
    assert_eq!(*story.told.borrow(), [Some(0), Some(1), Some(0), Some(1), Some(2)]);
}
