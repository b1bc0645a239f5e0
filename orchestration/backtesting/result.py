"""What a backtest found: the shapes it is printed and written from."""

from datetime import date

from pydantic import BaseModel, ConfigDict

from orchestration.backtesting.challenger import Change


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Interval(_Frozen):
    """A number with its 95 % interval; the bounds are None where too few verdicts stand behind it."""

    value: float | None
    lower: float | None = None
    upper: float | None = None


class LeadChange(_Frozen):
    """One subject that only one of the rule sets puts into the queue, or whose place differs."""

    subject_type: str
    subject_id: str
    first_queued_on: date
    champion_priority: int | None
    challenger_priority: int | None
    champion_log_odds: float | None
    challenger_log_odds: float | None
    verdict: str | None


class Leads(_Frozen):
    """Subjects queued for their score, over the range: best place and highest log-odds of each."""

    champion: int
    challenger: int
    gained: tuple[LeadChange, ...]
    lost: tuple[LeadChange, ...]
    moved: tuple[LeadChange, ...]
    """Queued by both, the greatest change of best priority first."""
    median_place_change: float | None
    """Median absolute change of best priority among those queued by both."""


class Precision(_Frozen):
    """Share of violations among queued subjects with a verdict, each weighted by the subjects it stands for."""

    champion: Interval
    challenger: Interval
    difference: Interval
    """Challenger minus champion, paired bootstrap over leads."""
    champion_decided: int
    challenger_decided: int
    champion_undecided: int
    challenger_undecided: int
    """Queued subjects without a verdict: nothing is claimed about them."""


class LookalikeRate(_Frozen):
    """False positives of one benign explanation: how many of its benign subjects a rule set flags."""

    lookalike_id: str
    benign: int
    champion_flagged: int
    challenger_flagged: int
    difference: Interval
    """Challenger minus champion in the weighted share flagged, paired bootstrap over leads."""


class Stability(_Frozen):
    """How far scores move: between the rule sets, and from the first night to the last."""

    subject_type: str
    champion_to_challenger: float | None
    """Population stability index of log-odds over all nights."""
    champion_first_to_last: float | None
    challenger_first_to_last: float | None
    is_large: bool


class ShadowSignal(_Frozen):
    """What a shadow signal would add if it were active, under the challenger."""

    signal_id: str
    subjects: int
    mean_contribution: float | None
    greatest_contribution: float | None
    mean_resale_contribution: float | None
    greatest_resale_contribution: float | None
    newly_flagged: int
    """Subjects that would reach the queue's flagging score on a night on which they do not."""


class Reproduction(_Frozen):
    """Rows of the champion computed again and found equal to what was published."""

    score_rows: int
    queue_rows: int


class Backtest(_Frozen):
    """All that a backtest found."""

    champion_version: str
    challenger_version: str
    challenger: str
    as_of_from: date
    as_of_to: date
    changes: tuple[Change, ...]
    reproduced: Reproduction
    leads: Leads
    precision: Precision
    lookalikes: tuple[LookalikeRate, ...]
    stability: tuple[Stability, ...]
    champion_kept_share: float | None
    challenger_kept_share: float | None
    """Mean share of a night's leads by score that are leads by score on the next."""
    shadow: tuple[ShadowSignal, ...]
