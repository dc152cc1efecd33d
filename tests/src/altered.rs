//! Whether an altered PSET is refused, or is still the very transaction that was honest.

use coldamp_core::amp::Request;
use coldamp_core::pset::{Content, UnsignedPset};

use crate::Honest;

impl Honest {
    /// The content that would be signed, if anything would; `given` is what `--request` names.
    ///
    /// # Panics
    ///
    /// If the review says that rules failed and lets it pass, or the other way round.
    pub fn signable(&self, file: &[u8], given: Option<&[u8]>) -> Option<Content> {
        self.passing(&UnsignedPset::read(file).ok()?, given)
    }

    /// As [`Honest::signable`], of what was read from the file.
    pub(crate) fn passing(&self, pset: &UnsignedPset, given: Option<&[u8]>) -> Option<Content> {
        let review = self.treasury.review(pset, given);
        assert_eq!(
            review.checked().is_some(),
            review.mismatches.is_empty(),
            "refused for no reason, or passed with one"
        );
        review.checked().map(|checked| checked.content().clone())
    }

    /// What passes pays the same outputs from the same coins. Two things a signer that sees no chain cannot know to be
    /// wrong: under which outpoint a coin lies (a signature over another one is valid nowhere), and bytes of a request
    /// that make as good a request as before, such as one of another uuid. Both change the code, and a request that is
    /// given beside the PSET tells the latter.
    ///
    /// # Panics
    ///
    /// If it passes as something else. `what` says how it was altered.
    pub fn unchanged_or_refused(&self, file: &[u8], what: &str) {
        let Ok(pset) = UnsignedPset::read(file) else { return };
        self.read_unchanged_or_refused(&pset, what);
    }

    /// As [`Honest::unchanged_or_refused`], of what was read from the file.
    ///
    /// # Panics
    ///
    /// As there.
    pub fn read_unchanged_or_refused(&self, pset: &UnsignedPset, what: &str) {
        let Some(found) = self.passing(pset, None) else { return };
        let mut expected = Content { request_hash: found.request_hash, ..self.content.clone() };
        for (input, found) in expected.inputs.iter_mut().zip(&found.inputs) {
            input.outpoint = found.outpoint;
        }
        assert_eq!(found, expected, "{what} gives another transaction that passes");
        assert_eq!(found.hash() == self.content.hash(), found == self.content, "{what}");
        if found.request_hash != self.content.request_hash {
            let given = self.passing(pset, Some(&self.request));
            assert!(given.is_none(), "{what} gives another request than the one given");
        }
    }

    /// Whether the review cannot but refuse it, or let it pass as the transaction it was: for a fault in a field, for a
    /// request that is none, or because nothing that the content covers has changed. A review takes a hundred times as
    /// long as this, so whoever tries very many files asks here first, and brings some of the certain ones before the
    /// review all the same.
    pub fn is_certain(&self, pset: &UnsignedPset) -> bool {
        let network = &self.treasury.network;
        let bytes = pset.request.as_deref().unwrap_or_default();
        if !pset.problems.is_empty() || Request::parse(bytes, network).is_err() {
            return true;
        }
        Content::of(pset, network.policy_asset(), bytes).as_ref() == Some(&self.content)
    }
}
