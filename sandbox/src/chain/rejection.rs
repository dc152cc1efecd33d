//! Why a transaction is refused, in the words of Elements, which clients of a real node parse.

use coldamp_core::consensus::AmountError;

/// A refusal. Its text is that of the node's RPC.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The same transaction waits in the mempool already.
    #[error("txn-already-in-mempool")]
    InMempool,
    /// One with the same txid and another witness waits in the mempool.
    #[error("txn-same-nonwitness-data-in-mempool")]
    SameButWitness,
    /// It is in a block, and an output of it is unspent.
    #[error("txn-already-known")]
    AlreadyKnown,
    /// It spends what does not exist or what a block has spent.
    #[error("bad-txns-inputs-missingorspent")]
    MissingInputs,
    /// A transaction of the mempool spends the same coin and does not signal that it may be replaced (BIP-125).
    #[error("txn-mempool-conflict")]
    Conflict,
    /// It would replace another and pays too little for that.
    #[error("insufficient fee, {detail}")]
    Replacement {
        /// By how much.
        detail: String,
    },
    /// It would replace another, and spends an output of a transaction that waits in the mempool, or that it replaces.
    #[error("{rule}, {detail}")]
    ReplacementInputs {
        /// The rule.
        rule: &'static str,
        /// The input, and why it is refused.
        detail: String,
    },
    /// Amounts, proofs, or the reissuance-token rule.
    #[error("bad-txns-in-ne-out, value in != value out")]
    Amounts(#[source] AmountError),
    /// It issues a new asset. The sandbox does that itself.
    #[error("sandbox-issuance, input {index} issues a new asset; in the sandbox only the sandbox does")]
    Issuance {
        /// The index of the input.
        index: usize,
    },
    /// A script is not satisfied.
    #[error("mandatory-script-verify-flag-failed ({reason})")]
    Script {
        /// The index of the input.
        index: usize,
        /// Why the script is not satisfied.
        reason: String,
    },
    /// A script is satisfied in a way that is not relayed.
    #[error("non-mandatory-script-verify-flag ({reason})")]
    ScriptPolicy {
        /// The index of the input.
        index: usize,
        /// Why the node does not relay it.
        reason: &'static str,
    },
    /// Below 100 sat/kvB of the discounted size (ELIP-200).
    #[error("min relay fee not met, {found} < {expected}")]
    RelayFee {
        /// The fee that it pays, in satoshi.
        found: u64,
        /// The least fee, in satoshi.
        expected: u64,
    },
    /// A chain of more than 25 unconfirmed transactions, or of more than 101 kvB.
    #[error("too-long-mempool-chain, {detail}")]
    LongChain {
        /// The limit that is exceeded.
        detail: String,
    },
    /// Consensus refuses it, whatever it spends.
    #[error("{rule}")]
    Malformed {
        /// The node's name for it.
        rule: &'static str,
    },
    /// Nodes do not relay it.
    #[error("{rule}")]
    NotStandard {
        /// The node's name for it.
        rule: &'static str,
    },
}

impl Rejection {
    /// The error code of the node's `sendrawtransaction`.
    pub fn rpc_code(&self) -> i32 {
        match self {
            Rejection::MissingInputs => -25,
            Rejection::AlreadyKnown => -27,
            _ => -26,
        }
    }

    /// The words of the node's `sendrawtransaction`.
    pub fn rpc_message(&self) -> String {
        match self {
            Rejection::AlreadyKnown => "Transaction already in block chain".to_owned(),
            other => other.to_string(),
        }
    }
}
