//! What repeats within the window: bytes as literals and references back to bytes before them.

/// How far back a reference reaches: BBQr's window of 10 bits.
pub(super) const WINDOW: usize = 1_024;

/// The longest piece that one reference stands for, and the shortest (RFC 1951).
const LONGEST: usize = 258;
const SHORTEST: usize = 3;

/// Earlier places that are looked at for one position. With more, a file of few different bytes takes minutes.
const TRIES: usize = 32;

/// Buckets for three bytes.
const BUCKETS: usize = 1 << 13;

/// No place; larger than every place.
const NOWHERE: usize = usize::MAX;

/// A piece of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Symbol {
    /// A byte.
    Literal(u8),
    /// Bytes that were there before.
    Match(Match),
}

/// A reference back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Match {
    pub(super) length: usize,
    pub(super) distance: usize,
}

/// The symbols of a file, one after another.
pub(super) struct Symbols<'a> {
    bytes: &'a [u8],
    at: usize,
    /// By bucket: the last place with such three bytes.
    last: Vec<usize>,
    /// By place in the window: the place before it in the same bucket.
    before: Vec<usize>,
}

impl<'a> Symbols<'a> {
    pub(super) fn of(bytes: &'a [u8]) -> Self {
        Symbols { bytes, at: 0, last: vec![NOWHERE; BUCKETS], before: vec![NOWHERE; WINDOW] }
    }

    /// How many bytes the symbols so far stand for.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    fn bucket(&self, at: usize) -> Option<usize> {
        let three = self.bytes.get(at..)?.first_chunk::<SHORTEST>()?;
        let number = three.iter().fold(0_usize, |number, byte| (number << 5) ^ usize::from(*byte));
        Some(number % BUCKETS)
    }

    /// Notes the place for later.
    fn note(&mut self, at: usize) {
        let Some(bucket) = self.bucket(at) else { return };
        let Some(last) = self.last.get_mut(bucket) else { return };
        if let Some(before) = self.before.get_mut(at % WINDOW) {
            *before = *last;
        }
        *last = at;
    }

    /// The longest piece before `at` that begins like the bytes there; of several the nearest.
    fn longest(&self, at: usize) -> Option<Match> {
        let ahead = self.bytes.get(at..)?;
        let mut place = *self.last.get(self.bucket(at)?)?;
        let mut best: Option<Match> = None;
        for _ in 0..TRIES {
            let Some(distance) = at.checked_sub(place).filter(|distance| (1..=WINDOW).contains(distance))
            else {
                break;
            };
            let behind = self.bytes.get(place..)?;
            let length = ahead.iter().zip(behind).take(LONGEST).take_while(|(new, old)| new == old).count();
            if length >= SHORTEST && best.is_none_or(|best| best.length < length) {
                best = Some(Match { length, distance });
            }
            if length >= LONGEST {
                break;
            }
            // A place that was overwritten by a later one is out of the window, and so are all before it.
            match self.before.get(place % WINDOW) {
                Some(earlier) if *earlier < place => place = *earlier,
                _ => break,
            }
        }
        best
    }
}

impl Iterator for Symbols<'_> {
    type Item = Symbol;

    fn next(&mut self) -> Option<Symbol> {
        let byte = *self.bytes.get(self.at)?;
        let here = self.longest(self.at);
        self.note(self.at);
        let next = self.at.saturating_add(1);
        // One byte alone is worth it where a longer piece begins behind it.
        let found = here.filter(|here| {
            here.length >= LONGEST || self.longest(next).is_none_or(|later| later.length <= here.length)
        });
        let Some(found) = found else {
            self.at = next;
            return Some(Symbol::Literal(byte));
        };
        let end = self.at.saturating_add(found.length);
        (next..end).for_each(|at| self.note(at));
        self.at = end;
        Some(Symbol::Match(found))
    }
}
