"""The source gate: each kind of finding fires on one broken fact and stays quiet without it."""

import random
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest

from expectations.profiles import DayProfile
from expectations.report import Finding, GateReport
from expectations.runner import GateSettings, History, validate_sources

from .landing import DAY, core, delivered, delivery, first_rows, frame, land


def gate(files: Mapping[str, Sequence[Path]], trailing: Sequence[int] = (), **changed: object) -> GateReport:
    days = [
        DayProfile(table="usage_requests", arrived_on=DAY - timedelta(days=len(trailing) - place), row_count=rows)
        for place, rows in enumerate(trailing)
    ]
    return validate_sources(delivered(files), GateSettings.model_validate(changed), History(profiles=tuple(days)))


def late_id(data: pl.DataFrame) -> pl.Series:
    return (data["request_id"] + "_late").alias("request_id")


def failed(report: GateReport, table: str, words: str) -> Finding:
    found = [item for item in report.failures if item.table == table and words in item.expectation]
    assert len(found) == 1, report.message()
    return found[0]


@pytest.mark.slow
def test_a_sound_delivery_of_all_tables_has_no_failure(tmp_path: Path) -> None:
    report = gate(delivery(tmp_path), trailing=[200] * 7)
    assert report.success, report.message()
    assert report.failures == ()
    assert {finding.table for finding in report.findings} >= {"usage_requests", "model_releases", "attributions"}
    assert report.message().startswith("The sources gate for 2026-03-01 passed")


def test_the_report_does_not_depend_on_the_order_of_files_or_rows(tmp_path: Path) -> None:
    data = first_rows(30, "surface", "kiosk")(frame("usage_requests", 200))
    one = core(tmp_path / "one", usage=lambda _: data.head(100))
    one["usage_requests"].append(land(tmp_path / "one", "usage_requests", data.tail(100), part=1))
    shuffled = data.sample(fraction=1.0, shuffle=True, seed=3)
    two = core(tmp_path / "two", usage=lambda _: shuffled.head(100))
    two["usage_requests"].append(land(tmp_path / "two", "usage_requests", shuffled.tail(100), part=1))
    random.Random(1).shuffle(two["usage_requests"])
    assert not gate(one).success
    assert gate(one).to_json() == gate(two).to_json()


def test_a_table_the_contract_does_not_know_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="given prompts: correct the names"):
        gate({"prompts": [tmp_path / "x.parquet"]})


class TestDelivery:
    def test_a_required_table_without_the_days_partition_blocks(self, tmp_path: Path) -> None:
        files = core(tmp_path)
        files["accounts"] = []
        finding = failed(gate(files), "accounts", "partition arrived_on=2026-03-01")
        assert finding.severity == "block"
        assert "Ask the provider for accounts/arrived_on=2026-03-01" in finding.message

    def test_a_late_optional_table_warns_and_an_absent_one_is_quiet(self, tmp_path: Path) -> None:
        files = core(tmp_path)
        assert gate(files).failures == ()
        report = gate({**files, "api_keys": []})
        assert report.success
        assert failed(report, "api_keys", "partition").severity == "warn"

    @pytest.mark.parametrize("damage", ["truncated", "foreign", "missing", "empty"])
    def test_an_unreadable_file_blocks_and_is_named(self, tmp_path: Path, damage: str) -> None:
        files = core(tmp_path)
        path = files["usage_requests"][0].with_name("part-9.parquet")
        whole = files["usage_requests"][0].read_bytes()
        if damage != "missing":
            path.write_bytes({"truncated": whole[: len(whole) // 2], "foreign": b"a,b\n1,2\n" * 40, "empty": b""}[damage])
        files["usage_requests"].append(path)
        finding = failed(gate(files), "usage_requests", "readable Parquet")
        assert (finding.unexpected_count, finding.element_count) == (1, 2)
        assert finding.examples[0].startswith("arrived_on=2026-03-01/part-9.parquet (")
        assert str(tmp_path) not in finding.message

    def test_a_file_with_a_sound_footer_and_broken_pages_blocks(self, tmp_path: Path) -> None:
        files = core(tmp_path)
        path = files["usage_requests"][0]
        whole = bytearray(path.read_bytes())
        whole[200 : len(whole) // 2] = bytes(len(whole) // 2 - 200)
        path.write_bytes(bytes(whole))
        report = gate(files)
        assert not report.success
        assert "part-0.parquet" in failed(report, "usage_requests", "read to its end").message

    def test_a_value_that_cannot_be_read_is_not_shown(self, tmp_path: Path) -> None:
        files = core(tmp_path, usage=lambda data: data.with_columns(topic=pl.lit("a prompt of")))
        path = files["usage_requests"][0]
        pl.read_parquet(path).write_parquet(path, compression="uncompressed", statistics=False)
        path.write_bytes(path.read_bytes().replace(b"a prompt of", b"a prompt \xff\xff"))
        report = gate(files)
        assert "read to its end" in report.message()
        assert "a prompt" not in report.to_json()

    def test_an_extract_in_which_nothing_changed_is_no_repeat_but_one_delivered_twice_is(self, tmp_path: Path) -> None:
        files = core(tmp_path)
        tomorrow = DAY + timedelta(days=1)
        files["accounts"].append(land(tmp_path, "accounts", pl.read_parquet(files["accounts"][0]), tomorrow))
        assert gate(files).failures == ()
        files["accounts"].append(land(tmp_path, "accounts", pl.read_parquet(files["accounts"][0]), part=1))
        finding = failed(gate(files), "accounts", "a second time")
        assert finding.examples == (
            "accounts/arrived_on=2026-03-01/part-1.parquet is accounts/arrived_on=2026-03-01/part-0.parquet again",
        )


class TestEmptyNights:
    def test_files_without_rows_are_a_fact(self, tmp_path: Path) -> None:
        report = gate(core(tmp_path, usage=lambda data: data.clear(), accounts=lambda data: data.clear()))
        assert report.success
        assert report.failures == ()

    def test_unless_the_history_says_otherwise(self, tmp_path: Path) -> None:
        files = core(tmp_path, usage=lambda data: data.clear())
        assert gate(files, trailing=[0] * 9).success
        assert failed(gate(files, trailing=[200] * 9), "usage_requests", "number of rows").observed == 0


class TestSchema:
    def test_a_missing_required_column_blocks(self, tmp_path: Path) -> None:
        report = gate(core(tmp_path, usage=lambda data: data.drop("request_model", "asn")))
        finding = failed(report, "usage_requests", "every required column")
        assert finding.examples == ("no request_model in arrived_on=2026-03-01/part-0.parquet",)

    def test_a_missing_optional_column_is_quiet(self, tmp_path: Path) -> None:
        assert gate(core(tmp_path, usage=lambda data: data.drop("asn", "location_cell"))).failures == ()

    def test_a_wrong_type_blocks_and_a_narrower_or_all_null_one_is_quiet(self, tmp_path: Path) -> None:
        wrong = core(tmp_path / "a", usage=lambda data: data.with_columns(pl.col("input_tokens").cast(pl.String)))
        finding = failed(gate(wrong), "usage_requests", "contract's type")
        assert "input_tokens is VARCHAR instead of BIGINT" in finding.message
        lawful = core(
            tmp_path / "b",
            usage=lambda data: data.with_columns(
                pl.col("input_tokens").cast(pl.Int16),
                asn=pl.lit(None),
                requested_at=pl.col("requested_at").cast(pl.Datetime("ns")),
            ),
        )
        assert gate(lawful).failures == ()

    def test_an_unsigned_hash_that_does_not_fit_is_a_fault_of_its_row(self, tmp_path: Path) -> None:
        def unsigned(rows: int) -> dict[str, list[Path]]:
            return core(
                tmp_path / str(rows),
                usage=lambda data: first_rows(rows, "prompt_hash", 2**64 - 5)(
                    data.with_columns(pl.col("prompt_hash").cast(pl.UInt64))
                ),
            )

        assert gate(unsigned(2)).failures == ()
        assert failed(gate(unsigned(60)), "usage_requests", "prompt_hash fits BIGINT").unexpected_count == 60

    def test_an_unknown_column_warns_or_blocks_as_set(self, tmp_path: Path) -> None:
        files = core(tmp_path, usage=lambda data: data.with_columns(campaign_label=pl.lit("a")))
        report = gate(files)
        assert report.success
        assert failed(report, "usage_requests", "outside the contract").severity == "warn"
        assert not gate(files, unknown_columns="block").success

    def test_columns_named_like_personal_data_block(self, tmp_path: Path) -> None:
        names = ["prompt", "response_text", "userEmail", "client_ip", "full_name", "phone_number", "system_instruction"]
        files = core(tmp_path, usage=lambda data: data.with_columns(pl.lit(1).alias(name) for name in names))
        finding = failed(gate(files), "usage_requests", "named like personal data")
        assert (finding.severity, finding.unexpected_count) == ("block", len(names))
        assert "client_ip (raw network address) in arrived_on=2026-03-01/part-0.parquet" in finding.examples


class TestPersonalValues:
    def test_values_block_and_are_never_shown(self, tmp_path: Path) -> None:
        values = [
            ("end_user_id", "jane.doe@example.org", "a mail address"),
            ("topic", "203.0.113.77", "a raw network address"),
            ("end_user_id", "2001:db8::8a2e:370:7334", "a raw network address"),
            ("request_model", "+44 20 7946 0958", "a phone number"),
            ("account_id", "Jane Doe", "a person's name"),
            ("operation_name", "Please write me a short story about a fox", "prompt text"),
            ("finish_reason", "stop\nHuman: go on", "prompt text"),
            ("topic", "请把下面这段文字翻译成英文并且保持原意", "prompt text"),
        ]

        def put(data: pl.DataFrame) -> pl.DataFrame:
            for row, (column, value, _) in enumerate(values):
                cells = data[column].to_list()
                cells[row] = value
                data = data.with_columns(pl.Series(column, cells, dtype=pl.String))
            return data

        report = gate(core(tmp_path, usage=put))
        found = [item for item in report.failures if "looks personal" in item.expectation]
        assert sum(item.unexpected_count for item in found) == len(values)
        for column, value, kind in values:
            assert any(f"{column} holds {kind}" in item.message for item in found), (column, kind)
            assert value not in report.message()
            assert value not in report.to_json()

    def test_a_text_in_a_column_outside_the_contract_blocks_too(self, tmp_path: Path) -> None:
        files = core(tmp_path, usage=lambda data: data.with_columns(label=pl.lit("jane@example.org")))
        assert failed(gate(files), "usage_requests", "looks personal").unexpected_count == 200

    def test_look_alikes_are_quiet(self, tmp_path: Path) -> None:
        values = [
            "a.co.uk",
            "2026-03-01",
            "model-4.5.1",
            "SHA256:9f86d081",
            "Machine Learning",
            "en-GB",
            "1.2.3",
            "a/b: c",
        ]
        files = core(tmp_path, usage=lambda data: data.with_columns(topic=pl.Series(values * 25)))
        assert gate(files).failures == ()

    def test_a_declared_use_may_be_a_sentence(self, tmp_path: Path) -> None:
        use = "A support assistant for the customers of our garden centre, in the web shop and by telephone"
        assert gate(core(tmp_path, accounts=first_rows(9, "declared_use", use))).failures == ()

    def test_plain_addresses_as_numbers_warn(self, tmp_path: Path) -> None:
        report = gate(core(tmp_path, usage=first_rows(150, "ip_hash", 3_405_803_853)))
        assert report.success
        assert failed(report, "usage_requests", "keyed hashes of 64 bits").severity == "warn"


class TestRowFaults:
    @pytest.mark.parametrize(
        ("column", "value", "words", "example"),
        [
            ("request_model", None, "request_model is never NULL", "requ_000000"),
            ("surface", "kiosk", "surface is one of api, chat", "kiosk"),
            ("http_status", 777, "http_status is between 100 and 599", "777"),
            ("input_tokens", -4, "input_tokens is between 0", "-4"),
            ("request_top_p", 1.5, "request_top_p is between 0 and 1", "1.5"),
        ],
    )
    def test_up_to_the_tolerated_share_passes_and_above_blocks(
        self, tmp_path: Path, column: str, value: object, words: str, example: str
    ) -> None:
        assert gate(core(tmp_path / "a", usage=first_rows(2, column, value))).success
        report = gate(core(tmp_path / "b", usage=first_rows(3, column, value)))
        finding = failed(report, "usage_requests", words)
        assert (finding.severity, finding.unexpected_count, finding.element_count) == ("block", 3, 200)
        assert example in finding.examples
        assert "found 3 of 200 rows against it (1.50%), tolerated 1.00%" in finding.message

    def test_the_tolerated_share_is_a_setting(self, tmp_path: Path) -> None:
        files = core(tmp_path, usage=first_rows(3, "surface", "kiosk"))
        assert gate(files, tolerated_share=0.02).success

    def test_identical_repeats_are_quiet_and_conflicting_copies_block(self, tmp_path: Path) -> None:
        repeated = core(tmp_path / "a", usage=lambda data: pl.concat([data, data.head(20)]))
        assert gate(repeated).failures == ()
        conflicting = core(
            tmp_path / "b",
            usage=lambda data: pl.concat([data, data.head(20).with_columns(latency_ms=pl.lit(77, dtype=pl.Int32))]),
        )
        finding = failed(gate(conflicting), "usage_requests", "copies of one request_id")
        assert finding.unexpected_count == 20

    def test_a_state_table_may_repeat_a_key_in_a_new_state(self, tmp_path: Path) -> None:
        charges = frame("billing_charges", 40)
        both = pl.concat([charges, charges.with_columns(status=pl.lit("failed"))])
        files = {**core(tmp_path), "billing_charges": [land(tmp_path, "billing_charges", both)]}
        assert gate(files).failures == ()

    def test_requests_after_the_day_they_arrived_block(self, tmp_path: Path) -> None:
        ahead = core(tmp_path, usage=lambda data: data.with_columns(pl.col("requested_at").dt.offset_by("1d")))
        assert failed(gate(ahead), "usage_requests", "after the day it arrived").unexpected_count == 200

    def test_too_late_requests_warn(self, tmp_path: Path) -> None:
        late = core(
            tmp_path,
            usage=lambda data: pl.concat([data, data.with_columns(pl.col("requested_at").dt.offset_by("-5d"), late_id(data))]),
        )
        report = gate(late)
        assert report.success
        assert failed(report, "usage_requests", "late-arrival window").unexpected_count == 200


class TestAcrossTables:
    def test_usage_of_unknown_accounts_blocks_above_its_share(self, tmp_path: Path) -> None:
        assert gate(core(tmp_path / "a", usage=first_rows(10, "account_id", "acct_gone"))).success
        report = gate(core(tmp_path / "b", usage=first_rows(11, "account_id", "acct_gone")))
        finding = failed(report, "usage_requests", "account in the delivered extract")
        assert finding.unexpected_count == 11
        assert finding.examples == ("acct_gone",)

    def test_charges_of_unknown_accounts_warn(self, tmp_path: Path) -> None:
        charges = first_rows(10, "account_id", "acct_gone")(frame("billing_charges", 40))
        files = {**core(tmp_path), "billing_charges": [land(tmp_path, "billing_charges", charges)]}
        assert failed(gate(files), "billing_charges", "delivered extract").severity == "warn"


class TestContracts:
    @pytest.mark.parametrize("scope", [None, "", "Models = M-1, m-2 ; surfaces=chat;", "requests_per_month=75"])
    def test_a_scope_in_its_form_is_quiet(self, tmp_path: Path, scope: str | None) -> None:
        contracts = frame("contracts", 40).with_columns(scope=pl.lit(scope, dtype=pl.String))
        assert gate({**core(tmp_path), "contracts": [land(tmp_path, "contracts", contracts)]}).failures == ()

    @pytest.mark.parametrize("scope", ["all of it", "surfaces=api,console", "models=", "requests_per_month=1e6", "seats=20"])
    def test_a_scope_that_cannot_be_read_warns(self, tmp_path: Path, scope: str) -> None:
        contracts = first_rows(2, "scope", scope)(frame("contracts", 40))
        finding = failed(
            gate({**core(tmp_path), "contracts": [land(tmp_path, "contracts", contracts)]}), "contracts", "can be read"
        )
        assert (finding.severity, finding.unexpected_count) == ("warn", 2)


class TestVolume:
    @pytest.mark.parametrize(("usual", "passes"), [(39, False), (40, True), (200, True), (1000, True), (1010, False)])
    def test_a_fifth_and_five_times_the_median_are_the_limits(self, tmp_path: Path, usual: int, passes: bool) -> None:
        report = gate(core(tmp_path), trailing=[1, usual, usual, usual, usual, usual, 10**6])
        assert report.success is passes
        if not passes:
            assert "the median of 7 trailing days is" in failed(report, "usage_requests", "number of rows").message

    def test_a_short_history_judges_nothing(self, tmp_path: Path) -> None:
        assert gate(core(tmp_path), trailing=[10**6] * 6).success
