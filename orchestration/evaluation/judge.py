"""Judging one world: its published release against its truth.

Belongs here: putting the figures together. Each is computed in a module of its own.
"""

from datetime import date
from pathlib import Path

import polars as pl

from orchestration.evaluation.accusing import judge_groups, judge_leads, judge_outsiders, judge_victims
from orchestration.evaluation.contracting import judge_contracts
from orchestration.evaluation.finding import judge_campaigns
from orchestration.evaluation.frames import Published, Truth, read_published, read_truth
from orchestration.evaluation.reaching import Reach
from orchestration.evaluation.reentering import judge_returned
from orchestration.evaluation.results import WorldResult
from orchestration.evaluation.weighing import judge_signals
from orchestration.evaluation.worlds import WorldPlan
from orchestration.linking.quality import LinkingQuality, Scope, linking_quality
from orchestration.publishing.manifest import read_manifest


def judge_world(plan: WorldPlan, release: Path, truth_folder: Path, reach: Reach, seconds: float) -> WorldResult:
    """Return all figures of a world; `reach` is what its signals reached, `seconds` how long it took to make."""
    published, truth = read_published(release, plan.reacts_after), read_truth(truth_folder)
    manifest = read_manifest(release)
    return WorldResult(
        plan=plan,
        code_revision=manifest.code_revision,
        ruleset_version=manifest.ruleset_version,
        seconds=seconds,
        last_as_of=manifest.as_of_date,
        campaigns=tuple(judge_campaigns(published, truth, plan.reacts_after)),
        leads=judge_leads(published, truth),
        leads_by_score=judge_leads(published, truth, ("score",)),
        groups=judge_groups(published, truth),
        outsiders=judge_outsiders(published, truth),
        victims=judge_victims(published, truth),
        linking=judge_linking(published, truth, plan.reacts_after, "all"),
        linking_linked=judge_linking(published, truth, plan.reacts_after, "linked"),
        returned=judge_returned(published, truth),
        signals=tuple(judge_signals(published, truth, reach)),
        contracts=judge_contracts(published, truth, manifest.as_of_date),
    )


def judge_linking(published: Published, truth: Truth, as_of: date, scope: Scope) -> LinkingQuality:
    """Return how well the actors of one date match the operators, over accounts with a request by then."""
    active = published.usage.filter(pl.col("activity_date") <= as_of).select("account_id").unique()
    members = published.members.filter(pl.col("as_of_date") == as_of).join(active, on="account_id", how="semi")
    return linking_quality(members, truth.accounts.join(active, on="account_id", how="semi"), scope)
