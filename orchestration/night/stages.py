"""The four stages of dbt models, cut where a Python step writes a source in between."""

from pydantic import BaseModel, ConfigDict

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
