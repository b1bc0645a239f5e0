"""Files that outlive a crash: on disk before anybody is told of them.

Belongs here: syncing, appending to a log, and writing a file whole or not at all.
"""

import os
from pathlib import Path


def sync(path: Path) -> None:
    """Have the system write a file or folder to disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def append_durably(path: Path, line: bytes) -> None:
    """Append a line to a log and have it on disk; the folder is made when missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as stream:
        stream.write(line)
        stream.flush()
        os.fsync(stream.fileno())


def write_durably(path: Path, content: bytes) -> None:
    """Write a file beside its place, sync it, move it there in one rename and sync that; the folder is made when missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.part")
    beside.write_bytes(content)
    sync(beside)
    beside.replace(path)
    sync(path.parent)
