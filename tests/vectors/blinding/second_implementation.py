#!/usr/bin/env python3
"""Second implementation of Coldamp's deterministic blinding construction.

What it is
----------
Coldamp signs transactions of Liquid / Elements AMP assets on a cold machine.
Every blinding secret of such a transaction follows from the unsigned PSET, the
policy asset and the master blinding key of the CT descriptor, so that anyone
who holds these three computes the same secrets again.  This program is the
*independent second implementation* of that construction: it was written from
the specification below alone, shares no code with the Rust implementation, and
needs nothing but Python 3 and its standard library.  What it writes are the
vectors that the Rust implementation has to reproduce byte for byte.

It computes secrets, not commitments: there is no elliptic curve in here.  It
reads files, writes one JSON document to standard output, and keeps nothing.
Its output holds blinding secrets: do not run it on a live wallet's descriptor
anywhere but where that descriptor may be.

How to run it
-------------
    python3 second_implementation.py FILE.pset DESCRIPTOR_FILE POLICY_ASSET_HEX > FILE.json
    python3 second_implementation.py --self-test

FILE.pset         base64 text of an unsigned PSET v2
DESCRIPTOR_FILE   a CT descriptor, ct(slip77(<64 hex>),<script descriptor>), with
                  or without #checksum, hardened marks written ' or h
POLICY_ASSET_HEX  the policy asset id as printed (reversed internal byte order)

Exit status: 0 done; 1 malformed input or failed self test, with the reason on
standard error and nothing on standard output; 2 wrong usage.

Specification
-------------
  content = policy asset 32 || tx version u32 || effective locktime u32 ||
    SHA256(request bytes) || n u32 || inputs: outpoint 36 without flags,
    effective sequence u32, spent TxOut (consensus, no proofs), 00 | 01 || kind
    (0 explicit, 1 blinded) || amount u64 || nonce || entropy || n u32 ||
    outputs: asset 32, value u64, u32 script length || script, 00 | 01 ||
    blinding key 33.  Integers little-endian; asset ids, txids, nonce and
    entropy in internal byte order (as serialized, not as printed).

  seed = HMAC-SHA256(master blinding key, 'coldamp/blinding/1' || SHA256(content));
  secret(name, i, n) = HMAC-SHA256(seed, name || 00 || u32 i || u32 n),
    n = 0, 1, ... until it is a scalar in 1..order-1 ('surjection': until a
    proof is found, at most 1,000).

  Names: abf, vbf, ephemeral, surjection, issuance-vbf.  i = output (or input)
  index.  The last blinded output by index takes the balance.

  The "n u32" before inputs and outputs is their count; u32 i and u32 n are
  little-endian.  The master blinding key is the 32 bytes in slip77(...).  The
  00 | 01 of an input says whether it carries an issuance, that of an output
  whether it is to be blinded.

  approval = first 160 bits of BIP-340 tagged SHA256('coldamp/approval/1',
    content hash || SHA256(canonical CT descriptor)), Crockford base32 in 8
    groups of 4.  Content hash = SHA256(content).  Canonical CT descriptor = the
    descriptor text without checksum, hardened marks written h, exact ASCII
    bytes.  Groups are separated by '-'; alphabet
    0123456789ABCDEFGHJKMNPQRSTVWXYZ, most significant bits first.

  Outputs (fee last) are ordered by HMAC-SHA256(master blinding key,
    'coldamp/order/1' || request hash || script).  Request hash = SHA256(request
    bytes), script = raw bytes.

  SLIP-77 blinding private key of a script = HMAC-SHA256(master blinding key,
    scriptPubKey).
  Issuance blinding key (as Elements derives it) = the same with script =
    OP_RETURN (6a) || push of the 32-byte prevout txid in internal order
    (20 || txid) || minimal push of vout as a script number (0 -> 00, 1..16 ->
    51..60, else length byte || little-endian script number).

PSET fields read
----------------
  Keys are <type><key data>, or for proprietary ones fc || <prefix> || <subtype>
  || <key data>.  All fields below have empty key data.
  Global: 0x02 tx version, 0x03 fallback locktime (absent = 0), 0x04 and 0x05
    counts, 0xfb version = 2, "coldamp" 0x00 the request's bytes.
  Input: 0x01 witness UTXO, 0x0e previous txid, 0x0f output index, 0x10 sequence
    (absent = 0xffffffff), "pset" 0x00 issuance value (present = the input has an
    issuance), 0x0c issuance blinding nonce, 0x0d issuance asset entropy, 0x15
    blinded issuance flag (0 = explicit, 1 or absent = blinded).
  Output: 0x03 amount, 0x04 script, "pset" 0x02 asset, "pset" 0x06 blinding
    public key (present = the output is to be blinded).
  The effective locktime is the fallback locktime.

  Where the specification is silent this program follows Elements: an absent
  nonce or entropy is 32 zero bytes, an absent output script is the empty script
  of a fee output.  What would enter the transaction without entering the content
  is refused, not ignored: required locktimes, peg-ins, reissuance tokens, and
  issuances without an explicit value.  All other fields are left aside.
"""

import base64
import binascii
import hashlib
import hmac
import json
import re
import sys
from itertools import count
from typing import Dict, Iterable, List, NamedTuple, Optional, Tuple

# ---------------------------------------------------------------------------
# Constants of the specification
# ---------------------------------------------------------------------------

BLINDING_LABEL = b"coldamp/blinding/1"
ORDER_LABEL = b"coldamp/order/1"
APPROVAL_TAG = b"coldamp/approval/1"

# Order of the secp256k1 group.
GROUP_ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

EXPLICIT, BLINDED = 0, 1  # kinds of issuance
KIND_NAMES = {EXPLICIT: "explicit", BLINDED: "blinded"}

SEQUENCE_FINAL = 0xFFFFFFFF
OUTPOINT_ISSUANCE_FLAG = 1 << 31
OUTPOINT_PEGIN_FLAG = 1 << 30
OUTPOINT_INDEX_MASK = OUTPOINT_PEGIN_FLAG - 1

OP_RETURN = 0x6A


class Malformed(Exception):
    """The input is not what it has to be; the message says why."""


# ---------------------------------------------------------------------------
# Hashes and integers
# ---------------------------------------------------------------------------


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def hmac_sha256(key: bytes, message: bytes) -> bytes:
    return hmac.new(key, message, hashlib.sha256).digest()


def tagged_sha256(tag: bytes, message: bytes) -> bytes:
    """Tagged hash of BIP-340: SHA256(SHA256(tag) || SHA256(tag) || message)."""
    return sha256(sha256(tag) + sha256(tag) + message)


def u32(number: int) -> bytes:
    return number.to_bytes(4, "little")


def u64(number: int) -> bytes:
    return number.to_bytes(8, "little")


def exactly(value: bytes, size: int, what: str) -> bytes:
    if len(value) != size:
        raise Malformed(f"{what}: {len(value)} bytes instead of {size}")
    return value


def read_u32(value: bytes, what: str) -> int:
    return int.from_bytes(exactly(value, 4, what), "little")


def read_u64(value: bytes, what: str) -> int:
    return int.from_bytes(exactly(value, 8, what), "little")


# ---------------------------------------------------------------------------
# Reading bytes
# ---------------------------------------------------------------------------


class Reader:
    """Reads a byte string from front to back and never beyond its end."""

    def __init__(self, data: bytes, what: str):
        self.data = data
        self.position = 0
        self.what = what

    def take(self, size: int) -> bytes:
        end = self.position + size
        if end > len(self.data):
            raise Malformed(f"{self.what}: ends too early")
        taken = self.data[self.position : end]
        self.position = end
        return taken

    def byte(self) -> int:
        return self.take(1)[0]

    def rest(self) -> bytes:
        return self.take(len(self.data) - self.position)

    def compact_size(self) -> int:
        """A compact size in its only valid, shortest form."""
        first = self.byte()
        if first < 0xFD:
            return first
        size = {0xFD: 2, 0xFE: 4, 0xFF: 8}[first]
        number = int.from_bytes(self.take(size), "little")
        smallest = {2: 0xFD, 4: 1 << 16, 8: 1 << 32}[size]
        if number < smallest:
            raise Malformed(f"{self.what}: compact size is not in its shortest form")
        return number

    def finish(self) -> None:
        surplus = len(self.data) - self.position
        if surplus:
            raise Malformed(f"{self.what}: {surplus} surplus bytes at the end")


def read_compact_size(value: bytes, what: str) -> int:
    reader = Reader(value, what)
    number = reader.compact_size()
    reader.finish()
    return number


# ---------------------------------------------------------------------------
# PSET: maps and fields
# ---------------------------------------------------------------------------

PSET_MAGIC = b"pset\xff"
PROPRIETARY = 0xFC


class Key(NamedTuple):
    """A key of a PSET map.  prefix is None unless the key is proprietary, in
    which case kind is the subtype."""

    prefix: Optional[bytes]
    kind: int
    data: bytes


Map = Dict[Key, bytes]


class Field(NamedTuple):
    """A field with empty key data, and its name for messages."""

    prefix: Optional[bytes]
    kind: int
    name: str


def plain(kind: int, name: str) -> Field:
    return Field(None, kind, name)


def pset(kind: int, name: str) -> Field:
    return Field(b"pset", kind, f"pset {name}")


GLOBAL_UNSIGNED_TX = plain(0x00, "unsigned transaction")
GLOBAL_TX_VERSION = plain(0x02, "transaction version")
GLOBAL_FALLBACK_LOCKTIME = plain(0x03, "fallback locktime")
GLOBAL_INPUT_COUNT = plain(0x04, "input count")
GLOBAL_OUTPUT_COUNT = plain(0x05, "output count")
GLOBAL_VERSION = plain(0xFB, "PSET version")
GLOBAL_REQUEST = Field(b"coldamp", 0x00, "coldamp request")

IN_WITNESS_UTXO = plain(0x01, "witness UTXO")
IN_PREVIOUS_TXID = plain(0x0E, "previous txid")
IN_OUTPUT_INDEX = plain(0x0F, "output index")
IN_SEQUENCE = plain(0x10, "sequence")
IN_REQUIRED_TIME_LOCKTIME = plain(0x11, "required time locktime")
IN_REQUIRED_HEIGHT_LOCKTIME = plain(0x12, "required height locktime")
IN_ISSUANCE_VALUE = pset(0x00, "issuance value")
IN_ISSUANCE_VALUE_COMMITMENT = pset(0x01, "issuance value commitment")
IN_PEGIN_FIELDS = [
    pset(0x04, "peg-in transaction"),
    pset(0x05, "peg-in transaction output proof"),
    pset(0x06, "peg-in genesis hash"),
    pset(0x07, "peg-in claim script"),
    pset(0x08, "peg-in value"),
    pset(0x09, "peg-in witness"),
]
IN_INFLATION_KEYS_AMOUNT = pset(0x0A, "issuance inflation keys amount")
IN_INFLATION_KEYS_COMMITMENT = pset(0x0B, "issuance inflation keys commitment")
IN_ISSUANCE_BLINDING_NONCE = pset(0x0C, "issuance blinding nonce")
IN_ISSUANCE_ASSET_ENTROPY = pset(0x0D, "issuance asset entropy")
IN_BLINDED_ISSUANCE = pset(0x15, "blinded issuance flag")

OUT_AMOUNT = plain(0x03, "amount")
OUT_SCRIPT = plain(0x04, "script")
OUT_ASSET = pset(0x02, "asset")
OUT_BLINDING_KEY = pset(0x06, "blinding public key")


def decode_key(raw: bytes, what: str) -> Key:
    reader = Reader(raw, f"{what}, key {raw.hex()}")
    kind = reader.compact_size()
    if kind != PROPRIETARY:
        return Key(None, kind, reader.rest())
    prefix = reader.take(reader.compact_size())
    subtype = reader.compact_size()
    return Key(prefix, subtype, reader.rest())


def read_map(reader: Reader, what: str) -> Map:
    """Key/value pairs up to and including the separator (a key of length 0)."""
    fields: Map = {}
    while True:
        key_size = reader.compact_size()
        if key_size == 0:
            return fields
        raw_key = reader.take(key_size)
        key = decode_key(raw_key, what)
        if key in fields:
            raise Malformed(f"{what}: key {raw_key.hex()} stands there twice")
        fields[key] = reader.take(reader.compact_size())


def optional(fields: Map, field: Field, what: str) -> Optional[bytes]:
    """The field's value, or None.  The field has to have empty key data."""
    for key in fields:
        if (key.prefix, key.kind) == (field.prefix, field.kind) and key.data:
            raise Malformed(f"{what}: key of {field.name} has surplus data")
    return fields.get(Key(field.prefix, field.kind, b""))


def required(fields: Map, field: Field, what: str) -> bytes:
    value = optional(fields, field, what)
    if value is None:
        raise Malformed(f"{what}: {field.name} is missing")
    return value


def required_u32(fields: Map, field: Field, what: str) -> int:
    return read_u32(required(fields, field, what), f"{what}: {field.name}")


def optional_u32(fields: Map, field: Field, absent: int, what: str) -> int:
    value = optional(fields, field, what)
    return absent if value is None else read_u32(value, f"{what}: {field.name}")


def refuse(fields: Map, field: Field, what: str) -> None:
    if optional(fields, field, what) is not None:
        raise Malformed(f"{what}: {field.name} is not covered by the specification")


# ---------------------------------------------------------------------------
# PSET: what the construction needs of it
# ---------------------------------------------------------------------------


class Issuance(NamedTuple):
    kind: int
    amount: int
    nonce: bytes
    entropy: bytes


class Input(NamedTuple):
    txid: bytes  # internal byte order
    vout: int  # without flags
    sequence: int
    spent: bytes  # consensus-serialized TxOut, no proofs
    issuance: Optional[Issuance]


class Output(NamedTuple):
    asset: bytes  # internal byte order
    amount: int
    script: bytes
    blinding_key: Optional[bytes]


class Pset(NamedTuple):
    tx_version: int
    locktime: int
    request: bytes
    inputs: List[Input]
    outputs: List[Output]


def decode_base64(text: str) -> bytes:
    text = text.strip()
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Malformed(f"PSET: not base64 ({error})") from None
    if base64.b64encode(raw).decode("ascii") != text:
        raise Malformed("PSET: not base64 in its only valid form")
    return raw


def parse_pset(raw: bytes) -> Pset:
    reader = Reader(raw, "PSET")
    if reader.take(len(PSET_MAGIC)) != PSET_MAGIC:
        raise Malformed("PSET: does not begin with the PSET magic bytes")
    fields = read_map(reader, "global map")
    check_version(fields)
    input_count = read_count(fields, GLOBAL_INPUT_COUNT)
    output_count = read_count(fields, GLOBAL_OUTPUT_COUNT)
    inputs = [parse_input(reader, f"input {i}") for i in range(input_count)]
    outputs = [parse_output(reader, f"output {i}") for i in range(output_count)]
    reader.finish()
    return Pset(
        tx_version=required_u32(fields, GLOBAL_TX_VERSION, "global map"),
        locktime=optional_u32(fields, GLOBAL_FALLBACK_LOCKTIME, 0, "global map"),
        request=required(fields, GLOBAL_REQUEST, "global map"),
        inputs=inputs,
        outputs=outputs,
    )


def check_version(fields: Map) -> None:
    version = required_u32(fields, GLOBAL_VERSION, "global map")
    if version != 2:
        raise Malformed(f"PSET version is {version} instead of 2")
    refuse(fields, GLOBAL_UNSIGNED_TX, "global map")


def read_count(fields: Map, field: Field) -> int:
    return read_compact_size(required(fields, field, "global map"), field.name)


def parse_input(reader: Reader, what: str) -> Input:
    fields = read_map(reader, what)
    refuse_uncovered(fields, what)
    index = required_u32(fields, IN_OUTPUT_INDEX, what)
    if index & OUTPOINT_PEGIN_FLAG:
        raise Malformed(f"{what}: a peg-in is not covered by the specification")
    issuance = parse_issuance(fields, what)
    if index & OUTPOINT_ISSUANCE_FLAG and issuance is None:
        raise Malformed(f"{what}: issuance flag set, but issuance value is missing")
    txid = required(fields, IN_PREVIOUS_TXID, what)
    spent = required(fields, IN_WITNESS_UTXO, what)
    return Input(
        txid=exactly(txid, 32, f"{what}: previous txid"),
        vout=index & OUTPOINT_INDEX_MASK,
        sequence=optional_u32(fields, IN_SEQUENCE, SEQUENCE_FINAL, what),
        spent=check_txout(spent, f"{what}: witness UTXO"),
        issuance=issuance,
    )


def refuse_uncovered(fields: Map, what: str) -> None:
    """Refuse what would enter the transaction but not the content."""
    refuse(fields, IN_REQUIRED_TIME_LOCKTIME, what)
    refuse(fields, IN_REQUIRED_HEIGHT_LOCKTIME, what)
    for field in IN_PEGIN_FIELDS:
        refuse(fields, field, what)
    refuse(fields, IN_INFLATION_KEYS_COMMITMENT, what)
    tokens = optional(fields, IN_INFLATION_KEYS_AMOUNT, what)
    if tokens is not None and read_u64(tokens, f"{what}: inflation keys amount"):
        raise Malformed(f"{what}: reissuance tokens are not covered by the specification")


def parse_issuance(fields: Map, what: str) -> Optional[Issuance]:
    amount = optional(fields, IN_ISSUANCE_VALUE, what)
    if amount is None:
        refuse(fields, IN_ISSUANCE_VALUE_COMMITMENT, what)
        return None
    return Issuance(
        kind=issuance_kind(optional(fields, IN_BLINDED_ISSUANCE, what), what),
        amount=read_u64(amount, f"{what}: issuance value"),
        nonce=bytes32_or_zero(fields, IN_ISSUANCE_BLINDING_NONCE, what),
        entropy=bytes32_or_zero(fields, IN_ISSUANCE_ASSET_ENTROPY, what),
    )


def issuance_kind(flag: Optional[bytes], what: str) -> int:
    if flag is None or flag == b"\x01":
        return BLINDED
    if flag == b"\x00":
        return EXPLICIT
    raise Malformed(f"{what}: blinded issuance flag is {flag.hex()} instead of 00 or 01")


def bytes32_or_zero(fields: Map, field: Field, what: str) -> bytes:
    value = optional(fields, field, what)
    return bytes(32) if value is None else exactly(value, 32, f"{what}: {field.name}")


# Bytes that follow each prefix of the confidential parts of a TxOut.
ASSET_SIZES = {0x00: 0, 0x01: 32, 0x0A: 32, 0x0B: 32}
VALUE_SIZES = {0x01: 8, 0x08: 32, 0x09: 32}
NONCE_SIZES = {0x00: 0, 0x01: 32, 0x02: 32, 0x03: 32}


def check_txout(raw: bytes, what: str) -> bytes:
    """A consensus-serialized Elements TxOut without proofs, returned as it is."""
    reader = Reader(raw, what)
    for part, sizes in (
        ("asset", ASSET_SIZES),
        ("value", VALUE_SIZES),
        ("nonce", NONCE_SIZES),
    ):
        prefix = reader.byte()
        if prefix not in sizes:
            raise Malformed(f"{what}: {part} prefix {prefix:02x} is not valid")
        reader.take(sizes[prefix])
    reader.take(reader.compact_size())
    reader.finish()
    return raw


def parse_output(reader: Reader, what: str) -> Output:
    fields = read_map(reader, what)
    script = optional(fields, OUT_SCRIPT, what) or b""
    blinding_key = optional(fields, OUT_BLINDING_KEY, what)
    if blinding_key is not None:
        check_public_key(blinding_key, f"{what}: blinding public key")
        if not script:
            raise Malformed(f"{what}: a fee output (empty script) cannot be blinded")
    return Output(
        asset=exactly(required(fields, OUT_ASSET, what), 32, f"{what}: asset"),
        amount=read_u64(required(fields, OUT_AMOUNT, what), f"{what}: amount"),
        script=script,
        blinding_key=blinding_key,
    )


def check_public_key(key: bytes, what: str) -> None:
    exactly(key, 33, what)
    if key[0] not in (2, 3):
        raise Malformed(f"{what}: is not a compressed public key")


# ---------------------------------------------------------------------------
# CT descriptor and policy asset
# ---------------------------------------------------------------------------

CT_DESCRIPTOR = re.compile(r"ct\(slip77\(([0-9a-f]{64})\),(.+)\)")

# BIP-380: characters of a descriptor, in the order its checksum needs, and of
# the checksum itself.
DESCRIPTOR_CHARSET = (
    "0123456789()[],'/*abcdefgh@:$%{}"
    "IJKLMNOPQRSTUVWXYZ&+-.;<=>?!^_|~"
    'ijklmnopqrstuvwxyzABCDEFGH`#"\\ '
)
CHECKSUM_CHARSET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
CHECKSUM_GENERATOR = (
    0xF5DEE51989,
    0xA9FDCA3312,
    0x1BAB10E32D,
    0x3706B1677A,
    0x644D626FFD,
)


class Descriptor(NamedTuple):
    canonical: str
    master_blinding_key: bytes


def parse_descriptor(text: str) -> Descriptor:
    body, mark, checksum = text.strip().partition("#")
    if any(character not in DESCRIPTOR_CHARSET or character == " " for character in body):
        raise Malformed("descriptor: holds a character no descriptor has")
    if mark and checksum != descriptor_checksum(body):
        raise Malformed("descriptor: checksum does not match")
    shape = CT_DESCRIPTOR.fullmatch(body)
    if shape is None or not parentheses_match(body):
        raise Malformed("descriptor: is not of the shape ct(slip77(<64 hex>),<descriptor>)")
    return Descriptor(canonical_marks(body), bytes.fromhex(shape.group(1)))


def canonical_marks(body: str) -> str:
    """The descriptor with its hardened marks written h."""
    if re.search(r"(?<![0-9*])'", body) or re.search(r"/[0-9]+H", body):
        raise Malformed("descriptor: hardened marks have to be written ' or h")
    return body.replace("'", "h")


def parentheses_match(body: str) -> bool:
    """True when the parenthesis opened first is closed by the last character."""
    depth = 0
    for position, character in enumerate(body):
        depth += {"(": 1, ")": -1}.get(character, 0)
        if character == ")" and depth == 0:
            return position == len(body) - 1
    return False


def descriptor_checksum(body: str) -> str:
    """Checksum of BIP-380 over the descriptor text as it stands."""
    state, groups = 1, []
    for character in body:
        index = DESCRIPTOR_CHARSET.index(character)
        state = checksum_step(state, index & 31)
        groups.append(index >> 5)
        if len(groups) == 3:
            state = checksum_step(state, groups[0] * 9 + groups[1] * 3 + groups[2])
            groups = []
    if len(groups) == 1:
        state = checksum_step(state, groups[0])
    elif len(groups) == 2:
        state = checksum_step(state, groups[0] * 3 + groups[1])
    for _ in range(8):
        state = checksum_step(state, 0)
    state ^= 1
    return "".join(CHECKSUM_CHARSET[(state >> (5 * (7 - i))) & 31] for i in range(8))


def checksum_step(state: int, symbol: int) -> int:
    top = state >> 35
    state = ((state & 0x7FFFFFFFF) << 5) ^ symbol
    for bit, generator in enumerate(CHECKSUM_GENERATOR):
        if (top >> bit) & 1:
            state ^= generator
    return state


def parse_policy_asset(printed: str) -> bytes:
    """The policy asset in internal byte order, from the id as printed."""
    if not re.fullmatch(r"[0-9a-fA-F]{64}", printed):
        raise Malformed("policy asset: is not 64 hex digits")
    return bytes.fromhex(printed)[::-1]


# ---------------------------------------------------------------------------
# The construction: content, seed, secrets
# ---------------------------------------------------------------------------


def content_of(transaction: Pset, policy_asset: bytes) -> bytes:
    parts = [
        policy_asset,
        u32(transaction.tx_version),
        u32(transaction.locktime),
        sha256(transaction.request),
        u32(len(transaction.inputs)),
    ]
    parts += [input_content(i) for i in transaction.inputs]
    parts += [u32(len(transaction.outputs))]
    parts += [output_content(o) for o in transaction.outputs]
    return b"".join(parts)


def input_content(spend: Input) -> bytes:
    outpoint = spend.txid + u32(spend.vout)
    return outpoint + u32(spend.sequence) + spend.spent + issuance_content(spend.issuance)


def issuance_content(issuance: Optional[Issuance]) -> bytes:
    if issuance is None:
        return b"\x00"
    return (
        b"\x01"
        + bytes([issuance.kind])
        + u64(issuance.amount)
        + issuance.nonce
        + issuance.entropy
    )


def output_content(output: Output) -> bytes:
    blinding = b"\x00" if output.blinding_key is None else b"\x01" + output.blinding_key
    script = u32(len(output.script)) + output.script
    return output.asset + u64(output.amount) + script + blinding


def seed_of(master_blinding_key: bytes, content_hash: bytes) -> bytes:
    return hmac_sha256(master_blinding_key, BLINDING_LABEL + content_hash)


def secret(seed: bytes, name: str, i: int, n: int) -> bytes:
    return hmac_sha256(seed, name.encode("ascii") + b"\x00" + u32(i) + u32(n))


def secret_scalar(seed: bytes, name: str, i: int) -> bytes:
    """The first of secret(name, i, 0), secret(name, i, 1), ... that is a scalar."""
    return first_scalar(secret(seed, name, i, n) for n in count())


def first_scalar(candidates: Iterable[bytes]) -> bytes:
    return next(candidate for candidate in candidates if is_scalar(candidate))


def is_scalar(candidate: bytes) -> bool:
    return 1 <= int.from_bytes(candidate, "big") < GROUP_ORDER


def balance_output(outputs: List[Output]) -> Optional[int]:
    """Index of the last blinded output, which takes the balance."""
    blinded = [i for i, output in enumerate(outputs) if output.blinding_key is not None]
    return blinded[-1] if blinded else None


# ---------------------------------------------------------------------------
# Approval code, order of outputs, SLIP-77 keys
# ---------------------------------------------------------------------------


def approval_code(content_hash: bytes, canonical_descriptor: str) -> str:
    descriptor_hash = sha256(canonical_descriptor.encode("ascii"))
    digest = tagged_sha256(APPROVAL_TAG, content_hash + descriptor_hash)
    return in_groups(crockford(digest[:20]))


def crockford(data: bytes) -> str:
    """Base32 of Crockford, most significant bits first.  Whole symbols only."""
    assert len(data) % 5 == 0
    number = int.from_bytes(data, "big")
    symbols = len(data) * 8 // 5
    return "".join(CROCKFORD[(number >> (5 * i)) & 31] for i in reversed(range(symbols)))


def in_groups(symbols: str) -> str:
    return "-".join(symbols[i : i + 4] for i in range(0, len(symbols), 4))


def output_order(master_blinding_key: bytes, request_hash: bytes, script: bytes) -> bytes:
    return hmac_sha256(master_blinding_key, ORDER_LABEL + request_hash + script)


def slip77_blinding_key(master_blinding_key: bytes, script: bytes) -> bytes:
    key = hmac_sha256(master_blinding_key, script)
    if not is_scalar(key):  # SLIP-77: the derivation must fail; nobody will see it
        raise Malformed(f"script {script.hex()} has no SLIP-77 blinding key")
    return key


def issuance_blinding_key(master_blinding_key: bytes, txid: bytes, vout: int) -> bytes:
    return slip77_blinding_key(master_blinding_key, issuance_script(txid, vout))


def issuance_script(txid: bytes, vout: int) -> bytes:
    return bytes([OP_RETURN, len(txid)]) + txid + push_number(vout)


def push_number(number: int) -> bytes:
    """Minimal push of a non-negative script number."""
    if number == 0:
        return b"\x00"
    if number <= 16:
        return bytes([0x50 + number])
    # One bit more than the number needs, for the sign.
    size = number.bit_length() // 8 + 1
    return bytes([size]) + number.to_bytes(size, "little")


# ---------------------------------------------------------------------------
# The vector
# ---------------------------------------------------------------------------


def vector(transaction: Pset, descriptor: Descriptor, policy_asset: bytes) -> dict:
    content = content_of(transaction, policy_asset)
    content_hash = sha256(content)
    master = descriptor.master_blinding_key
    seed = seed_of(master, content_hash)
    balance = balance_output(transaction.outputs)
    request_hash = sha256(transaction.request)
    return {
        "content": content.hex(),
        "content_hash": content_hash.hex(),
        "seed": seed.hex(),
        "approval": approval_code(content_hash, descriptor.canonical),
        "descriptor": descriptor.canonical,
        "balance_output": balance,
        "outputs": [
            output_vector(index, output, master, request_hash, seed, index == balance)
            for index, output in enumerate(transaction.outputs)
        ],
        "inputs": [
            {"index": index, "issuance": issuance_vector(index, spend, master, seed)}
            for index, spend in enumerate(transaction.inputs)
        ],
    }


def output_vector(
    index: int,
    output: Output,
    master: bytes,
    request_hash: bytes,
    seed: bytes,
    takes_balance: bool,
) -> dict:
    blinded = output.blinding_key is not None

    def scalar(name: str) -> Optional[str]:
        return secret_scalar(seed, name, index).hex() if blinded else None

    order = output_order(master, request_hash, output.script).hex()
    return {
        "index": index,
        "script": output.script.hex(),
        "blinded": blinded,
        "order": order if output.script else None,
        "abf": scalar("abf"),
        "vbf": None if takes_balance else scalar("vbf"),
        "ephemeral": scalar("ephemeral"),
        "surjection": secret(seed, "surjection", index, 0).hex() if blinded else None,
    }


def issuance_vector(
    index: int, spend: Input, master: bytes, seed: bytes
) -> Optional[dict]:
    issuance = spend.issuance
    if issuance is None:
        return None
    blinded = issuance.kind == BLINDED
    return {
        "kind": KIND_NAMES[issuance.kind],
        "amount": issuance.amount,
        "blinding_key": issuance_blinding_key(master, spend.txid, spend.vout).hex(),
        "vbf": secret_scalar(seed, "issuance-vbf", index).hex() if blinded else None,
    }


def vector_text(pset_text: str, descriptor_text: str, policy_asset_hex: str) -> str:
    transaction = parse_pset(decode_base64(pset_text))
    descriptor = parse_descriptor(descriptor_text)
    policy_asset = parse_policy_asset(policy_asset_hex)
    return json.dumps(vector(transaction, descriptor, policy_asset), indent=2) + "\n"


# ---------------------------------------------------------------------------
# Self test
#
# Known answers come from published documents or from the Elements node, never
# from this program's own output.
# ---------------------------------------------------------------------------

MNEMONIC = "abandon " * 11 + "about"
MASTER = bytes.fromhex("9c8e4f05c7711a98c838be228bcb84924d4570ca53f35fa1c793e58841d47023")
XPUB = (
    "xpub6CRFzUgHFDaiDAQFNX7VeV9JNPDRabq6NYSpzVZ8zW8ANUCiDdenkb1gBoEZu"
    "XNZb3wPc1SVcDXgD2ww5UBtTb8s8ArAbTkoRQ8qn34KgcY"
)
DESCRIPTOR_H = f"ct(slip77({MASTER.hex()}),elwpkh([73c5da0a/84h/1776h/0h]{XPUB}/<0;1>/*))"
DESCRIPTOR_APOSTROPHE = DESCRIPTOR_H.replace("h/", "'/").replace("0h]", "0']")

Records = List[Tuple[bytes, bytes]]


def expect(found: object, wanted: object, what: str) -> None:
    if found != wanted:
        raise AssertionError(f"{what}: {found!r} instead of {wanted!r}")


def expect_refusal(attempt, reason: str) -> None:
    """attempt() has to raise Malformed with the reason in its message."""
    try:
        attempt()
    except Malformed as error:
        if reason not in str(error):
            raise AssertionError(f"refused with {str(error)!r}, not {reason!r}") from None
        return
    raise AssertionError(f"was not refused, though: {reason}")


# Building PSETs by hand.


def write_compact_size(number: int) -> bytes:
    if number < 0xFD:
        return bytes([number])
    if number < 1 << 16:
        return b"\xfd" + number.to_bytes(2, "little")
    return b"\xfe" + number.to_bytes(4, "little")


def write_map(records: Records) -> bytes:
    pairs = [
        write_compact_size(len(key)) + key + write_compact_size(len(value)) + value
        for key, value in records
    ]
    return b"".join(pairs) + b"\x00"


def pset_key(subtype: int) -> bytes:
    return b"\xfc\x04pset" + bytes([subtype])


def sample_maps() -> List[Records]:
    """A PSET with two inputs (the second reissues, blinded) and three outputs
    (two to be blinded, then the fee): the global map and one map for each."""
    global_map = [
        (b"\x02", bytes.fromhex("02000000")),
        (b"\x03", bytes.fromhex("40420f00")),
        (b"\x04", b"\x02"),
        (b"\x05", b"\x03"),
        (b"\xfb", bytes.fromhex("02000000")),
        (b"\xfc\x07coldamp\x00", b"pay 5 to the desk"),
        (b"\xfc\x07coldamp\x01", b"another record of coldamp's"),
        (b"\xfc\x05other\x00", b"a record of somebody else's"),
    ]
    plain_input = [
        (b"\x01", sample_confidential_txout()),
        (b"\x06" + b"\x02" + b"\x77" * 32, bytes.fromhex("73c5da0a")),
        (b"\x0e", bytes(range(32))),
        (b"\x0f", bytes.fromhex("01000000")),
        (b"\x10", bytes.fromhex("fdffffff")),
    ]
    issuing_input = [
        (b"\x01", sample_explicit_txout()),
        (b"\x0e", b"\xab" * 32),
        (b"\x0f", bytes.fromhex("11000080")),
        (pset_key(0x00), bytes.fromhex("00e1f50500000000")),
        (pset_key(0x0C), b"\xc0" * 32),
        (pset_key(0x0D), b"\xe0" * 32),
    ]
    outputs = [
        [
            (b"\x03", bytes.fromhex("0500000000000000")),
            (b"\x04", bytes.fromhex("0014") + b"\x01" * 20),
            (pset_key(0x02), b"\xa1" * 32),
            (pset_key(0x06), b"\x02" + b"\xb1" * 32),
            (pset_key(0x08), u32(0)),
        ],
        [
            (b"\x03", bytes.fromhex("0600000000000000")),
            (b"\x04", bytes.fromhex("5120") + b"\x02" * 32),
            (pset_key(0x02), b"\xa2" * 32),
            (pset_key(0x06), b"\x03" + b"\xb2" * 32),
        ],
        [
            (b"\x03", bytes.fromhex("fa00000000000000")),
            (b"\x04", b""),
            (pset_key(0x02), b"\xa3" * 32),
        ],
    ]
    return [global_map, plain_input, issuing_input] + outputs


GLOBAL, PLAIN_INPUT, ISSUING_INPUT, OUTPUT_0, OUTPUT_1, FEE_OUTPUT = range(6)


def sample_confidential_txout() -> bytes:
    return bytes.fromhex(
        "0a" + "11" * 32 + "08" + "22" * 32 + "02" + "33" * 32 + "16" + "0014" + "44" * 20
    )


def sample_explicit_txout() -> bytes:
    return bytes.fromhex("01" + "55" * 32 + "01" + "0000000000000064" + "00" + "01" + "51")


def sample_content() -> str:
    """Content of the sample, written out by hand.  Policy asset: 00 01 .. 1f as
    printed, so 1f .. 01 00 in internal order."""
    return "".join(
        [
            "1f1e1d1c1b1a191817161514131211100f0e0d0c0b0a09080706050403020100",
            "02000000",  # transaction version
            "40420f00",  # locktime 1,000,000
            hashlib.sha256(b"pay 5 to the desk").hexdigest(),
            "02000000",  # inputs
            "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f" "01000000",
            "fdffffff",
            "0a" + "11" * 32 + "08" + "22" * 32 + "02" + "33" * 32 + "160014" + "44" * 20,
            "00",  # no issuance
            "ab" * 32 + "11000000",  # the issuance flag is gone
            "ffffffff",  # absent sequence
            "01" + "55" * 32 + "01" + "0000000000000064" + "00" + "0151",
            "01" + "01" + "00e1f50500000000" + "c0" * 32 + "e0" * 32,
            "03000000",  # outputs
            "a1" * 32 + "0500000000000000" + "16000000" + "0014" + "01" * 20,
            "01" + "02" + "b1" * 32,
            "a2" * 32 + "0600000000000000" + "22000000" + "5120" + "02" * 32,
            "01" + "03" + "b2" * 32,
            "a3" * 32 + "fa00000000000000" + "00000000",
            "00",  # not to be blinded
        ]
    )


SAMPLE_POLICY_ASSET = bytes(range(32)).hex()


def write_pset(maps: List[Records]) -> bytes:
    return PSET_MAGIC + b"".join(write_map(records) for records in maps)


def changed(place: int, key: bytes, value: Optional[bytes]) -> bytes:
    """The sample with one record set (value) or taken out (None)."""
    maps = sample_maps()
    records = [record for record in maps[place] if record[0] != key]
    maps[place] = records if value is None else records + [(key, value)]
    return write_pset(maps)


# The tests.


def test_hmac_sha256() -> None:
    """RFC 4231, test cases 1 and 2."""
    expect(
        hmac_sha256(b"\x0b" * 20, b"Hi There").hex(),
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
        "case 1",
    )
    expect(
        hmac_sha256(b"Jefe", b"what do ya want for nothing?").hex(),
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        "case 2",
    )


def test_tagged_sha256() -> None:
    """BIP-341, wallet test vectors: the tweak of an internal key."""
    internal_key = "d6889cb081036e0faefa3a35157ad71086b123b2b144b649798b494c300a961d"
    expect(
        tagged_sha256(b"TapTweak", bytes.fromhex(internal_key)).hex(),
        "b86e7be8f39bab32a6f2c0443abbc210f0edac0e2c53d501b36b64437d9c6c70",
        "TapTweak",
    )


def test_slip77_master_blinding_key() -> None:
    """SLIP-21 with label SLIP-0077, from the BIP-39 seed of the known mnemonic."""
    bip39_seed = hashlib.pbkdf2_hmac("sha512", MNEMONIC.encode(), b"mnemonic", 2048)
    root = hmac.new(b"Symmetric key seed", bip39_seed, hashlib.sha512).digest()
    node = hmac.new(root[:32], b"\x00SLIP-0077", hashlib.sha512).digest()
    expect(node[32:], MASTER, "master blinding key")


def test_slip77_blinding_key() -> None:
    """dumpblindingkey of elementsd 23.3.3, its wallet holding MASTER."""
    script = bytes.fromhex("00143f82e9d4ee517af483b05c736d1e44be8422fbc0")
    expect(
        slip77_blinding_key(MASTER, script).hex(),
        "95a6ed807e17f35b5b034c6da3cf3de076866e9e501740671fecb700cbb77466",
        "blinding key",
    )


def test_issuance_blinding_key() -> None:
    """dumpissuanceblindingkey of elementsd 23.3.3, its wallet holding MASTER."""
    printed_txid = "ce3559e6a2875fa005575ac823f9b12250ee6a36dd26a74076908866e1c05a41"
    txid = bytes.fromhex(printed_txid)[::-1]
    known = {
        0: "a7d963715c0c7dd98b9d1044d699530ba00f826e86522c65103ddf0f0adcd8cd",
        1: "69484be1342425233fd17e5b6513f1b824d91e40e87885352e1b88840d1bca51",
        16: "76cd4a6b196ab81aca7fd7e5c3e6816da190f564bd750a582cbb0a58941349d3",
        17: "6be6f118f6e35a525cfa92c3b83ed926beed59fd68007a1a47107eb907177677",
        127: "360ce3e5215b8b24f9eeb2220d2647780134a73ff555f4990042a8c9d134566e",
        128: "d3426e479d676b88e477314823df9c8d4482d675c012f4d2130b823be812b012",
    }
    for vout, key in known.items():
        expect(issuance_blinding_key(MASTER, txid, vout).hex(), key, f"vout {vout}")
    expect(
        issuance_script(txid, 1).hex(),
        "6a20415ac0e16688907640a726dd366aee5022b1f923c85a5705a05f87a2e65935ce51",
        "script",
    )


def test_push_number() -> None:
    known = {
        0: "00",
        1: "51",
        16: "60",
        17: "0111",
        127: "017f",
        128: "028000",
        255: "02ff00",
        256: "020001",
        32767: "02ff7f",
        32768: "03008000",
        OUTPOINT_INDEX_MASK: "04ffffff3f",
    }
    for number, push in known.items():
        expect(push_number(number).hex(), push, f"push of {number}")


def test_crockford() -> None:
    expect(crockford(bytes(5)), "00000000", "zeros")
    expect(crockford(b"\xff" * 5), "ZZZZZZZZ", "ones")
    expect(crockford(b"\x00\x00\x00\x00\x01"), "00000001", "last bit")
    # The 32 symbols in their order: five bits each of 0, 1, 2, ... 31.
    ordered = int("".join(f"{symbol:05b}" for symbol in range(32)), 2).to_bytes(20, "big")
    expect(crockford(ordered), CROCKFORD, "alphabet")
    # RFC 4648 base32 cuts bits the same way and differs in its alphabet only.
    rfc4648 = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", CROCKFORD)
    data = hashlib.sha256(b"any").digest()[:20]
    expect(crockford(data), base64.b32encode(data).decode().translate(rfc4648), "RFC 4648")
    expect(in_groups(crockford(ordered)), "0123-4567-89AB-CDEF-GHJK-MNPQ-RSTV-WXYZ", "groups")


def test_scalars() -> None:
    order = GROUP_ORDER.to_bytes(32, "big")
    last = (GROUP_ORDER - 1).to_bytes(32, "big")
    one = (1).to_bytes(32, "big")
    expect([is_scalar(x) for x in (bytes(32), one, last, order)], [False, True, True, False], "")
    expect(first_scalar([bytes(32), order, b"\xff" * 32, last, one]), last, "first scalar")
    # secp256k1's cube root of one modulo its order (the endomorphism's lambda).
    cube_root = 0x5363AD4CC05C30E0A5261C028812645A122E22EA20816678DF02967C1B23BD72
    expect(pow(cube_root, 3, GROUP_ORDER), 1, "group order")


def test_secret_message() -> None:
    seed = b"\x05" * 32
    message = b"issuance-vbf" + bytes.fromhex("00" "03000000" "02010000")
    expect(secret(seed, "issuance-vbf", 3, 258), hmac_sha256(seed, message), "secret")


def test_descriptor() -> None:
    """Descriptors and checksums as LWK prints them."""
    for text in (
        DESCRIPTOR_H,
        DESCRIPTOR_APOSTROPHE,
        DESCRIPTOR_H + "#y8jljyxl",
        DESCRIPTOR_APOSTROPHE + "#87kykuta",
        DESCRIPTOR_APOSTROPHE + "\n",
    ):
        found = parse_descriptor(text)
        expect(found.canonical, DESCRIPTOR_H, "canonical descriptor")
        expect(found.master_blinding_key, MASTER, "master blinding key")
    expect(DESCRIPTOR_APOSTROPHE.count("'"), 3, "apostrophes of the test itself")


def test_descriptor_refusals() -> None:
    for text, reason in (
        (DESCRIPTOR_H + "#y8jljyxq", "checksum"),
        (DESCRIPTOR_H + "#87kykuta", "checksum"),
        (DESCRIPTOR_H + "#", "checksum"),
        (DESCRIPTOR_H.replace("9c8e", "9c8"), "shape"),
        (DESCRIPTOR_H.replace("9c8e", "9C8E"), "shape"),
        (DESCRIPTOR_H.replace("slip77", "elip151"), "shape"),
        (DESCRIPTOR_H[:-1], "shape"),
        (DESCRIPTOR_H + ")", "shape"),
        (DESCRIPTOR_H + "(x)", "shape"),
        (f"elwpkh({XPUB}/<0;1>/*)", "shape"),
        (DESCRIPTOR_H.replace(",", ", ", 1), "character"),
        (DESCRIPTOR_H.replace("h", "\u2019"), "character"),
        (DESCRIPTOR_H.replace("84h", "84H"), "hardened"),
        (DESCRIPTOR_H.replace("/84h", "/'84h"), "hardened"),
        ("", "shape"),
    ):
        expect_refusal(lambda: parse_descriptor(text), reason)


def test_policy_asset() -> None:
    expect(parse_policy_asset(SAMPLE_POLICY_ASSET), bytes(range(32))[::-1], "policy asset")
    for text in ("", "00" * 31, "00" * 33, "0x" + "00" * 31, " " + "00" * 31 + "0"):
        expect_refusal(lambda: parse_policy_asset(text), "64 hex digits")


def test_compact_sizes() -> None:
    for number in (0, 0xFC, 0xFD, 0xFFFF, 0x10000):
        expect(read_compact_size(write_compact_size(number), ""), number, "compact size")
    for raw in ("fdfc00", "feffff0000", "ffffffffff00000000"):
        expect_refusal(lambda: read_compact_size(bytes.fromhex(raw), ""), "shortest form")
    expect_refusal(lambda: read_compact_size(b"\xfd\x00", ""), "too early")
    expect_refusal(lambda: read_compact_size(b"\x01\x00", ""), "surplus")


def test_content() -> None:
    policy_asset = parse_policy_asset(SAMPLE_POLICY_ASSET)
    found = content_of(parse_pset(write_pset(sample_maps())), policy_asset)
    expect(found.hex(), sample_content(), "content")


def test_defaults() -> None:
    def read(place: int, key: bytes, value: Optional[bytes]) -> Pset:
        return parse_pset(changed(place, key, value))

    expect(read(GLOBAL, b"\x03", None).locktime, 0, "locktime")
    expect(read(PLAIN_INPUT, b"\x10", None).inputs[0].sequence, 0xFFFFFFFF, "sequence")
    expect(read(PLAIN_INPUT, b"\x10", bytes(4)).inputs[0].sequence, 0, "sequence 0")
    expect(read(FEE_OUTPUT, b"\x04", None).outputs[2].script, b"", "fee script")
    flag, nonce, entropy = pset_key(0x15), pset_key(0x0C), pset_key(0x0D)
    for value, kind in ((None, BLINDED), (b"\x01", BLINDED), (b"\x00", EXPLICIT)):
        expect(read(ISSUING_INPUT, flag, value).inputs[1].issuance.kind, kind, "kind")
    expect(read(ISSUING_INPUT, nonce, None).inputs[1].issuance.nonce, bytes(32), "nonce")
    expect(read(ISSUING_INPUT, entropy, None).inputs[1].issuance.entropy, bytes(32), "entropy")
    no_flag = read(ISSUING_INPUT, b"\x0f", bytes.fromhex("11000000"))
    expect(no_flag, parse_pset(write_pset(sample_maps())), "outpoint flag")
    no_tokens = read(ISSUING_INPUT, pset_key(0x0A), bytes(8))
    expect(no_tokens, parse_pset(write_pset(sample_maps())), "no reissuance tokens")


def test_order_of_records() -> None:
    maps = [list(reversed(records)) for records in sample_maps()]
    expect(parse_pset(write_pset(maps)), parse_pset(write_pset(sample_maps())), "reversed")


def test_long_script() -> None:
    script = b"\x6a" * 300
    found = parse_pset(changed(OUTPUT_0, b"\x04", script)).outputs[0]
    expect(found.script, script, "script")
    expect(output_content(found)[40:44].hex(), "2c010000", "script length")


def test_pset_refusals() -> None:
    request = b"\xfc\x07coldamp\x00"
    for place, key, value, reason in (
        (GLOBAL, b"\xfb", None, "PSET version is missing"),
        (GLOBAL, b"\xfb", u32(0), "version is 0"),
        (GLOBAL, b"\x00", b"tx", "unsigned transaction"),
        (GLOBAL, b"\x02", None, "transaction version is missing"),
        (GLOBAL, b"\x02", b"\x02", "1 bytes instead of 4"),
        (GLOBAL, b"\x03", b"", "0 bytes instead of 4"),
        (GLOBAL, b"\x04", None, "input count is missing"),
        (GLOBAL, b"\x04", b"\x01", "missing"),
        (GLOBAL, b"\x05", b"\x02", "surplus bytes"),
        (GLOBAL, b"\x05", b"\x04", "too early"),
        (GLOBAL, request, None, "coldamp request is missing"),
        (GLOBAL, request + b"\x00", b"", "surplus data"),
        (GLOBAL, b"\xfc\xfd\x07\x00coldamp\x00", b"", "shortest form"),
        (GLOBAL, b"\xfc\x09coldamp", b"", "too early"),
        (PLAIN_INPUT, b"\x01", None, "witness UTXO is missing"),
        (PLAIN_INPUT, b"\x01", sample_explicit_txout() + b"\x00", "surplus bytes"),
        (PLAIN_INPUT, b"\x01", sample_explicit_txout()[:-1], "too early"),
        (PLAIN_INPUT, b"\x01", b"\x08" + sample_explicit_txout()[1:], "asset prefix"),
        (PLAIN_INPUT, b"\x01", b"\x00\x00\x00\x00", "value prefix"),
        (PLAIN_INPUT, b"\x01", b"\x00\x01" + bytes(8) + b"\x04", "nonce prefix"),
        (PLAIN_INPUT, b"\x0e", None, "previous txid is missing"),
        (PLAIN_INPUT, b"\x0e", bytes(31), "31 bytes instead of 32"),
        (PLAIN_INPUT, b"\x0e\x00", bytes(32), "surplus data"),
        (PLAIN_INPUT, b"\x0f", None, "output index is missing"),
        (PLAIN_INPUT, b"\x0f", bytes.fromhex("01000040"), "peg-in"),
        (PLAIN_INPUT, b"\x0f", bytes.fromhex("01000080"), "issuance flag"),
        (PLAIN_INPUT, b"\x10", bytes(5), "5 bytes instead of 4"),
        (PLAIN_INPUT, b"\x11", u32(500000000), "required time locktime"),
        (PLAIN_INPUT, b"\x12", u32(1), "required height locktime"),
        (PLAIN_INPUT, pset_key(0x01), b"\x08" + bytes(32), "value commitment"),
        (PLAIN_INPUT, pset_key(0x08), u64(1), "peg-in value"),
        (ISSUING_INPUT, pset_key(0x00), bytes(7), "7 bytes instead of 8"),
        (ISSUING_INPUT, pset_key(0x0A), u64(1), "reissuance tokens"),
        (ISSUING_INPUT, pset_key(0x0B), b"\x08" + bytes(32), "inflation keys commitment"),
        (ISSUING_INPUT, pset_key(0x0C), bytes(33), "33 bytes instead of 32"),
        (ISSUING_INPUT, pset_key(0x0D), b"", "0 bytes instead of 32"),
        (ISSUING_INPUT, pset_key(0x15), b"\x02", "flag is 02"),
        (ISSUING_INPUT, pset_key(0x15), b"", "flag is "),
        (OUTPUT_0, b"\x03", None, "amount is missing"),
        (OUTPUT_0, b"\x03", bytes(9), "9 bytes instead of 8"),
        (OUTPUT_0, b"\x04", None, "cannot be blinded"),
        (OUTPUT_0, pset_key(0x02), None, "asset is missing"),
        (OUTPUT_0, pset_key(0x02), bytes(33), "33 bytes instead of 32"),
        (OUTPUT_0, pset_key(0x06), b"\x04" + bytes(32), "compressed public key"),
        (OUTPUT_0, pset_key(0x06), b"\x02" + bytes(31), "32 bytes instead of 33"),
    ):
        expect_refusal(lambda: parse_pset(changed(place, key, value)), reason)


def test_pset_shape() -> None:
    raw = write_pset(sample_maps())
    expect_refusal(lambda: parse_pset(b"psbt" + raw[4:]), "magic")
    expect_refusal(lambda: parse_pset(raw + b"\x00"), "surplus bytes")
    for size in range(len(raw)):
        expect_refusal(lambda: parse_pset(raw[:size]), "too early")
    maps = sample_maps()
    maps[OUTPUT_1].append(maps[OUTPUT_1][0])
    expect_refusal(lambda: parse_pset(write_pset(maps)), "twice")


def test_base64() -> None:
    raw = write_pset(sample_maps()) + b"\x00" * 2
    text = base64.b64encode(raw).decode()
    expect(decode_base64(text + "\n"), raw, "base64")
    for wrong in (text[:-1], text[:10] + "\n" + text[10:], "*" + text[1:], text + "\u00e9"):
        expect_refusal(lambda: decode_base64(wrong), "base64")
    expect(decode_base64("AA=="), b"\x00", "padding")
    expect_refusal(lambda: decode_base64("AB=="), "only valid form")


def test_vector() -> None:
    """The whole vector of the sample, each value put together anew by hand."""

    def mac(key: bytes, *parts: bytes) -> str:
        return hmac.new(key, b"".join(parts), "sha256").hexdigest()

    text = base64.b64encode(write_pset(sample_maps())).decode()
    found = json.loads(vector_text(text, DESCRIPTOR_APOSTROPHE, SAMPLE_POLICY_ASSET))
    content_hash = hashlib.sha256(bytes.fromhex(sample_content())).digest()
    seed = bytes.fromhex(mac(MASTER, b"coldamp/blinding/1", content_hash))
    tag = hashlib.sha256(b"coldamp/approval/1").digest()
    descriptor_hash = hashlib.sha256(DESCRIPTOR_H.encode()).digest()
    digest = hashlib.sha256(tag + tag + content_hash + descriptor_hash).digest()
    request_hash = hashlib.sha256(b"pay 5 to the desk").digest()
    script_0, script_1 = b"\x00\x14" + b"\x01" * 20, b"\x51\x20" + b"\x02" * 32
    expect(list(found), VECTOR_KEYS, "keys")
    expect(found["content"], sample_content(), "content")
    expect(found["content_hash"], content_hash.hex(), "content hash")
    expect(found["seed"], seed.hex(), "seed")
    expect(found["approval"], in_groups(crockford(digest[:20])), "approval")
    expect(len(found["approval"]), 39, "length of approval")
    expect(found["descriptor"], DESCRIPTOR_H, "descriptor")
    expect(found["balance_output"], 1, "balance output")
    expect(
        found["outputs"],
        [
            {
                "index": 0,
                "script": script_0.hex(),
                "blinded": True,
                "order": mac(MASTER, b"coldamp/order/1", request_hash, script_0),
                "abf": mac(seed, b"abf\0" b"\0\0\0\0" b"\0\0\0\0"),
                "vbf": mac(seed, b"vbf\0" b"\0\0\0\0" b"\0\0\0\0"),
                "ephemeral": mac(seed, b"ephemeral\0" b"\0\0\0\0" b"\0\0\0\0"),
                "surjection": mac(seed, b"surjection\0" b"\0\0\0\0" b"\0\0\0\0"),
            },
            {
                "index": 1,
                "script": script_1.hex(),
                "blinded": True,
                "order": mac(MASTER, b"coldamp/order/1", request_hash, script_1),
                "abf": mac(seed, b"abf\0" b"\1\0\0\0" b"\0\0\0\0"),
                "vbf": None,
                "ephemeral": mac(seed, b"ephemeral\0" b"\1\0\0\0" b"\0\0\0\0"),
                "surjection": mac(seed, b"surjection\0" b"\1\0\0\0" b"\0\0\0\0"),
            },
            {
                "index": 2,
                "script": "",
                "blinded": False,
                "order": None,
                "abf": None,
                "vbf": None,
                "ephemeral": None,
                "surjection": None,
            },
        ],
        "outputs",
    )
    issuance = {
        "kind": "blinded",
        "amount": 100000000,
        "blinding_key": mac(MASTER, b"\x6a\x20", b"\xab" * 32, b"\x01\x11"),
        "vbf": mac(seed, b"issuance-vbf\0" b"\1\0\0\0" b"\0\0\0\0"),
    }
    expect(
        found["inputs"],
        [{"index": 0, "issuance": None}, {"index": 1, "issuance": issuance}],
        "inputs",
    )


VECTOR_KEYS = [
    "content",
    "content_hash",
    "seed",
    "approval",
    "descriptor",
    "balance_output",
    "outputs",
    "inputs",
]


def test_vector_without_blinding() -> None:
    maps = sample_maps()
    for place in (OUTPUT_0, OUTPUT_1):
        maps[place] = [record for record in maps[place] if record[0] != pset_key(0x06)]
    maps[ISSUING_INPUT].append((pset_key(0x15), b"\x00"))
    text = base64.b64encode(write_pset(maps)).decode()
    found = json.loads(vector_text(text, DESCRIPTOR_H, SAMPLE_POLICY_ASSET))
    expect(found["balance_output"], None, "balance output")
    expect([output["abf"] for output in found["outputs"]], [None] * 3, "abf")
    expect(found["inputs"][1]["issuance"]["kind"], "explicit", "kind")
    expect(found["inputs"][1]["issuance"]["vbf"], None, "issuance vbf")


def self_test() -> int:
    failures = 0
    for name, test in sorted(globals().items()):
        if not name.startswith("test_"):
            continue
        try:
            test()
            print(f"ok      {name}")
        except (AssertionError, Malformed) as error:
            failures += 1
            print(f"FAILED  {name}: {error}", file=sys.stderr)
    print("self test passed" if not failures else f"self test: {failures} FAILED")
    return 1 if failures else 0


# ---------------------------------------------------------------------------
# Command line
# ---------------------------------------------------------------------------

USAGE = """usage: second_implementation.py FILE.pset DESCRIPTOR_FILE POLICY_ASSET_HEX > FILE.json
       second_implementation.py --self-test"""


def read_text(path: str) -> str:
    try:
        with open(path, encoding="ascii") as file:
            return file.read()
    except UnicodeDecodeError:
        raise Malformed(f"{path}: is not ASCII text") from None
    except OSError as error:
        raise Malformed(f"{path}: {error.strerror}") from None


def main(arguments: List[str]) -> int:
    if arguments == ["--self-test"]:
        return self_test()
    if len(arguments) != 3:
        print(USAGE, file=sys.stderr)
        return 2
    pset_path, descriptor_path, policy_asset_hex = arguments
    try:
        text = vector_text(read_text(pset_path), read_text(descriptor_path), policy_asset_hex)
    except Malformed as error:
        print(f"second_implementation.py: refused: {error}", file=sys.stderr)
        return 1
    sys.stdout.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
