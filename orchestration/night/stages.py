"""The four stages of dbt models, cut where a Python step writes a source in between, and what each such step reads and writes."""

from pydantic import BaseModel, ConfigDict

from orchestration.measurement.facts import FACTS

_AFTER_ACTORS = "source:computed.actor_members+ source:computed.actor_events+"
_AFTER_QUEUE = "source:computed.review_queue+"
_AFTER_METRICS = "source:computed.metric_values+ source:computed.signal_weights+ source:computed.signal_groups+"


class Stage(BaseModel):
    """One dbt selection: its name, its node selection and what it says of itself while it runs."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    says: str
    select: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()


STAGES = (
    Stage(
        name="features_and_links",
        says="staging, features and links",
        exclude=(*_AFTER_ACTORS.split(), _AFTER_QUEUE, *_AFTER_METRICS.split()),
    ),
    Stage(
        name="signals_and_scores",
        says="actor features, signals and scores",
        select=tuple(_AFTER_ACTORS.split()),
        exclude=(_AFTER_QUEUE, *_AFTER_METRICS.split()),
    ),
    Stage(
        name="enforcement",
        says="queue, cases and enforcement facts",
        select=(_AFTER_QUEUE,),
        exclude=tuple(_AFTER_METRICS.split()),
    ),
    Stage(name="metrics", says="enforcement metrics and recommendations", select=tuple(_AFTER_METRICS.split())),
)


class ComputedStep(BaseModel):
    """A Python step between the stages: the models it reads, and the tables of the schema `computed` that it reads and writes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    reads: tuple[str, ...]
    writes: tuple[str, ...]
    reads_computed: tuple[str, ...] = ()


ACTORS = ComputedStep(
    name="actors",
    reads=("account_links", "int_accounts__assign_keys", "int_accounts__as_of"),
    writes=("actor_members", "actor_events"),
)
QUEUE = ComputedStep(
    name="review_queue",
    reads=("int_review__subjects", "int_review_decisions__keep_states", "int_review__external_subjects"),
    reads_computed=("actor_members",),
    writes=("review_queue",),
)
MEASUREMENT = ComputedStep(name="measurement", reads=tuple(FACTS), writes=("metric_values",))
RECOMMENDING = ComputedStep(
    name="recommending",
    reads=(
        "review_queue",
        "reviews",
        "int_measurement__lead_evidence",
        "int_measurement__signal_verdicts",
        "int_measurement__leads",
        "int_scores__rule_set",
        "signal_registry",
    ),
    writes=("signal_weights", "signal_groups"),
)
COMPUTED = (ACTORS, QUEUE, MEASUREMENT, RECOMMENDING)
COMPUTED_FROM: dict[str, tuple[str, ...]] = {
    table: (*step.reads, *(f"computed.{read}" for read in step.reads_computed)) for step in COMPUTED for table in step.writes
}
"""What each computed table is made from: names of models, and of computed tables with `computed.` before them."""
