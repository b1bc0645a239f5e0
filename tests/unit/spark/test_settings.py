"""Where Spark is: numbers that are none are refused by name, and what dbt reads is what statements outside of it read."""

import re

import pytest

from orchestration.settings import PROJECT_ROOT
from orchestration.spark.settings import SparkSettings, SparkSettingsError

NAMES = {f"STILLWATCH_SPARK_{name}" for name in ("HOST", "PORT", "USER", "THREADS")}


@pytest.fixture(autouse=True)
def _unset(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)


def test_the_profile_has_the_same_variables_and_defaults() -> None:
    profile = (PROJECT_ROOT / "profiles.yml").read_text(encoding="utf-8")
    read = dict(re.findall(r"env_var\('(STILLWATCH_SPARK_\w+)', '(.*?)'\)", profile))
    # tests alone ask for a session in their own process
    del read["STILLWATCH_SPARK_METHOD"]
    assert read == SparkSettings().environment


@pytest.mark.parametrize(("name", "given"), [("PORT", "ten"), ("PORT", "70000"), ("THREADS", "0"), ("THREADS", "-2")])
def test_no_number_is_refused_by_the_name_of_its_setting(name: str, given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"STILLWATCH_SPARK_{name}", given)
    with pytest.raises(SparkSettingsError, match=f"^STILLWATCH_SPARK_{name} must be a whole number from 1 to .*given '{given}'$"):
        SparkSettings()


def test_an_empty_setting_is_one_that_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STILLWATCH_SPARK_PORT", "")
    assert SparkSettings().port == 10000
