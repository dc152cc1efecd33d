#!/usr/bin/env python3
"""Writes hostile.txt: UR codes that are refused. A second implementation of bytewords (BCR-2020-012) and of the CBOR of a code
(BCR-2020-005), with Python's own zlib.crc32. `python3 tests/vectors/ur/hostile.py` at the root of the repository."""

import struct
import zlib
from pathlib import Path

def letters() -> list[str]:
    words = (Path(__file__).parent / "bytewords.txt").read_text().split("\n")
    listed = " ".join(line for line in words if not line.startswith("#")).split()
    assert len(listed) == 256
    return [word[0] + word[-1] for word in listed]


LETTERS = letters()


def bytewords(data: bytes, crc: int | None = None) -> str:
    crc = zlib.crc32(data) if crc is None else crc
    return "".join(LETTERS[byte] for byte in data + struct.pack(">I", crc))


def head(major: int, number: int) -> bytes:
    if number < 24:
        return bytes([major << 5 | number])
    for size, code in (("B", 24), ("H", 25), ("I", 26), ("Q", 27)):
        if number < 1 << 8 * struct.calcsize(size):
            return bytes([major << 5 | code]) + struct.pack(">" + size, number)
    raise ValueError(number)


def part(number: int, count: int, length: int, piece: bytes, checksum: int = 7, told: str | None = None, kind="crypto-psbt") -> str:
    data = head(4, 5) + b"".join(head(0, n) for n in (number, count, length, checksum)) + head(2, len(piece)) + piece
    return f"ur:{kind}/{told or f'{number}-{count}'}/{bytewords(data)}"


def whole(data: bytes, crc: int | None = None, kind="crypto-psbt") -> str:
    return f"ur:{kind}/{bytewords(data, crc)}"


A, B = b"A" * 10, b"B" * 10
PSET = head(2, 7) + b"pset\xff\x01\x00"
ROWS = [
    ("UR_NO_FRAME", "no type", ["ur:" + bytewords(PSET)]),
    ("UR_NO_FRAME", "a type with a dot", [whole(PSET, kind="crypto.psbt")]),
    ("UR_TYPE", "a seed", [whole(PSET, kind="crypto-seed")]),
    ("UR_TYPE", "plain bytes", [part(1, 2, 20, A, kind="bytes")]),
    ("UR_TYPE", "another type in the middle of a row", [part(1, 2, 20, A), part(2, 2, 20, A, kind="crypto-account")]),
    ("UR_CHARACTERS", "letters that are no byteword", ["ur:crypto-psbt/zzzzzzzzzzzz"]),
    ("UR_CHARACTERS", "half a byteword", [whole(PSET)[:-1]]),
    ("UR_CHARACTERS", "one more part of a path", [part(1, 2, 20, A, told="1-2/3-4")]),
    ("UR_CHECKSUM", "a wrong checksum", [whole(PSET, crc=1)]),
    ("UR_CHECKSUM", "nothing", ["ur:crypto-psbt/"]),
    ("UR_CHECKSUM", "a row of which the file has another checksum than its codes say", [part(1, 2, 20, A), part(2, 2, 20, A)]),
    ("UR_CHECKSUM", "filling behind the file that is not empty", [part(1, 2, 19, A), part(2, 2, 19, A)]),
    ("UR_SEQUENCE", "number zero", [part(0, 2, 20, A)]),
    ("UR_SEQUENCE", "zero pieces", [part(1, 0, 20, A)]),
    ("UR_SEQUENCE", "one piece more than are counted", [part(1, 1296, 12960, A)]),
    ("UR_SEQUENCE", "4,294,967,295 pieces", [part(1, 0xFFFFFFFF, 0xFFFFFFFF, A)]),
    ("UR_SEQUENCE", "4,294,967,295 pieces, mixed", [part(0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF, A)]),
    ("UR_SEQUENCE", "a number that is too long", [part(1, 2, 20, A, told="18446744073709551617-2")]),
    ("UR_SEQUENCE", "other numbers in the text than in the data", [part(1, 2, 20, A, told="2-2")]),
    ("UR_CBOR", "an array of four", ["ur:crypto-psbt/1-2/" + bytewords(head(4, 4) + bytes([1, 2, 20, 7]))]),
    ("UR_CBOR", "an endless array", ["ur:crypto-psbt/1-2/" + bytewords(b"\x9f" * 40)]),
    ("UR_CBOR", "a piece that ends early", ["ur:crypto-psbt/1-2/" + bytewords(head(4, 5) + bytes([1, 2, 20, 7]) + head(2, 1 << 40))]),
    ("UR_CBOR", "an empty piece", [part(1, 2, 20, b"")]),
    ("UR_CBOR", "an empty file", [part(1, 2, 0, A)]),
    ("UR_CBOR", "fewer pieces than the file takes", [part(1, 2, 40, A)]),
    ("UR_CBOR", "a text in the place of bytes", [whole(b"\x64pset")]),
    ("UR_CBOR", "more behind the bytes", [whole(PSET + b"\x00")]),
    ("UR_CBOR", "bytes in an array as deep as a code is long", [whole(b"\x81" * 1000)]),
    ("UR_OVERSIZE", "a file of 4 GB", [part(1, 2, 0xFFFFFFFF, A)]),
    ("UR_MIXED", "another number of pieces", [part(1, 2, 20, A), part(1, 3, 30, A)]),
    ("UR_MIXED", "another length", [part(1, 2, 20, A), part(2, 2, 19, A)]),
    ("UR_MIXED", "another checksum", [part(1, 2, 20, A), part(2, 2, 20, A, checksum=8)]),
    ("UR_MIXED", "another length of a piece", [part(1, 2, 20, A), part(2, 2, 20, A + b"A")]),
    ("UR_MIXED", "a whole file in the middle of a row", [part(1, 2, 20, A), whole(PSET)]),
    ("UR_MIXED", "BBQr in the middle of a row", [part(1, 2, 20, A), "B$2J0300MZXW6YTB"]),
    ("UR_MIXED", "UR in the middle of BBQr", ["B$2J0300MZXW6YTB", part(1, 2, 20, A)]),
    ("UR_CONFLICT", "the same piece with other content", [part(1, 2, 20, A), part(1, 2, 20, B)]),
    ("UR_INCOMPLETE", "the same code over and over", [part(1, 2, 20, A)] * 9),
    ("PARSE", "a file that is no PSET", [whole(head(2, 4) + b"psbt")]),
]

(Path(__file__).parent / "hostile.txt").write_text(
    "# Written by hostile.py: the code that refuses, the attack, and the scanned lines.\n"
    + "".join(f"{code} | {attack} | {' '.join(lines)}\n" for code, attack, lines in ROWS)
)
