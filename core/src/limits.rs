//! Limits of the network and our own, each with where it comes from.

use elements::Sequence;

use crate::units::{FeeRate, Satoshi, Weight};

/// Every input's sequence: replaceable (BIP-125), so that a stuck job can be replaced; no relative locktime.
pub const SEQUENCE: Sequence = Sequence::ENABLE_RBF_NO_LOCKTIME;

/// The largest amount a request may name, and the largest explicit amount or sum of explicit amounts (all assets
/// together) that consensus lets a transaction pay: 21,000,000 × 10^8 base units (elements consensus/tx_check.cpp).
pub const MAX_MONEY: u64 = 2_100_000_000_000_000;

/// Heaviest transaction that nodes relay, on the full, undiscounted weight (elements policy/policy.h).
pub const MAX_STANDARD_WEIGHT: Weight = Weight::new(400_000);

/// Members of a surjection domain: inputs plus issuances. One more aborts the process inside libsecp256k1-zkp.
pub const MAX_SURJECTION_DOMAIN: usize = 256;

/// Inputs, and outputs, that a PSET may have.
pub const MAX_PSET_MAPS: usize = 256;

/// Bytes that a PSET may have.
pub const MAX_PSET_BYTES: usize = 4 * 1024 * 1024;

/// Bytes that the file of a PSET may have: base64 is a third larger than the binary that it stands for, and line ends come on top.
pub const MAX_PSET_FILE_BYTES: usize = MAX_PSET_BYTES * 3 / 2;

/// Bytes that the file of a descriptor may have; one of 15 keys takes less than 2,700.
pub const MAX_DESCRIPTOR_BYTES: usize = 4 * 1024;

/// Bytes that a text in QR codes may have: more than any descriptor, so that its own reader says what is wrong with a longer one.
pub const MAX_TRANSPORTED_TEXT_BYTES: usize = 16 * 1024;

/// Bytes that a request may have.
pub const MAX_REQUEST_BYTES: usize = 256 * 1024;

/// Bytes that a register of holders may have: 20,000 rows of 400 bytes.
pub const MAX_REGISTER_BYTES: usize = 8 * 1024 * 1024;

/// Rows that a register of holders may have, more than any register of one asset that is kept in a spreadsheet.
pub const MAX_REGISTER_ROWS: usize = 20_000;

/// Columns that a register of holders may have.
pub const MAX_REGISTER_COLUMNS: usize = 256;

/// Bytes that a signed.json may have: the heaviest transaction in hexadecimal, and a report of 256 outputs twice.
pub const MAX_SIGNED_BYTES: usize = 4 * 1024 * 1024;

/// Bytes that the file of one key's signatures may have: 256 inputs take 64 KiB.
pub const MAX_SIGNATURES_BYTES: usize = 128 * 1024;

/// ELIP-100 metadata that a PSET may have, of assets and of tokens each; one of each is what a job needs.
pub const MAX_METADATA: usize = 4;

/// Lowest fee rate that nodes relay, on the discounted size (ELIP-200): 100 sat/kvB.
pub const MIN_RELAY_FEE_RATE: FeeRate = FeeRate::from_sat_per_kvb(100);

/// What a replacement pays on top of the fee of what it replaces, on its own full size (elements policy/policy.h
/// DEFAULT_INCREMENTAL_RELAY_FEE): 100 sat/kvB.
pub const INCREMENTAL_RELAY_FEE_RATE: FeeRate = FeeRate::from_sat_per_kvb(100);

/// Fee cap without a policy: the larger of this and [`DEFAULT_MAX_FEE_RATE`] on the full size (docs/rules.md#fee-limits).
pub const DEFAULT_MAX_FEE: Satoshi = Satoshi::from_sat(1_000);

/// Fee cap without a policy, on the full size: 200 sat/kvB.
pub const DEFAULT_MAX_FEE_RATE: FeeRate = FeeRate::from_sat_per_kvb(200);

/// The highest fee rate of a transaction that a node sends, on the full size (elements node/transaction.h
/// DEFAULT_MAX_RAW_TX_FEE_RATE): 0.1 L-BTC for 1,000 virtual bytes.
pub const MAX_NODE_FEE_RATE: FeeRate = FeeRate::from_sat_per_kvb(10_000_000);

/// The highest fee that a node's own wallet pays (elements wallet/wallet.h DEFAULT_TRANSACTION_MAXFEE): 0.1 L-BTC.
pub const MAX_NODE_FEE: Satoshi = Satoshi::from_sat(10_000_000);

/// How far an own output's index may lie above what the treasury is known to have used (docs/rules.md#change-index).
/// Further away, a wallet that scans with a gap limit would no longer find the coin.
pub const MAX_INDEX_GAP: u32 = 200;

/// Highest index that a coin of the treasury may have to be signed for or looked for. Whoever knows an address can pay
/// dust to one of our scripts at a huge index; the gap above it would be out of every wallet's sight.
pub const MAX_INDEX: u32 = 20_000;

/// The largest amount that a range proof of minimum 1 can hide: secp256k1-zkp proves none above 2^63 − 1.
pub const MAX_PROVABLE: u64 = (1 << 63) - 1;

/// Faults of a PSET's fields that are listed one by one; a file of nothing but faults would bury the screen.
pub const MAX_LISTED_PROBLEMS: usize = 64;

/// Rules of one code that failed, and warnings of one code, that a review lists one by one.
pub const MAX_LISTED_OF_A_CODE: usize = 5;

/// Items of a list that a message names one by one.
pub const MAX_LISTED_ITEMS: usize = 8;

/// Characters that a screen shows of a name that an issuer chose.
pub const MAX_SHOWN_NAME: usize = 48;

/// Keys that a treasury's descriptor may have. Consensus allows 20 (elements script/script.h MAX_PUBKEYS_PER_MULTISIG), many
/// signers fewer.
pub const MAX_QUORUM_KEYS: usize = 15;

/// BIP-32 derivations that an input or output may have before none of the others is read. A job needs one for each key.
pub const MAX_DERIVATIONS: usize = MAX_QUORUM_KEYS;

/// Different paths claimed for one script that a review derives. A job needs one, and each costs a derivation of every key.
pub const MAX_CLAIMED_PATHS: usize = 4;

/// Surjection proofs tried with fresh seeds before giving up; one matching input of 256 fails with a third of them.
pub const MAX_SURJECTION_TRIES: u32 = 1_000;
