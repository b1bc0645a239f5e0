"""What the pages of a release cost to make: `python -m tests.benchmarks.report_cost RELEASE`.

Prints seconds of processor and of the clock, and the process's greatest resident memory, before and after.
"""

import resource
import sys
import tempfile
import time
from pathlib import Path

from orchestration.reporting import write_site


def memory_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main(release: Path) -> None:
    before, processor, clock = memory_mb(), time.process_time(), time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        pages = write_site(release.resolve(), Path(folder))
        drawing_count = sum(page.read_text(encoding="utf-8").count("<svg ") for page in pages)
    print(
        f"{len(pages)} pages with {drawing_count} drawings: {time.process_time() - processor:.1f} s of processor, "
        f"{time.perf_counter() - clock:.1f} s of the clock; {before} MB of memory before, {memory_mb()} MB at most"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
