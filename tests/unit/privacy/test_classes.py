"""A column's class comes from its name and is written into the YAML without touching anything else."""

import pytest
import yaml

from orchestration.contract import landing_contract
from orchestration.privacy.classes import class_of, data_classes, with_classes
from orchestration.privacy.errors import PrivacyError

MODEL = """version: 2

models:
  - name: things
    description: One row per thing.
    data_tests: [{grain: {columns: [account_id]}}]
    columns:
      - name: account_id
        description: Account.
        data_tests:
          - accepted_values:
              name: names_are_not_columns
              values: [a]
      - name: request_count
        description: Requests.

    # a comment that stays
    unit_tests: []
unit_tests:
  - name: things_fire
    given: []
"""


def test_classes_are_written_and_all_else_stays() -> None:
    written = with_classes(MODEL)
    assert with_classes(written) == written
    assert "\n".join(line for line in written.split("\n") if "{meta: {class" not in line) == MODEL
    columns = yaml.safe_load(written)["models"][0]["columns"]
    assert [column["config"]["meta"]["class"] for column in columns] == ["pseudonym", "measure"]


def test_a_changed_class_takes_the_place_of_the_old_one() -> None:
    stale = with_classes(MODEL).replace("class: pseudonym", "class: measure")
    assert with_classes(stale) == with_classes(MODEL)


def test_a_column_that_no_pattern_names_is_an_error() -> None:
    with pytest.raises(PrivacyError, match=r"column favourite_colour needs a class"):
        class_of("favourite_colour")


def test_every_id_the_provider_mints_has_a_class_of_ids() -> None:
    for table in landing_contract().tables.values():
        for column in table.columns:
            if column.id_kind:
                assert class_of(column.name) in {"re_identifiable", "pseudonym", "staff"}, column.name


def test_only_hashes_of_people_things_and_content_are_kept_from_releases() -> None:
    assert [name for name, found in data_classes().items() if not found.published] == ["re_identifiable"]
    for name in ("email_hash", "ip_hash", "prompt_hash", "end_user_id", "payment_method_fingerprint", "device_hash"):
        assert class_of(name) == "re_identifiable"
