"""The exculpatory questions and their answers: nothing is built while one is open."""

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from orchestration.packaging.answers import read_answers, template
from orchestration.packaging.building import build
from orchestration.packaging.choosing import choose
from orchestration.packaging.errors import AnswersError
from orchestration.packaging.facts import Facts
from orchestration.packaging.questions import questions_of

from .conftest import answered, changed
from .releases import CASE, RECORD, Rows, review, write_home

EXPECTED = {
    "ordinary_use",
    "lookalike/classroom",
    "lookalike/privacy_vpn",
    "mitigating/sig_kind",
    "coverage",
    "contract/acct_c",
    "membership",
    "network",
}


def test_every_point_in_favour_is_asked(facts_after: Callable[..., Facts]) -> None:
    assert {q.question_id for q in questions_of(facts_after())} == EXPECTED


def test_colleagues_are_asked_about_where_an_organisation_is_shared(facts_after: Callable[..., Facts]) -> None:
    facts = facts_after(
        lambda evidence, _: evidence["account_links"].append(evidence["account_links"][0] | {"link_kind": "organization"})
    )
    assert "lookalike/colleagues" in {q.question_id for q in questions_of(facts)}


def test_dissent_is_asked_about(facts_after: Callable[..., Facts]) -> None:
    def dissenting(_: Rows, record: Rows) -> None:
        record["reviews"].append(review(review_id="rev_2", verdict="benign", is_second_review=True, lookalike_id="classroom"))
        assessed = {"case_id": CASE, "assessor_role": "legal", "rubric_line": "exclusions", "grade": 1}
        record["assessments"] = [
            {"assessment_id": "asm_1", "dissent": True, **assessed},
            {"assessment_id": "asm_2", "dissent": False, **assessed},
        ]
        record["appeals"] = [{"appeal_id": f"apl_{n}", "case_id": CASE, "outcome": o} for n, o in ((1, "overturned"), (2, None))]

    asked = {q.question_id for q in questions_of(facts_after(dissenting))}
    assert asked - EXPECTED == {"dissent/rev_2", "dissent/asm_1", "dissent/apl_1"}


def test_the_template_holds_every_question_and_answers_none(facts_after: Callable[..., Facts], tmp_path: Path) -> None:
    facts = facts_after()
    questions = questions_of(facts)
    file = tmp_path / "template.yml"
    file.write_text(template(facts.identity, questions), encoding="utf-8")
    assert set(yaml.safe_load(file.read_text(encoding="utf-8"))["answers"]) == EXPECTED
    with pytest.raises(AnswersError) as error:
        read_answers(file, facts.identity, questions)
    assert all(f"{question.question_id}: {question.question}" in str(error.value) for question in questions)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"answer": "   "}, "network: Part of the evidence"),
        ({"finding": None}, "network: Part of the evidence"),
        ({"answer": "no"}, "network: the answer must say why"),
        ({"finding": "guilty"}, "answers.network.finding"),
        ({"verdict": "x"}, "answers.network.verdict"),
    ],
)
def test_one_open_question_stops_the_build(tmp_path: Path, change: dict[str, object], says: str) -> None:
    chosen = choose(write_home(tmp_path / "home", *changed(None)), CASE)
    packages = tmp_path / "packages"
    file = answered(chosen, packages, tmp_path / "answers.yml")
    given = yaml.safe_load(file.read_text(encoding="utf-8"))
    given["answers"]["network"] |= change
    file.write_text(yaml.safe_dump(given), encoding="utf-8")
    with pytest.raises(AnswersError, match=says):
        build(chosen, packages, file, "a colleague")
    assert list(packages.iterdir()) == []


def test_answers_to_another_package_are_refused(tmp_path: Path) -> None:
    published = write_home(tmp_path / "home", *changed(None))
    file = answered(choose(published, CASE), tmp_path / "packages", tmp_path / "answers.yml", evidence_release=RECORD)
    with pytest.raises(AnswersError, match="the questions may differ"):
        build(choose(published, CASE), tmp_path / "packages", file, "a colleague")


def test_an_answer_to_no_question_is_refused(tmp_path: Path) -> None:
    chosen = choose(write_home(tmp_path / "home", *changed(None)), CASE)
    file = answered(chosen, tmp_path / "packages", tmp_path / "answers.yml")
    file.write_text(file.read_text(encoding="utf-8").replace("  network:", "  something/else:"), encoding="utf-8")
    with pytest.raises(AnswersError, match=r"something/else: no such question(.|\n)*network: Part of"):
        build(chosen, tmp_path / "packages", file, "a colleague")
