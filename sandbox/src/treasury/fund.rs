//! Coins for a treasury: few, or many thousands at once, made by as many threads as there are cores.

use std::num::NonZero;
use std::thread;

use coldamp_core::Secp;
use coldamp_core::elements::{OutPoint, TxOut};
use coldamp_core::treasury::{Branch, CtDescriptor, KeyPath};
use coldamp_core::units::Satoshi;

use super::TreasuryError;
use super::draft::{Draft, Payment, fee};
use super::secrets::Secrets;
use crate::chain::{Chain, Proven, Sender, anyone_can_spend};

/// Payments of one transaction: as many blinded ones as stay below 400,000 weight units with the longest proofs.
const BLINDED_PAYMENTS: usize = 60;

/// As many explicit ones as stay well below it.
const EXPLICIT_PAYMENTS: usize = 500;

/// Coins that one transaction may be split into.
const MOST_BATCHES: usize = 2_000;

/// A coin to be: where, how much, how.
#[derive(Debug, Clone, Copy)]
struct Order {
    path: KeyPath,
    value: u64,
    blinded: bool,
}

impl Chain {
    /// Pays L-BTC to the treasury's external addresses from `index` on, one coin each, blinded, in a block of its own
    /// that leaves the mempool alone. Gives the coins in that order.
    ///
    /// # Errors
    /// When there is nothing to pay, an index is too high, or the chain's own coins do not suffice.
    pub fn fund(
        &mut self,
        secp: &Secp,
        descriptor: &CtDescriptor,
        index: u32,
        amounts: &[Satoshi],
    ) -> Result<Vec<OutPoint>, TreasuryError> {
        let orders = (index..).zip(amounts).map(|(index, amount)| order(index, *amount, true));
        self.pay(secp, descriptor, &orders.collect::<Vec<_>>())
    }

    /// As [`Chain::fund`], many coins of one amount. Ten thousand blinded ones take a minute or so, since each proof
    /// takes four milliseconds; explicit ones a moment.
    ///
    /// # Errors
    /// As [`Chain::fund`].
    pub fn fund_many(
        &mut self,
        secp: &Secp,
        descriptor: &CtDescriptor,
        from_index: u32,
        count: u32,
        amount: Satoshi,
        blinded: bool,
    ) -> Result<Vec<OutPoint>, TreasuryError> {
        let orders = (from_index..).take(usize::try_from(count).unwrap_or(usize::MAX));
        let orders = orders.map(|index| order(index, amount, blinded));
        self.pay(secp, descriptor, &orders.collect::<Vec<_>>())
    }

    /// As [`Chain::fund_many`], all of them to the address of one index: what anybody can do who knows it.
    ///
    /// # Errors
    /// As [`Chain::fund`].
    pub fn fund_one(
        &mut self,
        secp: &Secp,
        descriptor: &CtDescriptor,
        path: KeyPath,
        count: usize,
        amount: Satoshi,
    ) -> Result<Vec<OutPoint>, TreasuryError> {
        let order = Order { path, value: amount.sat(), blinded: false };
        self.pay(secp, descriptor, &vec![order; count])
    }

    fn pay(
        &mut self,
        secp: &Secp,
        descriptor: &CtDescriptor,
        orders: &[Order],
    ) -> Result<Vec<OutPoint>, TreasuryError> {
        let blinded = orders.iter().any(|order| order.blinded);
        let size = if blinded { BLINDED_PAYMENTS } else { EXPLICIT_PAYMENTS };
        let batches: Vec<&[Order]> = orders.chunks(size).collect();
        let coins = self.coins_for(secp, &batches)?;
        let mut jobs = Vec::with_capacity(batches.len());
        for (batch, (coin, spent)) in batches.into_iter().zip(coins) {
            jobs.push(Job { batch, coin, spent, secrets: self.next_secrets() });
        }
        let policy_asset = self.network().policy_asset();
        let mut txids = Vec::with_capacity(jobs.len());
        let mut outpoints = Vec::with_capacity(orders.len());
        for (batch, proven) in in_threads(jobs, |job| job.prove(secp, descriptor, policy_asset))? {
            let txid = self.enter(proven)?;
            txids.push(txid);
            outpoints.extend((0_u32..).take(batch).map(|vout| OutPoint { txid, vout }));
        }
        self.confirm(&txids);
        Ok(outpoints)
    }

    /// A coin for each batch: the largest there is for one, its split halves for several.
    fn coins_for(
        &mut self,
        secp: &Secp,
        batches: &[&[Order]],
    ) -> Result<Vec<(OutPoint, TxOut)>, TreasuryError> {
        let (coin, spent) = self.coin().ok_or(TreasuryError::Poor { found: 0, expected: 1 })?;
        if batches.is_empty() || batches.len() > MOST_BATCHES {
            return Err(TreasuryError::Count { found: batches.len(), expected: MOST_BATCHES });
        }
        if batches.len() == 1 {
            return Ok(vec![(coin, spent)]);
        }
        let policy_asset = self.network().policy_asset();
        let too_much = TreasuryError::Poor { found: spent.value.explicit().unwrap_or(0), expected: u64::MAX };
        let cost = |batch: &[Order]| {
            batch.iter().map(|order| order.value).try_fold(fee(batch.len()), u64::checked_add)
        };
        let values: Option<Vec<u64>> = batches.iter().map(|batch| cost(batch)).collect();
        let payment =
            |value| Payment { asset: policy_asset, value, script: anyone_can_spend(), receiver: None };
        let payments: Vec<Payment> = values.ok_or(too_much)?.into_iter().map(payment).collect();
        let secrets = self.next_secrets();
        let draft = Draft { coin, spent, new_asset: None, payments, policy_asset, secrets };
        let made = draft.make(secp)?;
        let split = Proven::check(made.transaction, vec![made.spent], Sender::Sandbox)?;
        let txid = self.enter(split)?;
        self.confirm(&[txid]);
        let outpoints = (0_u32..).take(batches.len()).map(|vout| OutPoint { txid, vout });
        Ok(outpoints.filter_map(|outpoint| Some((outpoint, self.output(outpoint)?.clone()))).collect())
    }

    /// The secrets of the sandbox's next transaction.
    pub(super) fn next_secrets(&mut self) -> Secrets {
        let secrets = Secrets::of(self.drawn);
        self.drawn = self.drawn.saturating_add(1);
        secrets
    }
}

fn order(index: u32, amount: Satoshi, blinded: bool) -> Order {
    Order { path: KeyPath { branch: Branch::External, index }, value: amount.sat(), blinded }
}

/// One transaction to be made.
struct Job<'a> {
    batch: &'a [Order],
    coin: OutPoint,
    spent: TxOut,
    secrets: Secrets,
}

impl Job<'_> {
    /// Derives the scripts, blinds, and verifies: all that takes time.
    fn prove(
        self,
        secp: &Secp,
        descriptor: &CtDescriptor,
        policy_asset: coldamp_core::elements::AssetId,
    ) -> Result<(usize, Proven), TreasuryError> {
        let mut payments = Vec::with_capacity(self.batch.len());
        for order in self.batch {
            let script = descriptor.script_at(secp, order.path)?.script_pubkey;
            let receiver = order.blinded.then(|| descriptor.blinding_key(secp, &script));
            payments.push(Payment { asset: policy_asset, value: order.value, script, receiver });
        }
        let Job { batch, coin, spent, secrets } = self;
        let made = Draft { coin, spent, new_asset: None, payments, policy_asset, secrets }.make(secp)?;
        let proven = Proven::check(made.transaction, vec![made.spent], Sender::Sandbox)?;
        Ok((batch.len(), proven))
    }
}

/// Does the jobs on all cores, and gives what came out in their order.
fn in_threads<J: Send, T: Send>(
    jobs: Vec<J>,
    work: impl Fn(J) -> Result<T, TreasuryError> + Sync,
) -> Result<Vec<T>, TreasuryError> {
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let share = jobs.len().div_ceil(cores).max(1);
    let mut shares = Vec::new();
    let mut jobs = jobs.into_iter();
    loop {
        let next: Vec<J> = jobs.by_ref().take(share).collect();
        if next.is_empty() {
            break;
        }
        shares.push(next);
    }
    let work = &work;
    thread::scope(|scope| {
        let threads: Vec<_> = shares
            .into_iter()
            .map(|share| scope.spawn(move || share.into_iter().map(work).collect::<Result<Vec<T>, _>>()))
            .collect();
        let mut done = Vec::new();
        for thread in threads {
            done.extend(thread.join().map_err(|_| TreasuryError::Thread)??);
        }
        Ok(done)
    })
}
