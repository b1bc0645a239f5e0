"""A run by the command, from exports of two days to a delivery that the source gate passes."""

import gzip
import json
import os
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner

from expectations.runner import DeliveredFile, Delivery, GateSettings, History, validate_sources
from orchestration.adapters.errors import AdapterError
from orchestration.cli import cli
from orchestration.landing.files import sha256_of

from .spans import DAY, NOON, Provider, Span, otlp, request, write_lines, write_parquet, write_text

DAY_NANOSECONDS = 86_400 * 10**9


def traffic(day: int) -> list[Span]:
    return [
        request(
            day * 1000 + number,
            start=NOON + day * DAY_NANOSECONDS + number * 60 * 10**9,
            tenant__id=f"t{number % 7}",
            client__address=f"203.0.113.{number}",
            gen_ai__response__id=f"msg_{day}_{number}",
            gen_ai__response__finish_reasons=["stop"],
        )
        for number in range(60)
    ]


def test_the_source_gate_passes_what_the_command_lands(tmp_path: Path) -> None:
    provider = Provider(tmp_path)
    write_lines(tmp_path, traffic(0)[:30], traffic(0)[30:], [request(9999, without=("tenant.id",))], traffic(1))
    for day in (DAY, DAY + timedelta(days=1)):
        arguments = [
            "land",
            "--date",
            str(day),
            "--sources",
            str(provider.sources),
            "--landing",
            str(provider.landing),
            "--home",
            str(provider.landing.parent / "home"),
        ]
        result = CliRunner().invoke(cli, arguments)
        assert result.exit_code == 0, result.output
    files = {
        table: tuple(
            DeliveredFile(
                path=path,
                name=f"{table}/{path.parent.name}/{path.name}",
                arrived_on=DAY + timedelta(days=place),
                sha256=sha256_of(path),
            )
            for place, path in enumerate(sorted((provider.landing / table).glob("*/*.parquet")))
        )
        for table in ("usage_requests", "accounts")
    }
    assert [len(found) for found in files.values()] == [2, 2]
    delivery = Delivery(files=files, first_night=DAY, last_night=DAY + timedelta(days=1))
    report = validate_sources(delivery, GateSettings(), History())
    assert report.success, report.message()
    assert report.failures == ()
    assert len(provider.rows()) == 120


def test_the_command_says_what_it_left_out_and_assumed(tmp_path: Path) -> None:
    provider = Provider(tmp_path)
    write_lines(tmp_path, [request(1), request(2, without=("tenant.id",)), request(3, without=("gen_ai.request.model",))])
    arguments = [
        "land",
        "--date",
        str(DAY),
        "--sources",
        str(provider.sources),
        "--landing",
        str(provider.landing),
        "--home",
        str(provider.landing.parent / "home"),
    ]
    output = CliRunner().invoke(cli, arguments).output
    assert "otel: spans without an account: 1 left out." in output
    assert "otel: spans without a model, as unknown: 1 landed so." in output
    as_json = json.loads(CliRunner().invoke(cli, [*arguments, "--json"]).output)
    assert as_json["left_out"]["otel: spans without an account"] == 1


class TestTexts:
    def test_a_last_line_that_is_being_written_waits_and_lands_when_it_is_whole(self, tmp_path: Path) -> None:
        provider = Provider(tmp_path)
        write_lines(tmp_path, [request(1)], [request(2)])
        path = tmp_path / "spans" / "traces.jsonl"
        whole = path.read_bytes()
        path.write_bytes(whole[:-40])
        landed = provider.land()
        assert landed.left_out == {"spans: traces.jsonl, the last line, not yet written to its end": 1}
        assert len(provider.rows()) == 1
        path.write_bytes(whole)
        assert provider.land().left_out == {}
        assert len(provider.rows()) == 2

    def test_a_broken_line_is_counted_and_the_others_land(self, tmp_path: Path) -> None:
        provider = Provider(tmp_path)
        lines = [json.dumps({"resourceSpans": []}), '{"resourceSpans": [{"resou', json.dumps({"resourceSpans": []})]
        write_text(tmp_path, "\n".join(lines) + "\n", name="old.json")
        write_lines(tmp_path, [request(1)], name="new.json")
        assert provider.land().left_out == {"spans: old.json, broken lines from line 2 on": 1}
        assert len(provider.rows()) == 1

    def test_a_file_of_before_is_not_read_again(self, tmp_path: Path) -> None:
        provider = Provider(tmp_path)
        old = write_text(tmp_path, json.dumps(otlp([request(1)])) + "\nbroken\n", name="old.jsonl")
        assert provider.land().left_out == {"spans: old.jsonl, broken lines from line 2 on": 1}
        write_lines(tmp_path, [request(2, start=NOON + DAY_NANOSECONDS)], name="new.jsonl")
        written = NOON / 10**9 - 7 * 3600
        os.utime(old, (written, written))
        assert provider.land(DAY + timedelta(days=1)).left_out == {}
        assert len(provider.rows()) == 2

    def test_a_file_written_within_the_overlap_is_read_again(self, tmp_path: Path) -> None:
        provider = Provider(tmp_path)
        path = write_lines(tmp_path, [request(1)])
        provider.land()
        write_lines(tmp_path, [request(1)], [request(2, start=NOON - 3600 * 10**9)])
        written = NOON / 10**9 - 5 * 3600
        os.utime(path, (written, written))
        provider.land(DAY + timedelta(days=1))
        assert len(provider.rows()) == 2

    def test_a_file_without_json_is_refused_by_its_name_and_line(self, tmp_path: Path) -> None:
        provider = Provider(tmp_path)
        write_lines(tmp_path, [request(1)], name="a.jsonl")
        write_text(tmp_path, "\x01\x02binary\nmore\n", name="b.jsonl")
        with pytest.raises(AdapterError, match=r"b\.jsonl must hold JSON texts.*the first is line 1"):
            provider.land()
        assert not list(provider.landing.glob("usage_requests/*"))

    def test_a_compressed_file_that_is_cut_short_is_refused(self, tmp_path: Path) -> None:
        provider = Provider(tmp_path)
        path = write_lines(tmp_path, [request(number) for number in range(50)])
        path.with_name("traces.jsonl.gz").write_bytes(gzip.compress(path.read_bytes())[:-20])
        path.unlink()
        with pytest.raises(AdapterError, match=r"traces\.jsonl\.gz must be readable to its end"):
            provider.land()

    def test_another_export_is_no_silent_nothing(self, tmp_path: Path) -> None:
        provider = Provider(tmp_path)
        write_text(tmp_path, '{"name": "chat", "attributes": {"gen_ai.request.model": "m"}}\n' * 3)
        assert provider.land().left_out == {"spans: texts that hold nothing of it, is it another export?": 3}

    def test_spans_of_other_days_are_no_other_export(self, tmp_path: Path) -> None:
        provider = Provider(tmp_path)
        write_lines(tmp_path, [request(1, start=NOON + DAY_NANOSECONDS)])
        assert provider.land().left_out == {}


class TestParquet:
    def test_an_export_without_attributes_is_refused(self, tmp_path: Path) -> None:
        provider = Provider(tmp_path)
        (tmp_path / "spans").mkdir()
        frame = pl.DataFrame({"trace_id": ["a"], "span_id": ["b"], "start_time": ["2026-01-01 10:00:00"]})
        frame.write_parquet(tmp_path / "spans" / "x.parquet")
        with pytest.raises(AdapterError, match="spans must have the columns request_model"):
            provider.land()

    def test_json_and_parquet_side_by_side_are_refused(self, tmp_path: Path) -> None:
        provider = Provider(tmp_path)
        write_lines(tmp_path, [request(1)])
        write_parquet(tmp_path, [request(1)], "map")
        with pytest.raises(AdapterError, match="must be exported in one format"):
            provider.land()


def test_a_source_without_an_attribute_of_the_account_is_refused(tmp_path: Path) -> None:
    provider = Provider(tmp_path, account_from=[])
    with pytest.raises(AdapterError, match=r"otel\.account_from"):
        provider.land()
