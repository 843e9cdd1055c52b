"""HMAC-SHA256 of many short texts at once, by loops that Numba compiles.

Each is two steps of SHA-256 from the states that the key's two pads leave behind, where
`hashlib` spends several times as long on being called.  Tests hold it to `hashlib`.

Sources: SHA-256 is FIPS 180-4, section 6.2.2, its constants section 4.2.2 and 5.3.3; that the
pads' states can be kept is RFC 2104, section 4.
"""

from math import cbrt, isqrt

import numpy as np
from numpy.typing import NDArray

from domain.pairing.arrays import I32, U64, Bytes
from domain.pairing.compiled import loop

U32 = NDArray[np.uint32]
BLOCK, LONGEST, WORDS = 64, 55, 64
"""Bytes of a block, of a text that one block holds, and the words made of a block."""
_PRIMES = [n for n in range(2, 312) if all(n % other for other in range(2, isqrt(n) + 1))]


def _cube_root(number: int) -> int:
    """The whole part."""
    root = round(cbrt(number))
    while root**3 > number:
        root -= 1
    while (root + 1) ** 3 <= number:
        root += 1
    return root


_BEGUN = np.array([isqrt(prime << 64) % (1 << 32) for prime in _PRIMES[:8]], dtype=np.uint32)
"""The state before any block: the first bits of the roots of primes, after the point."""
_ROUNDS = np.array([_cube_root(prime << 96) % (1 << 32) for prime in _PRIMES], dtype=np.uint32)
"""What each round adds: the same of their cube roots."""


@loop
def _turned(word: np.uint32, by: int) -> np.uint32:
    """A word turned to the right."""
    return np.uint32((word >> np.uint32(by)) | (word << np.uint32(32 - by)))


@loop
def _stirred(words: U32, state: U32, result: U32) -> None:
    """Take a block, the first 16 of `words`, into a state."""
    for at in range(16, WORDS):
        far, near = words[at - 15], words[at - 2]
        low = _turned(far, 7) ^ _turned(far, 18) ^ (far >> np.uint32(3))
        high = _turned(near, 17) ^ _turned(near, 19) ^ (near >> np.uint32(10))
        words[at] = np.uint32(words[at - 16] + low + words[at - 7] + high)
    a, b, c, d = state[0], state[1], state[2], state[3]
    e, f, g, h = state[4], state[5], state[6], state[7]
    for at in range(WORDS):
        high = _turned(e, 6) ^ _turned(e, 11) ^ _turned(e, 25)
        one = np.uint32(h + high + ((e & f) ^ (~e & g)) + _ROUNDS[at] + words[at])
        low = _turned(a, 2) ^ _turned(a, 13) ^ _turned(a, 22)
        two = np.uint32(low + ((a & b) ^ (a & c) ^ (b & c)))
        h, g, f, e = g, f, e, np.uint32(d + one)
        d, c, b, a = c, b, a, np.uint32(one + two)
    for at, word in enumerate((a, b, c, d, e, f, g, h)):
        result[at] = state[at] + word


@loop
def _put(data: Bytes, start: int, end: int, words: U32) -> None:
    """Make the bytes, the bit that ends them and the length of block and text into a block."""
    for at in range(16):
        words[at] = 0
    for at in range(end - start):
        words[at >> 2] |= np.uint32(data[start + at]) << np.uint32(24 - 8 * (at & 3))
    ended = end - start
    words[ended >> 2] |= np.uint32(0x80) << np.uint32(24 - 8 * (ended & 3))
    words[15] = 8 * (BLOCK + ended)


@loop
def begun(pad: Bytes, words: U32, result: U32) -> None:
    """The state that one of the key's pads leaves behind."""
    for at in range(16):
        words[at] = 0
    for at in range(BLOCK):
        words[at >> 2] |= np.uint32(pad[at]) << np.uint32(24 - 8 * (at & 3))
    _stirred(words, _BEGUN, result)


@loop
def tokens(texts: tuple[Bytes, I32], pads: U32, room: U32, result: U64) -> None:
    """The first 64 bits of the HMAC of each text, which has at most LONGEST bytes.

    Args:
        texts: End to end, and their lengths.
        pads: The states of the inner and the outer pad.
        room: For the words of a block, and after those for a state.
        result: For the tokens.
    """
    data, length = texts
    words, state = room[0], room[1]
    end = 0
    for item in range(len(length)):
        begin, end = end, end + int(length[item])
        _put(data, begin, end, words)
        _stirred(words, pads[0], state)
        for at in range(16):
            words[at] = state[at] if at < 8 else 0
        words[8], words[15] = 0x80000000, 8 * (BLOCK + 32)
        _stirred(words, pads[1], state)
        result[item] = np.uint64(state[0]) << np.uint64(32) | np.uint64(state[1])
