//! One pace for all requests to a server, and one back-off: public servers refuse whoever asks faster than they allow, and
//! whoever goes on asking meanwhile is refused for longer.

use std::cell::RefCell;
use std::num::NonZeroU32;
use std::time::Duration;

use super::Pause;

/// The first wait after a refusal; each one is twice as long as the one before.
const FIRST_WAIT: Duration = Duration::from_secs(1);

/// The longest wait. A server that asks for a longer one is not waited for.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// Refusals in a row before it is given up: the waits come to about three minutes.
const MAX_REFUSALS: u32 = 9;

/// How often a server may be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    every: Duration,
    burst: u32,
}

impl Rate {
    /// For a server whose limits nobody has named: 4 a second, 5 at once. The published configuration of Blockstream's
    /// Esplora lets 5 a second pass and 10 at once (Blockstream/esplora, contrib/nginx.conf.in).
    pub const PUBLIC: Rate = Rate { every: Duration::from_millis(250), burst: 5 };

    /// So many a second, and as many at once.
    pub fn per_second(requests: NonZeroU32) -> Self {
        let every = Duration::from_secs(1).checked_div(requests.get()).unwrap_or_default();
        Rate { every, burst: requests.get() }
    }

    /// The time that so many requests take.
    pub fn time_of(&self, requests: usize) -> Duration {
        self.every.saturating_mul(u32::try_from(requests).unwrap_or(u32::MAX))
    }
}

/// The turns of all requests to one server: at its [`Rate`], and all of them later once one was refused.
#[derive(Debug)]
pub struct Turns<P> {
    clock: P,
    rate: Option<Rate>,
    state: RefCell<State>,
}

#[derive(Debug, Default)]
struct State {
    /// When the request behind all those that have a turn has its own.
    next: Duration,
    /// Nobody asks before.
    held_until: Duration,
    /// Refusals since the last answer.
    refusals: u32,
    /// How often all were held back so far.
    holds: u32,
}

/// A turn that was waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Turn {
    holds: u32,
}

impl<P: Pause> Turns<P> {
    /// Turns at a rate; without one everybody's turn is now.
    pub fn new(clock: P, rate: Option<Rate>) -> Self {
        Turns { clock, rate, state: RefCell::default() }
    }

    /// The same at a rate.
    #[must_use]
    pub fn at_rate(self, rate: Rate) -> Self {
        Turns { rate: Some(rate), ..self }
    }

    /// The clock.
    pub fn clock(&self) -> &P {
        &self.clock
    }

    /// The rate, where there is one.
    pub fn rate(&self) -> Option<Rate> {
        self.rate
    }

    /// Waits for the next turn.
    pub async fn take(&self) -> Turn {
        loop {
            let held = self.state.borrow().held_until.saturating_sub(self.clock.elapsed());
            if held.is_zero() {
                break;
            }
            self.clock.pause(held).await;
        }
        let wait = self.reserve();
        if !wait.is_zero() {
            self.clock.pause(wait).await;
        }
        Turn { holds: self.state.borrow().holds }
    }

    /// Takes a place in the row, and says how long it is until then.
    fn reserve(&self) -> Duration {
        let Some(Rate { every, burst }) = self.rate else { return Duration::ZERO };
        let mut state = self.state.borrow_mut();
        let now = self.clock.elapsed();
        let place = state.next.max(now);
        state.next = place.saturating_add(every);
        // As many as come at once may go at once; those behind them go one after the other.
        let at_once = every.saturating_mul(burst.saturating_sub(1));
        place.saturating_sub(at_once).saturating_sub(now)
    }

    /// The server has refused to be asked so often: holds everybody back. `false` where it is to be given up.
    pub fn refused(&self, turn: Turn, retry_after: Option<u64>) -> bool {
        let mut state = self.state.borrow_mut();
        if turn.holds != state.holds {
            // It was asked before everybody was held back, and says nothing new.
            return state.refusals < MAX_REFUSALS;
        }
        state.refusals = state.refusals.saturating_add(1);
        state.holds = state.holds.saturating_add(1);
        let doubled = 2_u32.saturating_pow(state.refusals.saturating_sub(1));
        let own = FIRST_WAIT.saturating_mul(doubled).min(LONGEST_WAIT);
        let wait = retry_after.map_or(own, |seconds| Duration::from_secs(seconds).max(FIRST_WAIT));
        state.held_until = self.clock.elapsed().saturating_add(wait.min(LONGEST_WAIT));
        wait <= LONGEST_WAIT && state.refusals < MAX_REFUSALS
    }

    /// The server has answered.
    pub fn answered(&self) {
        self.state.borrow_mut().refusals = 0;
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use futures_util::FutureExt as _;
    use futures_util::future::join_all;

    use super::*;

    /// Time that passes where somebody waits. Whoever waits waits alone: the others wait from there on.
    #[derive(Default)]
    struct Hands(Cell<Duration>);

    impl Pause for &Hands {
        async fn pause(&self, duration: Duration) {
            self.0.set(self.0.get() + duration);
        }

        fn elapsed(&self) -> Duration {
            self.0.get()
        }
    }

    fn take(turns: &Turns<&Hands>, times: usize) -> Turn {
        let all = join_all((0..times).map(|_| turns.take())).now_or_never().unwrap();
        *all.last().unwrap()
    }

    #[test]
    fn a_burst_goes_at_once_and_the_rest_at_the_rate() {
        let hands = Hands::default();
        let turns = Turns::new(&hands, Some(Rate::PUBLIC));
        take(&turns, 5);
        assert_eq!(hands.0.get(), Duration::ZERO);
        take(&turns, 40);
        assert_eq!(hands.0.get(), Duration::from_secs(10), "4 a second");
        // A rest fills the burst again, and no more than it.
        hands.0.set(Duration::from_secs(100));
        take(&turns, 5);
        assert_eq!(hands.0.get(), Duration::from_secs(100));
        take(&turns, 4);
        assert_eq!(hands.0.get(), Duration::from_secs(101));
    }

    #[test]
    fn in_an_hour_no_more_go_than_the_rate_and_the_burst_together() {
        let hands = Hands::default();
        let rate = Rate::per_second(NonZeroU32::new(2).unwrap());
        let turns = Turns::new(&hands, Some(rate));
        let mut gone = 0;
        while hands.0.get() < Duration::from_secs(3_600) {
            take(&turns, 1);
            gone += 1;
        }
        assert!((7_200..=7_203).contains(&gone), "{gone}");
        assert_eq!(rate.time_of(60), Duration::from_secs(30));
    }

    #[test]
    fn without_a_rate_nobody_waits() {
        let hands = Hands::default();
        take(&Turns::new(&hands, None), 1_000);
        assert_eq!(hands.0.get(), Duration::ZERO);
    }

    #[test]
    fn a_refusal_holds_everybody_back_for_longer_each_time_and_not_for_ever() {
        let hands = Hands::default();
        let turns = Turns::new(&hands, None);
        let mut waited = Vec::new();
        loop {
            let before = hands.0.get();
            let turn = take(&turns, 8);
            waited.push((hands.0.get() - before).as_secs());
            // Those that were under way at the same time are refused too, and count once.
            let again: Vec<bool> = (0..8).map(|_| turns.refused(turn, None)).collect();
            if again.contains(&false) {
                break;
            }
        }
        assert_eq!(waited, [0, 1, 2, 4, 8, 16, 32, 60, 60]);
        turns.answered();
        let turn = take(&turns, 1);
        assert!(turns.refused(turn, None), "an answer starts the count anew");
    }

    #[test]
    fn a_server_is_waited_for_as_long_as_it_asks_and_not_longer_than_a_minute() {
        let hands = Hands::default();
        let turns = Turns::new(&hands, None);
        let turn = take(&turns, 1);
        assert!(turns.refused(turn, Some(7)));
        let turn = take(&turns, 1);
        assert_eq!(hands.0.get(), Duration::from_secs(7));
        assert!(!turns.refused(turn, Some(3_600)), "an hour is for the operator to wait");
        take(&turns, 1);
        assert_eq!(hands.0.get(), Duration::from_secs(67));
    }
}
