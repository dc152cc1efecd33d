//! Signatures of a transaction's inputs, whoever made them.

use std::collections::BTreeMap;

use elements::bitcoin::PublicKey;

/// A signature of one input by one key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputSignature {
    /// The index of the input.
    pub input: usize,
    /// The key that signed.
    pub key: PublicKey,
    /// The signature: DER, and its sighash byte.
    pub signature: Vec<u8>,
}

/// A key that signed the same input before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("input {input}: key {key} signed twice")]
pub struct SignedTwice {
    /// The index of the input.
    pub input: usize,
    /// The key.
    pub key: PublicKey,
}

/// Signatures by input and key. The order in which they were added does not matter. They are not verified yet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Signatures {
    by_input: BTreeMap<usize, BTreeMap<PublicKey, Vec<u8>>>,
}

impl Signatures {
    /// Adds a signature.
    ///
    /// # Errors
    /// When the key has signed that input before. The earlier signature is kept.
    pub fn add(&mut self, signature: InputSignature) -> Result<(), SignedTwice> {
        let InputSignature { input, key, signature } = signature;
        let keys = self.by_input.entry(input).or_default();
        if keys.contains_key(&key) {
            return Err(SignedTwice { input, key });
        }
        keys.insert(key, signature);
        Ok(())
    }

    /// The signatures of an input by key. `None` where it has none.
    pub fn of(&self, input: usize) -> Option<&BTreeMap<PublicKey, Vec<u8>>> {
        self.by_input.get(&input)
    }

    /// All signatures, in the order of inputs and, of each input, of the bytes of the keys.
    pub fn iter(&self) -> impl Iterator<Item = InputSignature> + '_ {
        self.by_input.iter().flat_map(|(input, keys)| {
            let signature = |(key, signature): (&PublicKey, &Vec<u8>)| InputSignature {
                input: *input,
                key: *key,
                signature: signature.clone(),
            };
            keys.iter().map(signature)
        })
    }
}

#[cfg(test)]
mod tests {
    use elements::secp256k1_zkp::{SECP256K1, SecretKey};

    use super::*;

    fn signature(input: usize, key: u8) -> InputSignature {
        let secret = SecretKey::from_slice(&[key; 32]).unwrap();
        let key = PublicKey::new(secret.public_key(SECP256K1));
        InputSignature { input, key, signature: vec![key.to_bytes()[1]] }
    }

    #[test]
    fn the_order_in_which_signatures_come_does_not_matter() {
        let all = [signature(1, 1), signature(0, 2), signature(0, 1), signature(1, 2)];
        let collected = |order: [usize; 4]| {
            let mut signatures = Signatures::default();
            order.into_iter().for_each(|index| signatures.add(all[index].clone()).unwrap());
            signatures
        };
        let first = collected([0, 1, 2, 3]);
        assert_eq!(first, collected([3, 2, 1, 0]));
        assert_eq!(first.iter().map(|one| one.input).collect::<Vec<_>>(), [0, 0, 1, 1]);
        assert_eq!((first.of(0).unwrap().len(), first.of(2)), (2, None));
    }

    #[test]
    fn a_key_signs_an_input_once() {
        let mut signatures = Signatures::default();
        let first = signature(0, 1);
        signatures.add(first.clone()).unwrap();
        let again = InputSignature { signature: vec![7], ..first.clone() };
        assert_eq!(signatures.add(again), Err(SignedTwice { input: 0, key: first.key }));
        assert_eq!(signatures.iter().collect::<Vec<_>>(), [first]);
    }
}
