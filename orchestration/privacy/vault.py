"""The vault: which provider id a published id stands for, sealed so that whoever fills it cannot read it.

Belongs here: sealing, opening and what is put in. Each file is one map of one epoch, encrypted with HPKE (RFC 9180: X25519,
HKDF-SHA256, ChaCha20-Poly1305) to a public key; only the private key, kept by somebody else than the key of ids, opens it.
"""

import io
from collections.abc import Iterable, Mapping
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from pydantic import BaseModel, ConfigDict

from orchestration.contract import IdKind, landing_contract
from orchestration.durable import write_durably
from orchestration.key_files import refuse_unsafe_place, refuse_unsafe_reading, write_secret
from orchestration.privacy.errors import PrivacyError
from orchestration.privacy.id_keys import IdKey, forbidden_places
from orchestration.settings import Home

VAULTED_KINDS: tuple[IdKind, ...] = ("account", "api_key", "contract", "charge", "credit", "payment_method", "staff")
"""Kinds that somebody may have to be told from a published id or a frozen row. Content and networks never are."""
PUBLIC_KEY = "public_key.pem"
_SUITE = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.CHACHA20_POLY1305)
_INFO = b"stillwatch vault 1"

Pairs = set[tuple[str, str]]
"""Kind and provider id."""


def new_vault_key(private: Path, vault: Path, home: Home) -> None:
    """Write a new private key to `private`, and its public key into the vault, which it opens; PrivacyError where one is."""
    refuse_unsafe_place(private, forbidden_places(home), PrivacyError)
    if (vault / PUBLIC_KEY).exists():
        raise PrivacyError(f"{vault} has a public key; a vault has one all its life, name another folder")
    key = X25519PrivateKey.generate()
    write_secret(private, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()), PrivacyError)
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    write_durably(vault / PUBLIC_KEY, public)


def landed_ids(landing: Path) -> Pairs:
    """Return every provider id of the vaulted kinds that lies in a landing folder."""
    found: Pairs = set()
    with duckdb.connect() as connection:
        for name, table in landing_contract().tables.items():
            pattern = landing / name / "arrived_on=*" / "*.parquet"
            if not any((landing / name).glob("arrived_on=*/*.parquet")):
                continue
            files = connection.read_parquet(str(pattern), union_by_name=True, hive_partitioning=False)
            for column in table.columns:
                if column.id_kind in VAULTED_KINDS and column.name in files.columns:
                    values = files.project(f"cast({column.name} as varchar)").distinct().fetchall()
                    found |= {(column.id_kind, value) for (value,) in values if value is not None}
    return found


def published_form(key: IdKey, kind: str, provider_id: str) -> str:
    """Return the id that staging makes of a provider's id."""
    return str(key.number(kind, int(provider_id))) if kind == "staff" else key.text(kind, provider_id)


def seal_ids(vault: Path, key: IdKey, ids: Pairs) -> Path:
    """Seal the map from published to provider ids of one epoch; equal ids have one file, which is written once."""
    rows = [(kind, published_form(key, kind, one), one) for kind, one in sorted(ids)]
    name = f"epoch-{key.epoch}-{key.text('vault', repr(rows))[:16]}.sealed"
    return _seal(vault, name, ["kind", "published_id", "provider_id"], rows)


def seal_rotation(vault: Path, old: IdKey, new: IdKey, ids: Pairs) -> Path:
    """Seal the map from the published ids of one epoch to those of the next."""
    rows = [(kind, published_form(old, kind, one), published_form(new, kind, one)) for kind, one in sorted(ids)]
    return _seal(vault, f"rotation-{old.epoch}-{new.epoch}.sealed", ["kind", "old_id", "new_id"], rows)


class Maps(BaseModel):
    """What an opened vault says: kind and provider id by published id, and the next epoch's id by an id."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    providers: dict[str, tuple[str, str]]
    rotations: dict[str, str]


def open_vault(vault: Path, private: Path, home: Home) -> Maps:
    """Open every map of a vault; PrivacyError when the key is none or another's, or a file was changed."""
    require_vault(vault)
    key = _private_key(private, home)
    sealed = {path: _opened(path, key) for path in sorted(vault.glob("*.sealed"))}
    return Maps(
        providers={
            row["published_id"]: (row["kind"], row["provider_id"])
            for path, rows in sealed.items()
            if path.name.startswith("epoch-")
            for row in rows
        },
        rotations={
            row["old_id"]: row["new_id"] for path, rows in sealed.items() if path.name.startswith("rotation-") for row in rows
        },
    )


def provider_ids(maps: Maps, published: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Return kind and provider id of each published id that the vault knows, of any epoch."""
    return {one: maps.providers[one] for one in published if one in maps.providers}


def newest_ids(maps: Maps, published: Iterable[str]) -> dict[str, str]:
    """Return the newest epoch's id of each id that was rotated."""
    found: dict[str, str] = {}
    for one in published:
        newest = one
        while newest in maps.rotations:
            newest = maps.rotations[newest]
        if newest != one:
            found[one] = newest
    return found


def require_vault(vault: Path) -> None:
    """Raise PrivacyError when the home has no vault."""
    if not (vault / PUBLIC_KEY).is_file():
        raise PrivacyError(f"{vault} must hold {PUBLIC_KEY} and does not; `stillwatch ids new-vault FILE` makes a vault")


def _seal(vault: Path, name: str, columns: list[str], rows: list[tuple[str, str, str]]) -> Path:
    path = vault / name
    if path.exists():
        return path
    require_vault(vault)
    public = load_pem_public_key((vault / PUBLIC_KEY).read_bytes())
    if not isinstance(public, X25519PublicKey):
        raise PrivacyError(f"{vault / PUBLIC_KEY} must be an X25519 public key, but is another kind of key")
    values = list(zip(*rows, strict=True)) or [(), (), ()]
    table = pa.table([pa.array(column, pa.string()) for column in values], names=columns)
    buffer = io.BytesIO()
    pq.write_table(table, buffer, compression="zstd")
    write_durably(path, _SUITE.encrypt(buffer.getvalue(), public, _INFO + b" " + name.encode()))
    return path


def _private_key(path: Path, home: Home) -> X25519PrivateKey:
    refuse_unsafe_place(path, forbidden_places(home), PrivacyError)
    refuse_unsafe_reading(path, PrivacyError)
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (ValueError, TypeError):
        key = None
    if not isinstance(key, X25519PrivateKey):
        raise PrivacyError(f"{path} must be the private key that `stillwatch ids new-vault` wrote, an X25519 key in PEM form")
    return key


def _opened(path: Path, key: X25519PrivateKey) -> list[Mapping[str, str]]:
    try:
        plain = _SUITE.decrypt(path.read_bytes(), key, _INFO + b" " + path.name.encode())
    except (InvalidTag, ValueError) as error:
        raise PrivacyError(
            f"{path} cannot be opened with this key: it is another vault's key, or the file was changed"
        ) from error
    return pq.read_table(io.BytesIO(plain)).to_pylist()
