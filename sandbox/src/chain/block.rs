//! Blocks: headers that hash like the node's. Their times follow from a counter, since the sandbox has no clock.

use coldamp_core::elements::hashes::sha256d;
use coldamp_core::elements::opcodes::OP_TRUE;
use coldamp_core::elements::script::Builder;
use coldamp_core::elements::{BlockExtData, BlockHash, BlockHeader, Script, TxMerkleNode, Txid};

/// When the genesis block was made: a moment after ELIP-200 came into force on Liquid.
pub(super) const GENESIS_TIME: u32 = 1_750_000_000;

/// Seconds between two blocks, as on Liquid.
pub(super) const BLOCK_INTERVAL: u32 = 60;

/// A block.
#[derive(Debug, Clone)]
pub(super) struct Block {
    pub(super) header: BlockHeader,
    pub(super) hash: BlockHash,
    pub(super) txids: Vec<Txid>,
}

impl Block {
    /// A block on top of another. Its time makes it different from every earlier block of this height.
    pub(super) fn new(previous: BlockHash, height: u32, time: u32, txids: Vec<Txid>) -> Self {
        let header = BlockHeader {
            version: 0x2000_0000,
            prev_blockhash: previous,
            merkle_root: merkle_root(&txids),
            time,
            height,
            ext: BlockExtData::Proof { challenge: anyone_can_spend(), solution: Script::new() },
        };
        let hash = header.block_hash();
        Block { header, hash, txids }
    }
}

/// `OP_TRUE`: blocks that anybody may sign, coins that anybody may spend.
pub fn anyone_can_spend() -> Script {
    Builder::new().push_opcode(OP_TRUE).into_script()
}

fn merkle_root(txids: &[Txid]) -> TxMerkleNode {
    let mut row: Vec<[u8; 32]> = txids.iter().map(|txid| txid.to_byte_array()).collect();
    while row.len() > 1 {
        row = row.chunks(2).map(pair).collect();
    }
    TxMerkleNode::from_byte_array(row.first().copied().unwrap_or([0; 32]))
}

/// The root of a Merkle tree. The last of an odd row is paired with itself.
fn pair(nodes: &[[u8; 32]]) -> [u8; 32] {
    let first = nodes.first().copied().unwrap_or([0; 32]);
    let second = nodes.get(1).copied().unwrap_or(first);
    sha256d::Hash::hash(&[first, second].concat()).to_byte_array()
}
