//! A PSET as raw pairs, for what no library writes: keys of nobody, values cut short, the same key twice.

use coldamp_core::elements::encode::{VarInt, deserialize_partial, serialize};

/// A key and its value.
pub type Pair = (Vec<u8>, Vec<u8>);

/// A PSET's maps.
#[derive(Clone)]
pub struct Pairs {
    /// The global map.
    pub global: Vec<Pair>,
    /// A map for each input.
    pub inputs: Vec<Vec<Pair>>,
    /// A map for each output.
    pub outputs: Vec<Vec<Pair>>,
}

const MAGIC: &[u8] = b"pset\xff";

/// The key of a field of Elements' own.
pub fn pset_key(subtype: u8) -> Vec<u8> {
    proprietary(b"pset", subtype)
}

/// The key of a proprietary field.
pub fn proprietary(prefix: &[u8], subtype: u8) -> Vec<u8> {
    [&[0xfc, u8::try_from(prefix.len()).expect("a short prefix")], prefix, &[subtype]].concat()
}

impl Pairs {
    /// Takes apart what is known to be whole.
    pub fn split(binary: &[u8]) -> Self {
        let mut rest = binary.strip_prefix(MAGIC).expect("the magic bytes");
        let global = map(&mut rest);
        let count = |key: u8| global.iter().find(|(found, _)| *found == [key]).map(|(_, value)| value[0]);
        let (inputs, outputs) = (count(0x04).expect("a count"), count(0x05).expect("a count"));
        let inputs = (0..inputs).map(|_| map(&mut rest)).collect();
        let outputs = (0..outputs).map(|_| map(&mut rest)).collect();
        assert!(rest.is_empty(), "bytes after the last map");
        Pairs { global, inputs, outputs }
    }

    /// The bytes of a PSET of these maps, whatever they hold.
    pub fn join(&self) -> Vec<u8> {
        let mut binary = MAGIC.to_vec();
        for pairs in self.maps() {
            for (key, value) in pairs {
                binary.extend(sized(key));
                binary.extend(sized(value));
            }
            binary.push(0);
        }
        binary
    }

    /// Every map, the global one first.
    pub fn maps(&self) -> impl Iterator<Item = &Vec<Pair>> {
        std::iter::once(&self.global).chain(&self.inputs).chain(&self.outputs)
    }

    /// As [`Pairs::maps`], to be changed.
    pub fn maps_mut(&mut self) -> impl Iterator<Item = &mut Vec<Pair>> {
        std::iter::once(&mut self.global).chain(&mut self.inputs).chain(&mut self.outputs)
    }
}

/// Sets a pair, replacing one of the same key.
pub fn set(map: &mut Vec<Pair>, key: &[u8], value: impl Into<Vec<u8>>) {
    map.retain(|(found, _)| found != key);
    map.push((key.to_vec(), value.into()));
}

/// The value of a key that must be there.
pub fn get<'a>(map: &'a mut [Pair], key: &[u8]) -> &'a mut Vec<u8> {
    &mut map.iter_mut().find(|(found, _)| found == key).expect("the key").1
}

/// Removes a pair that must be there.
pub fn unset(map: &mut Vec<Pair>, key: &[u8]) {
    let before = map.len();
    map.retain(|(found, _)| found != key);
    assert!(map.len() < before, "the key is not there");
}

fn map(rest: &mut &[u8]) -> Vec<Pair> {
    let mut pairs = Vec::new();
    loop {
        let key = bytes(rest);
        if key.is_empty() {
            return pairs;
        }
        pairs.push((key, bytes(rest)));
    }
}

fn bytes(rest: &mut &[u8]) -> Vec<u8> {
    let (size, used) = deserialize_partial::<VarInt>(rest).expect("a size");
    let (head, tail) = rest[used..].split_at(usize::try_from(size.0).expect("a length"));
    *rest = tail;
    head.to_vec()
}

fn sized(bytes: &[u8]) -> Vec<u8> {
    let length = u64::try_from(bytes.len()).expect("a length");
    [serialize(&VarInt(length)), bytes.to_vec()].concat()
}
