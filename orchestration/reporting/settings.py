"""What the report's reader may tune: how little data is too little, and how much is drawn."""

from pydantic import BaseModel, ConfigDict, Field


class ReportSettings(BaseModel):
    """Limits of the page; counts are of actors, decisions, reviews, days or rows as the name says."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    window_days: int = Field(default=28, ge=7, le=365)
    """Days drawn before and after an action."""
    minimum_actor_count: int = Field(default=5, ge=2)
    """Fewer enforced actors than this and a mean over them is not drawn."""
    minimum_observed_days: int = Field(default=7, ge=1)
    """Days an actor must be observed on each side of its action to enter the before-after ratio."""
    minimum_decision_count: int = Field(default=5, ge=1)
    """Fewer decisions on a surface than this and their shares are not drawn."""
    minimum_review_count: int = Field(default=10, ge=1)
    """Fewer reviewed subjects than this and a signal's precision is not drawn."""
    signal_row_count: int = Field(default=25, ge=1)
    """Signals drawn in the precision chart; the table below it always has all."""
    traffic_day_count: int = Field(default=56, ge=7)
    """Newest activity days drawn in the traffic chart."""
    page_row_count: int = Field(default=25, ge=10)
    """Table rows shown at once; the others are one key press away."""
    lead_page_count: int = Field(default=200, ge=0)
    """Leads, by priority, that get a page of their own."""
    drawn_link_count: int = Field(default=300, ge=1)
    """Pairs of linked accounts on a lead's page, the heaviest first."""
    drawn_member_count: int = Field(default=30, ge=2)
    """Accounts in the drawing of a lead's links; its table has all."""
