"""Memory of a command with all that it begins: a night's gates judge in a process of their own.

Belongs here: what /proc says of a tree of processes. Pages that two of them share count twice.
"""

import os
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

EVERY = 0.2
"""Seconds between two looks; what is held for less may be missed."""
_PAGE = os.sysconf("SC_PAGE_SIZE")


class Watch:
    """Looks at a process and its descendants until left; `megabytes` is the most that they held at once."""

    def __init__(self, pid: int) -> None:
        self.megabytes = 0.0
        self._pid = pid
        self._over = threading.Event()
        self._looking = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Self:
        self._looking.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._over.set()
        self._looking.join()

    def _look(self) -> None:
        while not self._over.wait(EVERY):
            self.megabytes = max(self.megabytes, resident(self._pid))


def resident(root: int) -> float:
    """Return the resident megabytes of a process and its descendants; 0 when it is gone."""
    parents, pages = {}, {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            # the name, in brackets, may hold anything; the parent is the second field after it
            parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            pages[int(folder.name)] = int((folder / "statm").read_text().split()[1])
        except OSError:
            # it ended between two reads
            continue
    tree, found = {root}, True
    while found:
        found = {pid for pid, parent in parents.items() if parent in tree and pid not in tree}
        tree |= found
    return sum(pages.get(pid, 0) for pid in tree) * _PAGE / 1e6
