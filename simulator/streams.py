"""Random numbers that depend on what they are for, never on the order in which they are asked for.

Belongs here: keyed hashes and seeded streams. A value of one request is a pure function of (seed, account, day, place
in the day, purpose), so that any subset of a day's requests can be made again without the others: that is how late and
repeated deliveries stay equal to their originals.

The mixing function is the finaliser of splitmix64 (Steele, Lea, Flood 2014, "Fast splittable pseudorandom number
generators").
"""

from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

U64 = NDArray[np.uint64]
F64 = NDArray[np.float64]
I64 = NDArray[np.int64]

_MASK = (1 << 64) - 1


def key(*parts: str | int) -> int:
    """Return a 64-bit key of the parts (blake2b), stable over processes and machines."""
    text = "\x1f".join(str(part) for part in parts).encode()
    return int.from_bytes(blake2b(text, digest_size=8).digest(), "little")


def generator(*parts: str | int) -> np.random.Generator:
    """Return a Philox stream of its own for the parts, usually (seed, purpose, date)."""
    return np.random.Generator(np.random.Philox(np.random.SeedSequence(key(*parts))))


def mix(values: U64) -> U64:
    """Return the splitmix64 finaliser of each value; equal shape, a bijection on 64 bits."""
    mixed = values ^ (values >> np.uint64(30))
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    mixed ^= mixed >> np.uint64(27)
    mixed *= np.uint64(0x94D049BB133111EB)
    mixed ^= mixed >> np.uint64(31)
    return mixed


def salted(values: U64, purpose: str) -> U64:
    """Return a hash of each value for one purpose; other purposes give unrelated hashes."""
    return mix(values + np.uint64(key("purpose", purpose)))


def combined(left: U64, right: U64 | I64 | int) -> U64:
    """Return a hash of pairs; `right` may be one number or an array of equal shape."""
    if isinstance(right, int):
        return mix(left ^ np.uint64((right * 0x9E3779B97F4A7C15 + 0x1F83D9AB) & _MASK))
    return mix(left ^ mix(right.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(0x1F83D9AB)))


def uniform(values: U64, purpose: str) -> F64:
    """Return numbers in [0, 1), one for each value, for one purpose."""
    return (salted(values, purpose) >> np.uint64(11)).astype(np.float64) * 2.0**-53


def normal(values: U64, purpose: str) -> F64:
    """Return standard normal numbers, one for each value (Box and Muller 1958)."""
    radius = np.sqrt(-2.0 * np.log1p(-uniform(values, purpose + ".r")))
    return radius * np.cos(2.0 * np.pi * uniform(values, purpose + ".a"))


def signed(values: U64) -> I64:
    """Return the same 64 bits as signed numbers, the landing form of every hash."""
    return values.view(np.int64)
