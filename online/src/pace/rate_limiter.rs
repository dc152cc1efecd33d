//! One request rate and one back-off for all requests to a server. Public servers refuse clients that ask faster than they
//! allow, and refuse for longer if the client goes on.

use std::cell::RefCell;
use std::num::NonZeroU32;
use std::time::Duration;

use super::Pause;

/// The wait after the first refusal. Each further refusal doubles it.
const FIRST_WAIT: Duration = Duration::from_secs(1);

/// The longest wait. If a server asks for a longer one, the request fails.
pub(crate) const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// Refusals in a row after which a request fails. The waits before add up to about three minutes.
const MAX_REFUSALS: u32 = 9;

/// How many requests a server gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    every: Duration,
    burst: u32,
}

impl Rate {
    /// For a server with unknown limits: 4 requests a second, 5 at once. The published configuration of Blockstream's
    /// Esplora allows 5 a second and 10 at once (Blockstream/esplora, contrib/nginx.conf.in).
    pub const PUBLIC: Rate = Rate { every: Duration::from_millis(250), burst: 5 };

    /// This many requests a second, and as many at once.
    pub fn per_second(requests: NonZeroU32) -> Self {
        let every = Duration::from_secs(1).checked_div(requests.get()).unwrap_or_default();
        Rate { every, burst: requests.get() }
    }

    /// The time that this many requests take.
    pub fn time_of(&self, requests: usize) -> Duration {
        self.every.saturating_mul(u32::try_from(requests).unwrap_or(u32::MAX))
    }
}

/// Spaces all requests to one server by its [`Rate`], and delays all of them after a refusal.
#[derive(Debug)]
pub struct RateLimiter<P> {
    clock: P,
    rate: Option<Rate>,
    state: RefCell<State>,
}

#[derive(Debug, Default)]
struct State {
    /// When the next request may be sent, after all those that have a permit.
    next: Duration,
    /// No request is sent before this time.
    blocked_until: Duration,
    /// Refusals since the last answer.
    refusals: u32,
    /// Back-offs so far.
    backoffs: u32,
}

/// The permission to send one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Permit {
    /// Back-offs before it was given.
    backoffs: u32,
}

/// Whether a refused request may be sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retry {
    /// It may, with a new permit.
    Yes,
    /// The server refused too often, or asks for a wait that is too long.
    GiveUp,
}

impl<P: Pause> RateLimiter<P> {
    /// A limiter. Without a rate, requests are delayed after a refusal only.
    pub fn new(clock: P, rate: Option<Rate>) -> Self {
        RateLimiter { clock, rate, state: RefCell::default() }
    }

    /// Sets the rate.
    #[must_use]
    pub fn at_rate(self, rate: Rate) -> Self {
        RateLimiter { rate: Some(rate), ..self }
    }

    /// The clock.
    pub fn clock(&self) -> &P {
        &self.clock
    }

    /// The rate. None without one.
    pub fn rate(&self) -> Option<Rate> {
        self.rate
    }

    /// Waits until a request may be sent.
    pub async fn acquire(&self) -> Permit {
        loop {
            let blocked = self.state.borrow().blocked_until.saturating_sub(self.clock.elapsed());
            if blocked.is_zero() {
                break;
            }
            self.clock.pause(blocked).await;
        }
        let wait = self.reserve_slot();
        if !wait.is_zero() {
            self.clock.pause(wait).await;
        }
        Permit { backoffs: self.state.borrow().backoffs }
    }

    /// Reserves the next time slot, and returns how long it is until then.
    fn reserve_slot(&self) -> Duration {
        let Some(Rate { every, burst }) = self.rate else { return Duration::ZERO };
        let mut state = self.state.borrow_mut();
        let now = self.clock.elapsed();
        let slot = state.next.max(now);
        state.next = slot.saturating_add(every);
        // The first `burst` requests may go at once. Those after them are spaced by the rate.
        let at_once = every.saturating_mul(burst.saturating_sub(1));
        slot.saturating_sub(at_once).saturating_sub(now)
    }

    /// The server refused a request because of too many requests. Delays all requests.
    pub fn back_off(&self, permit: Permit, retry_after: Option<u64>) -> Retry {
        let retry = |may_retry| if may_retry { Retry::Yes } else { Retry::GiveUp };
        let mut state = self.state.borrow_mut();
        if permit.backoffs != state.backoffs {
            // The request was sent before the last back-off, so its refusal says nothing new.
            return retry(state.refusals < MAX_REFUSALS);
        }
        state.refusals = state.refusals.saturating_add(1);
        state.backoffs = state.backoffs.saturating_add(1);
        let doubled = 2_u32.saturating_pow(state.refusals.saturating_sub(1));
        let own = FIRST_WAIT.saturating_mul(doubled).min(LONGEST_WAIT);
        let wait = retry_after.map_or(own, |seconds| Duration::from_secs(seconds).max(FIRST_WAIT));
        state.blocked_until = self.clock.elapsed().saturating_add(wait.min(LONGEST_WAIT));
        retry(wait <= LONGEST_WAIT && state.refusals < MAX_REFUSALS)
    }

    /// The server answered. The next refusal counts as the first.
    pub fn answered(&self) {
        self.state.borrow_mut().refusals = 0;
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;
    use futures_util::future::join_all;

    use super::*;
    use crate::pace::tests::ManualClock;

    fn take(limiter: &RateLimiter<&ManualClock>, times: usize) -> Permit {
        let all = join_all((0..times).map(|_| limiter.acquire())).now_or_never().unwrap();
        *all.last().unwrap()
    }

    #[test]
    fn a_burst_goes_at_once_and_the_rest_at_the_rate() {
        let clock = ManualClock::default();
        let limiter = RateLimiter::new(&clock, Some(Rate::PUBLIC));
        take(&limiter, 5);
        assert_eq!(clock.0.get(), Duration::ZERO);
        take(&limiter, 40);
        assert_eq!(clock.0.get(), Duration::from_secs(10), "4 a second");
        // A rest fills the burst again, and no more than it.
        clock.0.set(Duration::from_secs(100));
        take(&limiter, 5);
        assert_eq!(clock.0.get(), Duration::from_secs(100));
        take(&limiter, 4);
        assert_eq!(clock.0.get(), Duration::from_secs(101));
    }

    #[test]
    fn in_an_hour_no_more_go_than_the_rate_and_the_burst_together() {
        let clock = ManualClock::default();
        let rate = Rate::per_second(NonZeroU32::new(2).unwrap());
        let limiter = RateLimiter::new(&clock, Some(rate));
        let mut gone = 0;
        while clock.0.get() < Duration::from_secs(3_600) {
            take(&limiter, 1);
            gone += 1;
        }
        assert!((7_200..=7_203).contains(&gone), "{gone}");
        assert_eq!(rate.time_of(60), Duration::from_secs(30));
    }

    #[test]
    fn without_a_rate_nobody_waits() {
        let clock = ManualClock::default();
        take(&RateLimiter::new(&clock, None), 1_000);
        assert_eq!(clock.0.get(), Duration::ZERO);
    }

    #[test]
    fn a_refusal_holds_everybody_back_for_longer_each_time_and_not_for_ever() {
        let clock = ManualClock::default();
        let limiter = RateLimiter::new(&clock, None);
        let mut waited = Vec::new();
        loop {
            let before = clock.0.get();
            let permit = take(&limiter, 8);
            waited.push((clock.0.get() - before).as_secs());
            // Those that were under way at the same time are refused too, and count once.
            let again: Vec<Retry> = (0..8).map(|_| limiter.back_off(permit, None)).collect();
            if again.contains(&Retry::GiveUp) {
                break;
            }
        }
        assert_eq!(waited, [0, 1, 2, 4, 8, 16, 32, 60, 60]);
        limiter.answered();
        let permit = take(&limiter, 1);
        assert_eq!(limiter.back_off(permit, None), Retry::Yes, "an answer starts the count anew");
    }

    #[test]
    fn a_server_is_waited_for_as_long_as_it_asks_and_not_longer_than_a_minute() {
        let clock = ManualClock::default();
        let limiter = RateLimiter::new(&clock, None);
        let permit = take(&limiter, 1);
        assert_eq!(limiter.back_off(permit, Some(7)), Retry::Yes);
        let permit = take(&limiter, 1);
        assert_eq!(clock.0.get(), Duration::from_secs(7));
        assert_eq!(
            limiter.back_off(permit, Some(3_600)),
            Retry::GiveUp,
            "an hour is for the operator to wait"
        );
        take(&limiter, 1);
        assert_eq!(clock.0.get(), Duration::from_secs(67));
    }
}
