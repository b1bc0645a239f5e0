"""What is asked of a trial: its interval holds the truth as often as it says, over 500 simulated case tables.

The seed is not that of docs/estimators.md: what is claimed there is not what this was looked at with.
"""

from orchestration.proving.trial import Trial, prove

TABLES = 500
SEED = 5


def name_of(trial: Trial) -> str:
    """The name a test goes by."""
    return trial.name


def holds(trial: Trial) -> None:
    """Assert that the interval keeps its word, and that the trap is one: the shortcut does not."""
    proven = prove(trial, TABLES, SEED)
    assert proven.ours.shown >= 0.9 * TABLES
    assert proven.ours.reaches_nominal, f"held in {proven.ours.covered} of {proven.ours.shown}"
    if proven.shortcut is not None:
        assert not proven.shortcut.reaches_nominal, f"shortcut held in {proven.shortcut.covered} of {proven.shortcut.shown}"
