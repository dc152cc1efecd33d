//! The steps of core, for 1 to 80 recipients.

use std::collections::HashMap;

use coldamp_core::amp::Request;
use coldamp_core::elements::TxOutSecrets;
use coldamp_core::elements::pset::PartiallySignedTransaction as Pset;
use coldamp_core::prepare::plan::plan;
use coldamp_core::prepare::{Settings, Task};
use coldamp_core::sign::audit_without_keys;
use coldamp_core::sign::blinder::Blinder;
use coldamp_core::sign::review::{JournalState, Review};
use coldamp_core::signed::SignedFile;
use rand_core::{CryptoRng, RngCore, impls};

use super::RECIPIENTS;
use crate::figures::Figures;
use crate::floor::Floor;
use crate::treasury::{Job, PAID, Treasury};

/// The numbers of coins.
const COINS: [usize; 3] = [100, 1_000, 10_000];

pub(super) fn request(figures: &mut Figures) {
    let treasury = Treasury::new();
    for recipients in RECIPIENTS {
        let job = treasury.distribution(recipients, Vec::new());
        figures.measure(&format!("request/{recipients} recipients"), None, || job.parsed());
    }
}

/// A job of 10 recipients for which 20 coins of the asset are needed, and several of L-BTC.
fn of_many(treasury: &Treasury, count: usize) -> Job<'_> {
    let mut coins = treasury.coins(treasury.asset, PAID / 2 + 1, count * 9 / 10);
    coins.extend(treasury.coins(treasury.network.policy_asset(), 60, count / 10));
    treasury.distribution(10, coins)
}

pub(super) fn select(figures: &mut Figures) {
    let treasury = Treasury::new();
    for count in COINS {
        let job = of_many(&treasury, count);
        let request = job.parsed();
        figures.measure(&format!("select/{count} coins, 20 spent"), None, || {
            plan(&treasury.secp, Task::of(&request), &job.known(), &Settings::default()).expect("a plan")
        });
    }
}

pub(super) fn prepare(figures: &mut Figures) {
    let treasury = Treasury::new();
    for count in COINS {
        let job = of_many(&treasury, count);
        let request = job.parsed();
        figures.measure(&format!("prepare/{count} coins, 20 spent"), None, || job.prepare(&request));
    }
    for recipients in RECIPIENTS {
        let job = treasury.usual(recipients);
        let request = job.parsed();
        figures.measure(&format!("prepare/{recipients} recipients"), None, || job.prepare(&request));
    }
}

/// Runs for each number of recipients, with what the review of the job's PSET found.
fn each(figures: &mut Figures, run: impl Fn(&mut Figures, &Job<'_>, &Request, &Review)) {
    let treasury = Treasury::new();
    for recipients in RECIPIENTS {
        let job = treasury.usual(recipients);
        let review = job.review(&job.pset(), &JournalState::default());
        run(figures, &job, &job.parsed(), &review);
    }
}

pub(super) fn review(figures: &mut Figures) {
    each(figures, |figures, job, request, review| {
        let (pset, count) = (job.prepare(request).pset, job.recipients);
        let inputs = review.effects().inputs.len();
        let read = || coldamp_core::pset::UnsignedPset::read(pset.as_bytes()).expect("a PSET");
        figures.measure(&format!("review/{count} recipients, PSET read"), None, read);
        let pset = read();
        let journal = JournalState::default();
        let floor = Some(Floor::rewound(inputs));
        figures.measure(&format!("review/{count} recipients"), floor, || job.review(&pset, &journal));
    });
}

pub(super) fn blind(figures: &mut Figures) {
    each(figures, |figures, job, request, review| {
        let (secp, checked) = (&job.treasury.secp, review.checked().expect("no rule failed"));
        let floor = Floor::made(job.blinded_outputs(&job.pset()));
        let name = format!("blind/{} recipients", job.recipients);
        let blinder = || Blinder::new(secp, checked).expect("opened inputs");
        figures.measure(&name, Some(floor), || blinder().blind().expect("a transaction"));
        blind_last(figures, &format!("{name} by blind_last"), job, &job.prepare(request).pset, review);
    });
}

/// rust-elements' own blinder, on one core.
pub(super) fn blind_last(figures: &mut Figures, name: &str, job: &Job<'_>, pset: &str, review: &Review) {
    let pset: Pset = pset.parse().expect("a PSET");
    let inputs = review.effects().inputs.iter().enumerate();
    let secrets: HashMap<usize, TxOutSecrets> =
        inputs.map(|(index, input)| (index, input.secrets.expect("an opened input"))).collect();
    let blind = |mut pset: Pset| {
        pset.blind_last(&mut Counter(1), &job.treasury.secp, &secrets).expect("a blinded PSET");
        pset
    };
    figures.measure_prepared(name, None, || pset.clone(), blind);
}

pub(super) fn sign(figures: &mut Figures) {
    each(figures, |figures, job, _, _| {
        let (pset, key) = (job.pset(), job.treasury.key());
        let count = job.blinded_outputs(&pset);
        let floor = Floor::made(count).and(Floor::rewound(count));
        let name = format!("sign/{} recipients", job.recipients);
        figures.measure_prepared(
            &name,
            Some(floor),
            || job.approve(&pset),
            |approved| job.sign(approved, &key),
        );
    });
}

pub(super) fn audit(figures: &mut Figures) {
    each(figures, |figures, job, _, review| {
        let (secp, checked) = (&job.treasury.secp, review.checked().expect("no rule failed"));
        let (pset, key, count) = (job.pset(), job.treasury.key(), job.recipients);
        let blinded = job.blinded_outputs(&pset);
        let signed = job.sign(job.approve(&pset), &key).to_json().expect("JSON").into_bytes();
        let (made, rewound) = (Floor::made(blinded), Floor::rewound(blinded));
        let name = format!("audit/{count} recipients");
        let all = figures.measure(&name, Some(made.and(rewound)), || {
            audit_without_keys(secp, checked, &signed).expect("the same file")
        });
        let blinding = figures.median(
            &format!("{name}, blinding alone"),
            || Blinder::new(secp, checked).expect("opened inputs"),
            |blinder| blinder.blind().expect("a transaction"),
        );
        let rest = all.saturating_sub(blinding);
        figures.keep(&format!("extract and report/{count} recipients"), rest, Some(rewound));
        figures.measure(&format!("read signed.json/{count} recipients"), None, || {
            SignedFile::read(&signed).expect("a signed file").opens(secp).expect("its openings")
        });
    });
}

/// Numbers in a row instead of randomness, which rust-elements' blinder asks for.
struct Counter(u64);

impl RngCore for Counter {
    fn next_u32(&mut self) -> u32 {
        impls::next_u32_via_fill(self)
    }

    fn next_u64(&mut self) -> u64 {
        // splitmix64, so that no secret comes out as zero.
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn fill_bytes(&mut self, bytes: &mut [u8]) {
        impls::fill_bytes_via_next(self, bytes);
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), rand_core::Error> {
        self.fill_bytes(bytes);
        Ok(())
    }
}

impl CryptoRng for Counter {}
