"""A form asks by tactic what the release knows, and a blind one tells nothing of score and selection."""

from pathlib import Path

import pytest

from orchestration.publishing.releases import current_release
from orchestration.reviewing.asking import ReviewError, forms
from orchestration.reviewing.form import Form, read_form, write_form

from .release import AUDITED, DRAWN, OUTSIDE, SCORED


def _by_lead(found: list[Form]) -> dict[str, Form]:
    return {form.lead_id: form for form in found}


def test_a_scored_lead_is_asked_by_the_tactics_that_speak_for_it(published: Path) -> None:
    form = _by_lead(forms(current_release(published)))[SCORED]
    assert {question.tactic_id for question in form.questions} == {"any", "templated_extraction"}
    assert {one.lookalike_id for one in form.lookalikes} == {"classroom", "colleagues"}
    assert form.context is not None and form.context.why == ("They share templates. (+2.50)",)
    assert form.framework_version == 1
    assert {clause.policy_clause_id: clause.clause_version for clause in form.clauses}["tou-3.2-model-training"] == 1
    assert "unauthorised_resale" in form.allowed.tactics and "any" not in form.allowed.tactics


@pytest.mark.parametrize("lead_id", [AUDITED, DRAWN])
def test_audit_leads_are_blind_and_cannot_be_told_from_each_other(published: Path, tmp_path: Path, lead_id: str) -> None:
    found = _by_lead(forms(current_release(published)))
    text = write_form(found[lead_id], tmp_path).read_text(encoding="utf-8")
    for word in ("context", "score", "priority", "selection", "stratum", "audit", "flagged", "share templates", "due_at"):
        assert word not in text, word
    subject = {"lead_id", "subject_type", "subject_id"}
    assert found[AUDITED].model_dump(exclude=subject) == found[DRAWN].model_dump(exclude=subject)
    assert len(found[lead_id].lookalikes) == 3


def test_with_blind_no_form_tells_how_its_lead_was_chosen(published: Path) -> None:
    asked = {
        form.model_dump_json(exclude={"lead_id", "subject_type", "subject_id"})
        for form in forms(current_release(published), blind=True)
    }
    assert len(asked) == 1


def test_leads_are_chosen_by_name_or_by_priority(published: Path) -> None:
    release = current_release(published)
    assert set(_by_lead(forms(release, limit=2))) == {SCORED, AUDITED}
    assert set(_by_lead(forms(release, only=[OUTSIDE]))) == {OUTSIDE}
    with pytest.raises(ReviewError, match=r"no lead lead_x in the queue of 2026-04-07-0123456789ab"):
        forms(release, only=["lead_x"])


def test_a_form_is_read_back_as_it_was_written(published: Path, tmp_path: Path) -> None:
    for form in forms(current_release(published)):
        path = write_form(form, tmp_path)
        assert read_form(path) == (form, [])
        assert path.read_bytes() == write_form(form, tmp_path).read_bytes()
