"""Families of templates: reworded templates under one number, by MinHash.

Belongs here: signatures, their file and the search. MinHash (Broder, 1997) estimates the Jaccard similarity of two sets of word
triples; locality-sensitive hashing finds the likely pairs (Indyk and Motwani, 1998). Both are datasketch's.
"""

import hmac
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from datasketch import MinHash, MinHashLSH

from orchestration.adapters.edge_key import EdgeKey
from orchestration.adapters.errors import AdapterError
from orchestration.durable import write_durably

PERMUTATIONS, SCHEME = 64, "affine32"
LEAST_SIMILARITY = 0.6
"""Jaccard similarity of word triples from which on two templates are one family; 64 permutations estimate it to about 0.06."""
SHINGLE = 3
_SCHEMA = pa.schema([("family", pa.int64()), ("signature", pa.list_(pa.uint64(), PERMUTATIONS))])


class Families:
    """The families met so far: of each the number of the template that began it, and its signature, which holds no text.

    A template joins the family that is most like it, else begins one, so families depend on the order in which templates were
    met and never change afterwards.
    """

    def __init__(self, key: EdgeKey, signatures: Mapping[int, np.ndarray] | None = None) -> None:
        self._key = key.secret
        self._index = MinHashLSH(threshold=LEAST_SIMILARITY, num_perm=PERMUTATIONS)
        self._members: dict[int, MinHash] = {}
        for family, signature in (signatures or {}).items():
            self._add(family, MinHash(PERMUTATIONS, hashfunc=self._keyed, hashvalues=signature, scheme=SCHEME))

    def family_of(self, template: str, number: int) -> int:
        """Return the family of a template whose own number is `number`; a new family has that number."""
        signature = self._signature(template)
        likely = [int(str(family)) for family in self._index.query(signature)]
        alike = [
            (similarity, -family)
            for family in likely
            if (similarity := signature.jaccard(self._members[family])) >= LEAST_SIMILARITY
        ]
        if alike:
            return -max(alike)[1]
        self._add(number, signature)
        return number

    def signatures(self) -> Mapping[int, np.ndarray]:
        """Return the signature of each family by its number."""
        return {family: np.asarray(member.hashvalues) for family, member in self._members.items()}

    def _add(self, family: int, signature: MinHash) -> None:
        if family not in self._members:
            self._members[family] = signature
            self._index.insert(family, signature)

    def _signature(self, template: str) -> MinHash:
        signature = MinHash(PERMUTATIONS, hashfunc=self._keyed, scheme=SCHEME)
        signature.update_batch([shingle.encode() for shingle in _shingles(template)])
        return signature

    def _keyed(self, shingle: bytes) -> int:
        """Return 32 bits of a keyed digest: without the key a signature tells nothing of the words."""
        return int.from_bytes(hmac.digest(self._key, b"shingle\x1f" + shingle, "sha256")[:4], "big")


def read_families(path: Path, key: EdgeKey) -> Families:
    """Return the families kept in a file, none where it does not exist; AdapterError when it is none of ours."""
    if not path.exists():
        return Families(key)
    try:
        table = pq.read_table(path, schema=_SCHEMA)
    except (OSError, pa.ArrowInvalid, ValueError) as error:
        raise AdapterError(
            f"{path} must be the families kept by an earlier run and cannot be read: restore it, or name a new file"
        ) from error
    rows = zip(table["family"].to_pylist(), table["signature"].to_pylist(), strict=True)
    return Families(key, {family: np.array(signature, dtype=np.uint64) for family, signature in rows})


def write_families(path: Path, families: Families) -> None:
    """Keep the families, in one step."""
    kept = families.signatures()
    columns = [
        pa.array(list(kept), pa.int64()),
        pa.array([list(each) for each in kept.values()], _SCHEMA.field("signature").type),
    ]
    whole = pa.BufferOutputStream()
    pq.write_table(pa.table(columns, schema=_SCHEMA), whole)
    write_durably(path, whole.getvalue().to_pybytes())


def _shingles(template: str) -> Iterable[str]:
    words = template.split()
    return {" ".join(words[n : n + SHINGLE]) for n in range(max(1, len(words) - SHINGLE + 1))}
