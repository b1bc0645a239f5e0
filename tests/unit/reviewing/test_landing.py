"""Answers come back whole or not at all, and land as the contract says."""

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orchestration.contract import landing_contract
from orchestration.reviewing.asking import ReviewError
from orchestration.reviewing.form import read_form
from orchestration.reviewing.landing import Landed, land

from .release import AUDITED, DRAWN, OUTSIDE, RELEASE_ID, SCORED, fill, read, write

DAY = date(2026, 4, 8)


def _filled(exported: dict[str, Path], folder: Path, lead_id: str, verdict: str, **decision: Any) -> Path:
    folder.mkdir(exist_ok=True)
    return write(folder / f"{lead_id}.yml", fill(read(exported[lead_id]), verdict, **decision))


def _land(published: Path, root: Path, *files: Path, reviewer: int = 1, day: date = DAY) -> Landed:
    return land(files, reviewer, day, published=published, landing=root / "landing", kept=root / "reviews")


def _complaints(published: Path, root: Path, *files: Path) -> str:
    with pytest.raises(ReviewError) as refused:
        _land(published, root, *files)
    assert not (root / "landing").exists() and not (root / "reviews").exists(), "nothing may be left behind"
    return str(refused.value)


def test_forms_of_every_verdict_land_as_one_file_in_the_contracts_columns(
    published: Path, exported: dict[str, Path], tmp_path: Path
) -> None:
    files = [
        _filled(exported, tmp_path / "forms", SCORED, "violation"),
        _filled(exported, tmp_path / "forms", AUDITED, "benign"),
        _filled(exported, tmp_path / "forms", DRAWN, "insufficient"),
        _filled(exported, tmp_path / "forms", OUTSIDE, "violation", subject_type="account", subject_id="acct_4"),
    ]
    landed = _land(published, tmp_path, *files)
    table = pq.read_table(landed.path)
    assert landed.path.parent == tmp_path / "landing/review_decisions/arrived_on=2026-04-08"
    assert table.column_names == [column.name for column in landing_contract().tables["review_decisions"].columns]
    rows = {row["lead_id"]: row for row in table.to_pylist()}
    assert {lead: row["verdict"] for lead, row in rows.items()} == {
        SCORED: "violation", AUDITED: "benign", DRAWN: "insufficient", OUTSIDE: "violation",
    }  # fmt: skip
    scored = rows[SCORED]
    assert (scored["subject_type"], scored["subject_id"], scored["release_id"]) == ("actor", "actor_1", RELEASE_ID)
    assert (scored["policy_clause_id"], scored["role"], scored["confidence"]) == ("tou-3.2-model-training", "distiller", 0.9)
    assert scored["opened_at"].isoformat() == "2026-04-08T09:00:00"
    assert (rows[OUTSIDE]["subject_type"], rows[OUTSIDE]["subject_id"]) == ("account", "acct_4")
    assert rows[AUDITED]["lookalike_id"] == "classroom"
    kept = json.loads((tmp_path / "reviews" / f"{scored['rationale_ref']}.json").read_text(encoding="utf-8"))
    assert kept["lead_id"] == SCORED
    assert {one["because"] for one in kept["lookalikes"]} == {"Not seen."}


def test_an_import_done_again_changes_nothing_and_a_correction_is_the_same_review(
    published: Path, exported: dict[str, Path], tmp_path: Path
) -> None:
    path = _filled(exported, tmp_path / "forms", SCORED, "violation")
    first = _land(published, tmp_path, path)
    before = first.path.read_bytes()
    again = _land(published, tmp_path, path)
    assert (again, again.path.read_bytes()) == (first, before)
    corrected = _land(published, tmp_path, write(path, fill(read(path), "violation", confidence=0.5)))
    assert corrected.path != first.path
    assert corrected.reviews[0]["review_id"] == first.reviews[0]["review_id"]
    assert len(list((tmp_path / "reviews").iterdir())) == 2, "both answers are kept"


def test_another_persons_review_is_marked_as_second_and_the_first_stays_first(
    published: Path, exported: dict[str, Path], tmp_path: Path
) -> None:
    path = _filled(exported, tmp_path / "forms", SCORED, "violation")
    first = _land(published, tmp_path, path, reviewer=1).reviews[0]
    second = _land(published, tmp_path, path, reviewer=2).reviews[0]
    assert (first["is_second_review"], second["is_second_review"]) == (False, True)
    assert first["review_id"] != second["review_id"]
    corrected = write(path, fill(read(path), "violation", confidence=0.4))
    assert _land(published, tmp_path, corrected, reviewer=1).reviews[0]["is_second_review"] is False
    assert _land(published, tmp_path, corrected, reviewer=2).reviews[0]["is_second_review"] is True


def test_a_delivery_without_optional_columns_is_a_review_all_the_same(
    published: Path, exported: dict[str, Path], tmp_path: Path
) -> None:
    other = tmp_path / "landing/review_decisions/arrived_on=2026-04-07/part-0.parquet"
    other.parent.mkdir(parents=True)
    decided = {"review_id": ["r"], "lead_id": [SCORED], "reviewer_hash": [9], "decided_at": [datetime(2026, 4, 7)]}
    pq.write_table(pa.table(decided), other)
    path = _filled(exported, tmp_path / "forms", SCORED, "violation")
    assert _land(published, tmp_path, path).reviews[0]["is_second_review"] is True


def test_one_bad_form_keeps_all_of_them_out_and_every_fault_is_named(
    published: Path, exported: dict[str, Path], tmp_path: Path
) -> None:
    good = _filled(exported, tmp_path / "forms", AUDITED, "benign")
    form = fill(read(exported[SCORED]), "violation", role="benign", confidence=None)
    form["questions"][0]["answer"] = None
    form["lookalikes"][0]["ruled_out"] = False
    form["clauses"][[c["policy_clause_id"] for c in form["clauses"]].index("tou-3.2-model-training")]["elements"][1]["shown"] = (
        None
    )
    bad = write(tmp_path / "forms" / f"{SCORED}.yml", form)
    said = _complaints(published, tmp_path, good, bad)
    assert said.startswith("nothing was landed: 5 problems in 2 forms\n  lead_one.yml: clauses.")
    for words in (
        "decision.role: a violation needs one of distiller",
        "decision.confidence: a violation needs",
        "questions.0.answer: contract_covers: is not answered",
        "lookalikes.0.ruled_out: a violation rules classroom out",
        "shown: a violation of tou-3.2-model-training shows no_permission; given no answer",
    ):
        assert words in said


@pytest.mark.parametrize(
    ("lead_id", "verdict", "change", "complaint"),
    [
        (
            SCORED,
            "violation",
            {"policy_clause_id": "tou-9"},
            "decision.policy_clause_id: a violation needs one of contract-scope",
        ),
        (SCORED, "violation", {"tactic_id": "magic"}, "decision.tactic_id"),
        (SCORED, "violation", {"confidence": 1.5}, "decision.confidence: Input should be less than or equal to 1"),
        (SCORED, "violation", {"lookalike_id": "colleagues"}, "no innocent explanation holds in a violation"),
        (
            SCORED,
            "benign",
            {"verdict": "guilty"},
            "decision.verdict: must be one of violation, benign, insufficient; given 'guilty'",
        ),
        (SCORED, "benign", {"lookalike_id": None}, "benign names the look-alike that held, or gives a reason"),
        (SCORED, "benign", {"lookalike_id": "hackathon"}, "must be one of classroom, colleagues, or give a reason"),
        (SCORED, "benign", {"role": "distiller"}, "benign goes with authorised, benign or none"),
        (SCORED, "benign", {"tactic_id": "network"}, "decision.tactic_id: only a violation names it"),
        (SCORED, "insufficient", {"missing": None}, "insufficient says what was missing"),
        (SCORED, "insufficient", {"role": "benign"}, "decision.role: insufficient names none"),
        (SCORED, "benign", {"decided_at": "2026-04-08T08:00:00Z"}, "decided_at: is before opened_at"),
        (SCORED, "benign", {"decided_at": "2026-04-09T00:00:00Z"}, "is after the arrival day 2026-04-08"),
        (SCORED, "benign", {"opened_at": "2026-04-06T10:00:00Z"}, "is before the release's as-of date 2026-04-07"),
        (SCORED, "benign", {"opened_at": None}, "decision.opened_at: is required"),
        (
            SCORED,
            "benign",
            {"reason": "Wrote to ada@example.com about it."},
            "decision.reason: holds what looks like a mail address",
        ),
        (SCORED, "benign", {"reason": "Two\nlines"}, "decision.reason: String should match pattern"),
        (SCORED, "benign", {"subject_id": "acct_1", "subject_type": "account"}, "leave the subject empty"),
        (OUTSIDE, "violation", {}, "decision.subject_id: is required with subject_type"),
        (SCORED, "benign", {"mood": "good"}, "decision.mood: Extra inputs are not permitted"),
    ],
)
def test_a_verdict_needs_what_it_claims(
    published: Path, exported: dict[str, Path], tmp_path: Path, lead_id: str, verdict: str, change: dict[str, Any], complaint: str
) -> None:
    form = read(exported[lead_id])
    filled = fill(form, verdict, **change)
    assert complaint in _complaints(published, tmp_path, write(tmp_path / "form.yml", filled))


def test_a_reason_without_a_lookalike_is_enough_for_benign(published: Path, exported: dict[str, Path], tmp_path: Path) -> None:
    path = _filled(exported, tmp_path / "forms", SCORED, "benign", lookalike_id=None, reason="A customer's own evaluation.")
    assert _land(published, tmp_path, path).reviews[0]["verdict"] == "benign"


def test_a_form_that_was_changed_or_is_of_another_release_is_refused(
    published: Path, exported: dict[str, Path], tmp_path: Path
) -> None:
    form = fill(read(exported[SCORED]), "benign")
    fewer = form | {"questions": form["questions"][1:]}
    assert "questions: is not what the release asks" in _complaints(published, tmp_path, write(tmp_path / "a.yml", fewer))
    elsewhere = form | {"release_id": "2026-04-01-000000000000"}
    assert "release_id: no release 2026-04-01" in _complaints(published, tmp_path, write(tmp_path / "b.yml", elsewhere))
    unknown = form | {"lead_id": "lead_x"}
    assert "lead_id: lead_x is not in the queue" in _complaints(published, tmp_path, write(tmp_path / "c.yml", unknown))
    blinded = {key: value for key, value in form.items() if key != "context"}
    assert "questions: is not what" in _complaints(published, tmp_path, write(tmp_path / "d.yml", blinded))


def test_a_lead_answered_twice_and_a_key_said_twice_are_refused(
    published: Path, exported: dict[str, Path], tmp_path: Path
) -> None:
    path = _filled(exported, tmp_path / "forms", SCORED, "benign")
    twin = tmp_path / "twin.yml"
    twin.write_bytes(path.read_bytes())
    assert "twin.yml: lead_id: lead_one is answered in lead_one.yml too" in _complaints(published, tmp_path, path, twin)
    twin.write_text("lead_id: a\nlead_id: b\n", encoding="utf-8")
    assert "twin.yml: file: is neither YAML nor JSON: the key 'lead_id' stands twice" in _complaints(published, tmp_path, twin)


def test_a_form_in_json_is_read_too(published: Path, exported: dict[str, Path], tmp_path: Path) -> None:
    path = _filled(exported, tmp_path / "forms", SCORED, "violation")
    as_json = tmp_path / "form.json"
    as_json.write_text(json.dumps(read(path)), encoding="utf-8")
    assert _land(published, tmp_path, as_json).reviews[0]["verdict"] == "violation"


_WILD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12) | st.sampled_from(["yes", "no", "unknown"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_wild_answers_are_refused_with_words_or_land_within_the_contract(
    published: Path, exported: dict[str, Path], tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    root = tmp_path_factory.mktemp("wild")
    form = read(exported[SCORED])
    fill(form, data.draw(st.sampled_from(["violation", "benign", "insufficient"])))
    places = [(form["decision"], key) for key in form["decision"]]
    places += [(question, "answer") for question in form["questions"]]
    places += [(one, key) for one in form["lookalikes"] for key in ("ruled_out", "because")]
    places += [(form, key) for key in form]
    for holder, key in data.draw(st.lists(st.sampled_from(places), max_size=3)):
        holder[key] = data.draw(_WILD)
    path = root / "form.yml"
    path.write_text(yaml.dump(form, Dumper=yaml.CSafeDumper), encoding="utf-8")
    try:
        landed = _land(published, root, path)
    except ReviewError as refused:
        assert str(refused).startswith("nothing was landed: ")
        assert not (root / "landing").exists()
        return
    (row,) = pq.read_table(landed.path).to_pylist()
    for column in landing_contract().tables["review_decisions"].columns:
        value = row[column.name]
        assert value is not None or not column.required
        assert value is None or not column.vocabulary or value in column.vocabulary
    assert row["confidence"] is None or 0 <= row["confidence"] <= 1
    assert (row["verdict"] == "violation") == (row["policy_clause_id"] is not None)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_file_is_a_form_or_says_why_not(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "form.yml"
    path.write_bytes(content)
    form, found = read_form(path)
    assert form is None and found
