"""docs/reference/bad_input.md: every fault, what comes of it and what the program says.

`python -m tests.bad_input.page` tries them all and writes the page; `--check` compares the page with the catalogue without
trying them, and `tests/integration/test_bad_input.py` tries each and compares its message with the page.
"""

import logging
import sys
import tempfile
from collections import Counter
from pathlib import Path

from .catalogue import FAULTS, Fault
from .trying import Trial, attempt, home_with_history, screening

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "bad_input.md"
HEAD = """# Bad input

Made by `make reliability` (`python -m tests.bad_input.page`), which spoils a small sound landing in one way at a time and
hands it to the source gate of a home with nine sound days behind it. Faults tried: {tried}. Let through unseen: {let_through}.

| outcome | faults | means |
|---|---|---|
| refused | {refused} | the run does not begin (exit code 2) |
| blocked | {blocked} | the gate stops the night (exit code 3), nothing is published |
| quarantined | {quarantined} | the night goes on; each row is kept aside with reason, file and row, and released when repaired |
| warned | {warned} | the night goes on; the warning stands in the manifest and on the gates' page |
| accepted | {accepted} | lawful, and nothing is lost: the contract says how it is read |

After each of them readers still have the last release, and every delivered row is accepted, a repeat or quarantined
(`tests/integration/test_bad_input.py`; whole nights in `tests/integration/test_bad_nights.py`). Messages name the first
expectation of the fault; a quarantine shows table, reason and rows.

| fault | table | outcome | message |
|---|---|---|---|
"""


def row_begins(fault: Fault) -> str:
    """Return a fault's row up to its message: what the catalogue alone says of it."""
    return f"| {fault.name} | {fault.table} | {fault.outcome} |"


def row(fault: Fault, trial: Trial) -> str:
    """Return a fault's row with what the program said."""
    message = " ".join(trial.message.split()).replace("|", "\\|").replace("<", "&lt;")
    return f"{row_begins(fault)} {message or 'none'} |"


def head() -> str:
    """Return the page above its table of faults."""
    counts = Counter(fault.outcome for fault in FAULTS)
    outcomes = {name: counts[name] for name in ("refused", "blocked", "quarantined", "warned", "accepted")}
    return HEAD.format(tried=len(FAULTS), let_through=0, **outcomes)


def main(arguments: list[str]) -> int:
    """Write the page, or with --check say how it differs from the catalogue and return 1."""
    if "--check" in arguments:
        text = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
        begun = [line for line in text.removeprefix(head()).splitlines() if line]
        same = text.startswith(head()) and len(begun) == len(FAULTS)
        if not same or not all(line.startswith(row_begins(fault)) for line, fault in zip(begun, FAULTS, strict=True)):
            print(f"{PAGE} differs from tests/bad_input/catalogue.py; run `make reliability`")
            return 1
        return 0
    logging.disable(logging.INFO)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        home, models = home_with_history(root), screening(root)
        rows: list[str] = []
        for number, fault in enumerate(FAULTS):
            trial = attempt(fault, home, models, root / f"landing-{number}")
            if trial.outcome != fault.outcome:
                print(f"{fault.name}: expected to be {fault.outcome}, was {trial.outcome}: {trial.message}")
                return 1
            rows.append(row(fault, trial))
    PAGE.write_text(head() + "\n".join(rows) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
