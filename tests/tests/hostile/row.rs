//! A row: one way of being wrong, and the code that must name it, in core and through the binary.

use std::cell::RefCell;
use std::collections::BTreeSet;

use coldamp_core::code::Code;
use coldamp_core::elements::encode::serialize;
use coldamp_core::pset::UnsignedPset;
use coldamp_core::sign::review::{History, JournalState, ReviewOptions};

use super::bench::Bench;
use super::binary::{self, Hostile};
use super::job::{Honest, JobName};
use super::page;
use super::pairs::Pairs;

/// See the module.
pub(crate) struct Row {
    job: JobName,
    attack: String,
    expected: Expected,
    how: How,
    /// Under `--allow-missing-token-utxos`.
    missing_tokens: bool,
    /// What a journal alone can know: without one it is warned of by FAR_INDEX, and not refused.
    journal_only: bool,
}

/// What the review must say.
#[derive(Clone, Copy)]
pub(crate) enum Expected {
    /// This code, and whatever else is wrong with it.
    Among(Code),
    /// This code alone: without its rule the attack would pass.
    Only(Code),
}

type Edit<T> = Box<dyn Fn(&mut T)>;

enum How {
    Typed(Edit<Bench>),
    Raw(Edit<Pairs>),
}

/// A row made with the fields of rust-elements.
pub(crate) fn typed(
    job: JobName,
    attack: impl Into<String>,
    expected: Expected,
    how: impl Fn(&mut Bench) + 'static,
) -> Row {
    Row {
        job,
        attack: attack.into(),
        expected,
        how: How::Typed(Box::new(how)),
        missing_tokens: false,
        journal_only: false,
    }
}

/// A row made with raw pairs.
pub(crate) fn raw(
    job: JobName,
    attack: impl Into<String>,
    expected: Expected,
    how: impl Fn(&mut Pairs) + 'static,
) -> Row {
    let (attack, how) = (attack.into(), How::Raw(Box::new(how)));
    Row { job, attack, expected, how, missing_tokens: false, journal_only: false }
}

thread_local! {
    /// While `codes` asks which codes have a row: those of the rows so far.
    static NOTED: RefCell<Option<BTreeSet<Code>>> = const { RefCell::new(None) };
}

/// The codes that the rows of a list must be refused by. None of the rows runs.
pub(crate) fn expected_of(list: fn()) -> BTreeSet<Code> {
    NOTED.set(Some(BTreeSet::new()));
    list();
    NOTED.take().unwrap_or_default()
}

/// Runs all rows and lists every one that is not refused as it must be.
pub(crate) fn refused(rows: Vec<Row>) {
    let is_noted = NOTED.with_borrow_mut(|noted| {
        noted.as_mut().map(|noted| noted.extend(rows.iter().map(|row| row.expected.code()))).is_some()
    });
    if is_noted {
        return;
    }
    let mut failures: Vec<String> = rows.iter().filter_map(|row| row.failure()).collect();
    failures.extend(binary::failures(rows.iter().map(Row::hostile)));
    failures.extend(page::failures(rows.iter().filter(|row| !row.journal_only).map(Row::hostile)));
    assert!(failures.is_empty(), "{} of {} rows:\n{}", failures.len(), rows.len(), failures.join("\n"));
}

impl Row {
    /// The same where the operator allows that token outputs of AMP's list are left out.
    pub(crate) fn with_missing_tokens_allowed(self) -> Row {
        Row { missing_tokens: true, ..self }
    }

    /// The same where only the machine that signs refuses: elsewhere nothing knows how far addresses were used.
    pub(crate) fn where_a_journal_is(self) -> Row {
        Row { journal_only: true, ..self }
    }

    fn file(&self) -> Vec<u8> {
        match &self.how {
            How::Typed(edit) => {
                let mut bench = Bench::new(self.job);
                edit(&mut bench);
                serialize(&bench.pset)
            }
            How::Raw(edit) => {
                let mut pairs = Pairs::split(&Honest::of(self.job).binary());
                edit(&mut pairs);
                pairs.join()
            }
        }
    }

    fn failure(&self) -> Option<String> {
        let honest = Honest::of(self.job);
        let file = self.file();
        let says = |what: String| {
            Some(format!("{} ({} {}): {what}", self.expected.code(), self.job.0.name(), self.attack))
        };
        if file == honest.binary() {
            return says("nothing was changed".to_owned());
        }
        if let Err(error) = UnsignedPset::read(&file) {
            return says(format!("unreadable: {error}"));
        }
        let options = ReviewOptions { allow_missing_tokens: self.missing_tokens, ..ReviewOptions::default() };
        let journal = JournalState { history: Some(History::default()), ..JournalState::default() };
        let review = honest.job().review_with(&file, &journal, options);
        let codes: BTreeSet<Code> = review.mismatches.iter().map(|mismatch| mismatch.code).collect();
        let as_expected = match self.expected {
            Expected::Among(code) => codes.contains(&code),
            Expected::Only(code) => codes == BTreeSet::from([code]),
        };
        let texts = || review.mismatches.iter().map(|mismatch| &mismatch.message);
        let texts = || texts().chain(review.warnings.iter().map(|warning| &warning.message));
        if let Some(text) = texts().find(|text| text.contains("[elements]")) {
            return says(format!("an outpoint as no other tool reads it: {text}"));
        }
        if review.checked().is_some() || !as_expected {
            let found: Vec<String> = review.mismatches.iter().map(ToString::to_string).collect();
            return says(format!("expected {}, found [{}]", self.expected.text(), found.join("; ")));
        }
        let review = honest.job().review_with(&file, &JournalState::default(), options);
        let warned = review.warnings.iter().any(|warning| warning.code == Code::FarIndex);
        match (self.journal_only, review.checked().is_some()) {
            (false, false) => None,
            (true, true) if warned => None,
            (_, passes) => says(format!("without a journal it passes: {passes}, with FAR_INDEX: {warned}")),
        }
    }

    fn hostile(&self) -> Hostile {
        // In the list below `refused`, one line a rule.
        let words = format!("\n  {}: ", self.expected.code());
        let flags = if self.missing_tokens { "--allow-missing-token-utxos" } else { "" };
        Hostile { job: self.job, attack: self.attack.clone(), file: self.file(), flags, exit: 3, words }
    }
}

impl Expected {
    fn code(self) -> Code {
        match self {
            Expected::Among(code) | Expected::Only(code) => code,
        }
    }

    fn text(self) -> String {
        match self {
            Expected::Among(code) => code.to_string(),
            Expected::Only(code) => format!("only {code}"),
        }
    }
}
