"""The archive of a package's content: one tar file with the same bytes wherever it is made.

Belongs here: order, owner, mode and time of the entries, which are fixed. It is not compressed, since compressors differ.
"""

import tarfile
from pathlib import Path

ARCHIVE = "content.tar"


def write_archive(content: Path, target: Path) -> None:
    """Write `content` as a tar file in the USTAR format, entries by path, everything owned by 0 and dated 1970."""
    with tarfile.open(target, "w", format=tarfile.USTAR_FORMAT) as archive:
        for path in sorted(p for p in content.rglob("*") if p.is_file()):
            entry = tarfile.TarInfo(f"content/{path.relative_to(content).as_posix()}")
            entry.size, entry.mode, entry.mtime = path.stat().st_size, 0o644, 0
            with path.open("rb") as stream:
                archive.addfile(entry, stream)
