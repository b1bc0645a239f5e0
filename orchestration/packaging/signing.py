"""A person's Ed25519 signature over a package's list of sums.

Belongs here: keys, signing, checking. The signature is the 64 raw bytes that `openssl pkeyutl` reads. Signing says that somebody
stands for the package; nothing here says who holds a key.
"""

import hashlib
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from orchestration.key_files import write_secret
from orchestration.packaging.errors import PackageError
from orchestration.packaging.seal import SUMS

SIGNATURE = "signature.bin"
PUBLIC_KEY = "public_key.pem"


def write_new_key(path: Path) -> str:
    """Write a new private key, readable by its owner alone; return its fingerprint. PackageError when the file exists."""
    key = Ed25519PrivateKey.generate()
    write_secret(path, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()), PackageError)
    return fingerprint(key.public_key())


def sign(package: Path, key_file: Path) -> str:
    """Write signature.bin and public_key.pem beside the content; return the key's fingerprint."""
    key = _private_key(key_file)
    (package / SIGNATURE).write_bytes(key.sign((package / "content" / SUMS).read_bytes()))
    (package / PUBLIC_KEY).write_bytes(key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    return fingerprint(key.public_key())


def is_signed(package: Path) -> bool:
    """Return whether a signature stands beside the content."""
    return (package / SIGNATURE).exists()


def signature_faults(package: Path, trusted: Path | None = None) -> tuple[str | None, list[str]]:
    """Return the fingerprint of the signing key, and what does not hold.

    `trusted` is the public key one expects, from elsewhere; without it the key beside the package is taken at its word.
    """
    if not is_signed(package):
        missing = ["a key was expected but the package is an unsigned draft"] if trusted else []
        return None, missing
    try:
        key = public_key(package / PUBLIC_KEY)
    except PackageError as error:
        return None, [str(error)]
    faults: list[str] = []
    if trusted is not None and fingerprint(public_key(trusted)) != fingerprint(key):
        faults.append(f"the package is signed by key {fingerprint(key)}, not by the one in {trusted}")
    try:
        key.verify((package / SIGNATURE).read_bytes(), (package / "content" / SUMS).read_bytes())
    except InvalidSignature:
        faults.append(f"{SIGNATURE} is no signature of {SUMS} by key {fingerprint(key)}")
    except OSError as error:
        faults.append(f"the signature cannot be checked: {error}")
    return fingerprint(key), faults


def fingerprint(key: Ed25519PublicKey) -> str:
    """Return the SHA-256 of a public key's DER form, as hex; `openssl pkey -pubin -outform DER | sha256sum` prints it too."""
    return hashlib.sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()


def public_key(path: Path) -> Ed25519PublicKey:
    """Read an Ed25519 public key; PackageError when the file is none."""
    try:
        key = load_pem_public_key(path.read_bytes())
    except (OSError, ValueError, UnsupportedAlgorithm) as error:
        raise PackageError(f"{path} must be an Ed25519 public key in PEM form: {error}") from error
    if not isinstance(key, Ed25519PublicKey):
        raise PackageError(f"{path} must be an Ed25519 public key, but is another kind of key")
    return key


def _private_key(path: Path) -> Ed25519PrivateKey:
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise PackageError(
            f"{path} must be an Ed25519 private key in PEM form without a passphrase ({error}); "
            "`stillwatch new-key FILE` or `openssl genpkey -algorithm ed25519` makes one"
        ) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise PackageError(f"{path} must be an Ed25519 private key, but is another kind of key")
    return key
