//! What work takes at least: its range proofs.

use std::fmt;
use std::time::Duration;

use coldamp_core::Secp;
use coldamp_core::elements::confidential::{Asset, AssetBlindingFactor, Nonce, Value, ValueBlindingFactor};
use coldamp_core::elements::secp256k1_zkp::{PublicKey, SecretKey};
use coldamp_core::elements::{
    AssetId, RangeProof, RangeProofMessage, Script, SurjectionProof, TxOut, TxOutWitness,
};

use crate::figures::{middle, timed};
use crate::machine;

/// How often a range proof is measured.
const TIMES: usize = 9;

/// How long one range proof takes, on one core.
#[derive(Clone, Copy)]
pub(crate) struct Proof {
    pub(crate) made: Duration,
    rewound: Duration,
    /// One that is made while every other core makes one too. An idle machine takes little longer than for [`Proof::made`].
    pub(crate) made_on_all_cores: Duration,
}

/// The range proofs of some work.
#[derive(Clone, Copy, Default)]
pub(crate) struct Floor {
    made: usize,
    rewound: usize,
}

impl Floor {
    /// So many range proofs are made.
    pub(crate) fn made(count: usize) -> Floor {
        Floor { made: count, ..Floor::default() }
    }

    /// So many range proofs are rewound, which verifies them as well.
    pub(crate) fn rewound(count: usize) -> Floor {
        Floor { rewound: count, ..Floor::default() }
    }

    /// Both.
    pub(crate) fn and(self, other: Floor) -> Floor {
        Floor { made: self.made + other.made, rewound: self.rewound + other.rewound }
    }

    /// What that takes on all cores.
    pub(crate) fn time(&self, proof: &Proof) -> Duration {
        let parts = [(self.made, proof.made), (self.rewound, proof.rewound)];
        let sum: Duration =
            parts.iter().map(|(count, one)| *one * u32::try_from(*count).expect("a count")).sum();
        sum / machine::cores()
    }
}

impl fmt::Display for Floor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = [(self.made, "made"), (self.rewound, "rewound")];
        let parts = parts.iter().filter(|(count, _)| *count > 0);
        let parts: Vec<String> = parts.map(|(count, what)| format!("{count} {what}")).collect();
        write!(f, "({}) / {} cores", parts.join(" + "), machine::cores())
    }
}

/// What a blinded output is made from.
pub(crate) struct Blinding<'a> {
    pub(crate) asset: AssetId,
    pub(crate) amount: u64,
    pub(crate) script: &'a Script,
    pub(crate) receiver: PublicKey,
    /// Tells apart two outputs that are otherwise equal.
    pub(crate) number: u32,
}

impl Blinding<'_> {
    fn secret(&self, name: u8) -> [u8; 32] {
        let mut bytes = [name; 32];
        bytes[..4].copy_from_slice(&self.number.to_be_bytes());
        bytes
    }

    fn asset_bf(&self) -> AssetBlindingFactor {
        AssetBlindingFactor::from_slice(&self.secret(2)).expect("below the order")
    }

    fn value_bf(&self) -> ValueBlindingFactor {
        ValueBlindingFactor::from_slice(&self.secret(3)).expect("below the order")
    }

    /// The output without its proof.
    pub(crate) fn bare(&self, secp: &Secp) -> TxOut {
        let asset = Asset::new_confidential(secp, self.asset, self.asset_bf());
        let generator = asset.commitment().expect("a commitment");
        let (nonce, _) = self.shared(secp);
        let witness =
            TxOutWitness { surjection_proof: SurjectionProof::EMPTY, rangeproof: RangeProof::EMPTY };
        let value = Value::new_confidential(secp, self.amount, generator, self.value_bf());
        TxOut { asset, value, nonce, script_pubkey: self.script.clone(), witness }
    }

    fn shared(&self, secp: &Secp) -> (Nonce, SecretKey) {
        let ephemeral = SecretKey::from_slice(&self.secret(4)).expect("below the order");
        Nonce::with_ephemeral_sk(secp, ephemeral, &self.receiver)
    }

    /// A range proof as Elements makes it: from 1, of 52 bits.
    pub(crate) fn prove(&self, secp: &Secp, bare: &TxOut) -> RangeProof {
        let message = RangeProofMessage::new(self.asset, self.asset_bf()).to_byte_array();
        let proof = RangeProof::new(
            secp,
            1,
            bare.value.commitment().expect("a commitment"),
            self.amount,
            self.value_bf().into_inner(),
            &message,
            self.script.as_bytes(),
            self.shared(secp).1,
            0,
            52,
            bare.asset.commitment().expect("a commitment"),
        );
        proof.expect("a range proof")
    }
}

impl Proof {
    /// Measures one. This is done anew before each figure: a machine is not equally fast all the time.
    pub(crate) fn measure() -> Proof {
        let secp = Secp::new();
        let receiver = PublicKey::from_secret_key(&secp, &SecretKey::from_slice(&[9; 32]).expect("a key"));
        let script = Script::from(vec![0x51; 22]);
        let asset = AssetId::from_byte_array([7; 32]);
        let blinding = Blinding { asset, amount: 100_000_000, script: &script, receiver, number: 1 };
        let bare = blinding.bare(&secp);
        let proof = blinding.prove(&secp, &bare);
        let inner = proof.as_ref().expect("a proof");
        let (value, generator) =
            (bare.value.commitment().expect("one"), bare.asset.commitment().expect("one"));
        let shared = blinding.shared(&secp).1;
        let mut make = |()| blinding.prove(&secp, &bare);
        let mut rewind =
            |()| inner.rewind(&secp, value, shared, script.as_bytes(), generator).expect("it opens");
        // In turns, so that both meet the same moments.
        let (made, rewound) = (0..TIMES).map(|_| (timed((), &mut make), timed((), &mut rewind))).unzip();
        let every_core: Vec<u32> = (0..machine::cores()).collect();
        let at_once = |_| {
            let all = machine::secp()
                .threads()
                .map(&every_core, |_| timed((), &mut |()| blinding.prove(&secp, &bare)));
            all.into_iter().max().expect("a core")
        };
        let made_on_all_cores = middle((0..TIMES).map(at_once).collect());
        Proof { made: middle(made), rewound: middle(rewound), made_on_all_cores }
    }
}
