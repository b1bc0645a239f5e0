"""docs/reference/faults.md: every fault that was tried on a night, and what came of it.

`python -m tests.faults.page` tries them all, two at a time, and writes the page; exit code 1 where one lost something. `--check`
tries nothing: it asks of the page that no fault is missing and that each was survived.
"""

import sys
import tempfile
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from .bench import make_bench
from .trials import FAULTS, Fault, NotTriedError, Trial, kills

LEAST_KILLS = 30
HEAD_ROWS = 3
PAGE = Path(__file__).parents[2] / "docs" / "reference" / "faults.md"
HEAD = """# Faults

Made by `make reliability` (`python -m tests.faults.page`) on two nights of a simulated provider with 200 accounts. Each fault
is done to a real home: a kill is SIGKILL to the running command, the full disk a full file system. Then the operator does what
docs/method/faults.md says, and the release must be, byte for byte in every table, the one of a night that nothing befell.
Meanwhile a reader checks every file of the current release against its manifest, again and again.

| tried | survived | releases, tables or rows lost | failed or mixed reads |
|---|---|---|---|
| {tried} | {survived} | {lost} | {misread} |

| fault | the last line said | then | same release |
|---|---|---|---|
"""


def begins(fault: Fault) -> str:
    """Return a fault's row up to what came of it."""
    return f"| {fault.name} |"


def row(fault: Fault, trial: Trial) -> str:
    """Return a fault's row."""
    said = " ".join(trial.said.split()).replace("|", "\\|").replace("<", "&lt;")
    return f"{begins(fault)} {said} | {trial.then} | {'no: ' + '; '.join(trial.wrong) if trial.wrong else 'yes'} |"


def page(tried: Iterable[tuple[Fault, Trial]]) -> str:
    """Return the page of faults and what came of each."""
    tried = list(tried)
    wrong = [item for _, trial in tried for item in trial.wrong]
    counts = {
        "tried": len(tried),
        "survived": sum(not trial.wrong for _, trial in tried),
        "lost": sum(item.startswith("lost") for item in wrong),
        "misread": sum("reader" in item for item in wrong),
    }
    return HEAD.format(**counts) + "\n".join(row(fault, trial) for fault, trial in tried) + "\n"


def try_all() -> list[tuple[Fault, Trial]]:
    """Try every fault, two at a time; one that this machine cannot do is said on the error stream and left out."""
    with tempfile.TemporaryDirectory() as folder:
        bench = make_bench(Path(folder) / "bench")
        faults = (*FAULTS, *kills(bench))

        def attempt(fault: Fault) -> Trial | None:
            with tempfile.TemporaryDirectory(dir=folder) as own:
                try:
                    trial = fault.attempt(bench, Path(own))
                except NotTriedError as reason:
                    print(f"{fault.name}: not tried, {reason}", file=sys.stderr)
                    return None
            print(f"{fault.name}: {'; '.join(trial.wrong) or 'survived'}", flush=True)
            return trial

        with ThreadPoolExecutor(2) as pool:
            trials = list(pool.map(attempt, faults))
    return [(fault, trial) for fault, trial in zip(faults, trials, strict=True) if trial]


def differences(text: str) -> list[str]:
    """Return what the page lacks of the catalogue of faults, and the rows that did not come to the same release."""
    rows = [line for line in text.splitlines() if line.startswith("| ") and line.endswith(" |")][HEAD_ROWS:]
    missing = [fault.name for fault in FAULTS if not any(line.startswith(begins(fault)) for line in rows)]
    kill_count = sum(line.startswith("| kill -9 at point ") for line in rows)
    return [
        *(f"no row for {name}" for name in missing),
        *[f"{kill_count} kills, at least {LEAST_KILLS} are required"] * (kill_count < LEAST_KILLS),
        *(f"not survived: {line}" for line in rows if not line.endswith("| yes |")),
        *["its totals are not those of its rows"] * (f"| {len(rows)} | {len(rows)} | 0 | 0 |" not in text),
    ]


def main(arguments: list[str]) -> int:
    """Write the page, 1 where a fault lost something; or with --check say what it lacks, 1 where that is anything."""
    if "--check" in arguments:
        found = differences(PAGE.read_text(encoding="utf-8") if PAGE.exists() else "")
        for line in found:
            print(f"{PAGE.name}: {line}; run `python -m tests.faults.page`", file=sys.stderr)
        return int(bool(found))
    tried = try_all()
    PAGE.write_text(page(tried), encoding="utf-8")
    return int(any(trial.wrong for _, trial in tried))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
