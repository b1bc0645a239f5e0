"""What a failed selection of dbt's says."""

from orchestration.warehouse.transform import why_nodes_failed

LOST = "Database Error\n    failed to connect: Could not connect"


def test_what_many_nodes_failed_of_is_said_once() -> None:
    said = why_nodes_failed(
        {
            "accounts": f"Runtime Error in model accounts (models/marts/accounts/accounts.sql)\n  {LOST}",
            "scores": "Database Error in model scores (models/marts/scores.sql)\n  no such column",
            "grain_accounts": f"Runtime Error in test grain_accounts (models/marts/accounts/accounts.yml)\n  {LOST}",
        }
    )
    assert said == (
        f"accounts, grain_accounts: {LOST}\nscores: Database Error in model scores (models/marts/scores.sql)\n  no such column"
    )


def test_a_message_of_one_line_stands_as_it_is() -> None:
    assert why_nodes_failed({"scores": "TSocket read 0 bytes"}) == "scores: TSocket read 0 bytes"
