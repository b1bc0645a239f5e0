"""What is generated from the contract is complete and current."""

from pathlib import Path

from orchestration.contract import landing_contract
from orchestration.contract.generate import generated_files

ROOT = Path(__file__).parents[3]


def test_generated_files_are_current() -> None:
    stale = [str(path) for path, text in generated_files(ROOT).items() if path.read_text(encoding="utf-8") != text]
    assert stale == []


def test_every_required_column_and_vocabulary_is_screened() -> None:
    files = generated_files(ROOT)
    for name, table in landing_contract().tables.items():
        sql = files[ROOT / "models/staging/provider" / f"stg_provider__{name}.sql"]
        for column in table.columns:
            assert (f"'missing:{column.name}'" in sql) == column.required
            assert (f"'vocabulary:{column.name}'" in sql) == bool(column.vocabulary)


def test_the_key_leads_its_table() -> None:
    for table in landing_contract().tables.values():
        assert table.columns[0].name == table.key
        assert table.columns[0].required
