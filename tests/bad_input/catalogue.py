"""Every fault that is tried: how the landing is spoilt, and what has to come of it."""

import shutil
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Literal

import polars as pl

from tests.unit.expectations.landing import DAY

from .landing import (
    CORE,
    HISTORY,
    ROWS,
    Landing,
    Spoil,
    add,
    cast,
    change,
    copies,
    land_day,
    put,
    scale,
    shift,
    sound,
    write_bytes,
)

Outcome = Literal["refused", "blocked", "quarantined", "warned", "accepted"]
FEW, MANY = 3, 60


@dataclass(frozen=True)
class Fault:
    """One fault. `says` is a part of the message, or the reason of quarantine; `nights` are the as-of dates of the run."""

    name: str
    table: str
    spoil: Spoil
    outcome: Outcome
    says: str
    nights: tuple[date, date] = (DAY, DAY)


def _damage(data: bytes) -> bytes:
    return data[:200] + bytes(len(data) // 2 - 200) + data[len(data) // 2 :]


def _not_utf8(landing: Landing) -> None:
    data = landing.read("usage_requests").with_columns(topic=pl.lit("MARKEDMARKED"))
    path = landing.path("usage_requests")
    data.write_parquet(path, compression="uncompressed", statistics=False)
    path.write_bytes(path.read_bytes().replace(b"MARKEDMARKED", b"\xff\xfeRKED\xc3\x28MARK"))


def _link_to_nothing(landing: Landing) -> None:
    landing.path("usage_requests").with_name("part-1.parquet").symlink_to(landing.folder / "gone")


def _folder_in_place_of_a_file(landing: Landing) -> None:
    path = landing.path("usage_requests")
    path.unlink()
    path.mkdir()


def _yesterday_again(landing: Landing) -> None:
    # the history's landing made yesterday's file of the same rows, and so of the same bytes
    landing.write("usage_requests", sound("usage_requests", HISTORY[-1]))


def _missing_middle(landing: Landing) -> None:
    for table in CORE:
        landing.write(table, sound(table, date(2026, 3, 3)), day=date(2026, 3, 3))
        if table == "accounts":
            landing.write(table, sound(table, date(2026, 3, 2)), day=date(2026, 3, 2))


def _replaced(landing: Landing) -> None:
    yesterday = HISTORY[-1]
    for table in CORE:
        landing.write(table, sound(table, yesterday).head(500), day=yesterday)


def _second_name(landing: Landing) -> None:
    path = landing.path("usage_requests")
    shutil.copyfile(path, path.with_name("part-1.parquet"))


def _text(landing: Landing, name: str) -> None:
    path = landing.folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("a,b\n1,2\n")


def _rename_partition(name: str) -> Spoil:
    return lambda landing: landing.path("accounts").parent.rename(landing.path("accounts").parents[1] / name)


def _remove(*tables: str) -> Spoil:
    def spoil(landing: Landing) -> None:
        for table in tables:
            shutil.rmtree(landing.path(table).parent)

    return spoil


def _second_extract(landing: Landing) -> None:
    other = landing.read("accounts").with_columns(tier=pl.lit("another"))
    landing.write("accounts", other, part=1)


def _far_times(data: pl.DataFrame) -> pl.DataFrame:
    far = pl.lit(2**62).cast(pl.Datetime("us"))
    return data.with_columns(
        terms_accepted_at=pl.when(pl.int_range(pl.len()) < 2).then(far).otherwise(pl.col("terms_accepted_at"))
    )


U, A, C = "usage_requests", "accounts", "billing_charges"
EPOCH = datetime(1970, 1, 1)
FAULTS = (
    # the folder
    Fault("landing folder is not there", U, lambda landing: shutil.rmtree(landing.folder), "refused", "does not exist"),
    Fault("landing folder is empty", U, _remove(U, A), "refused", "holds no Parquet file"),
    Fault("partition is not a date", A, _rename_partition("arrived_on=yesterday"), "refused", "must be named"),
    Fault("partition is a date in another spelling", A, _rename_partition("arrived_on=20260301"), "refused", "must be named"),
    Fault("folder of an unknown table", U, lambda landing: _text(landing, "prompts/day.parquet"),
          "warned", "nothing but Parquet"),
    Fault("CSV beside the Parquet file", U, lambda landing: _text(landing, f"{U}/arrived_on={DAY}/a.csv"),
          "warned", "nothing but"),
    # delivery
    Fault("missing day of requests", U, _remove(U), "blocked", f"partition arrived_on={DAY}"),
    Fault("missing day of accounts", A, _remove(A), "blocked", f"partition arrived_on={DAY}"),
    Fault("late day of an optional table", C, _remove(C), "warned", f"partition arrived_on={DAY}"),
    Fault("missing day within a backfill", U, _missing_middle, "blocked", "every night", (DAY, date(2026, 3, 3))),
    Fault("empty day", U, change(U, lambda data: data.clear()), "blocked", "number of rows"),
    Fault("a tenth of the day", U, change(U, lambda data: data.head(60)), "blocked", "number of rows"),
    Fault("extract of accounts cut off", A, change(A, lambda data: data.head(150)), "blocked", "number of rows"),
    Fault("extract of accounts empty", A, change(A, lambda data: data.clear()), "blocked", "number of rows"),
    Fault("ten times the day", U, change(U, lambda data: pl.concat([data] * 10)), "blocked", "number of rows"),
    Fault("most charges missing", C, change(C, lambda data: data.head(40)), "warned", "number of rows"),
    Fault("yesterday's file as today's", U, _yesterday_again, "blocked", "delivered a second time"),
    Fault("one file under two names", U, _second_name, "warned", "delivered a second time"),
    Fault("consumed file replaced", U, _replaced, "warned", "has been replaced since", (HISTORY[-1], HISTORY[-1])),
    Fault("half of the rows sent twice", U, change(U, lambda data: pl.concat([data, data.head(300)])),
          "warned", "delivered once"),
    Fault("day holds requests of five days ago alone", U, shift(-120), "blocked", "happened on that day"),
    # files
    Fault("truncated Parquet", U, write_bytes(U, lambda data: data[: len(data) // 2]), "blocked", "readable Parquet"),
    Fault("file of no bytes", U, write_bytes(U, lambda _: b""), "blocked", "readable Parquet"),
    Fault("CSV named Parquet", U, write_bytes(U, lambda _: b"a,b\n1,2\n" * 40), "blocked", "readable Parquet"),
    Fault("damaged pages under a sound footer", U, write_bytes(U, _damage), "blocked", "read to its end"),
    Fault("link that leads nowhere", U, _link_to_nothing, "blocked", "readable Parquet"),
    Fault("folder in place of a file", U, _folder_in_place_of_a_file, "blocked", f"partition arrived_on={DAY}"),
    Fault("text that is not UTF-8", U, _not_utf8, "blocked", "read to its end"),
    # columns
    Fault("required column missing", U, change(U, lambda data: data.drop("request_model")), "blocked", "required column"),
    Fault("optional column gone", U, change(U, lambda data: data.drop("asn")), "warned", "shares of NULL"),
    Fault("optional column turns NULL", U, put(U, "ip_hash", None, 400), "warned", "shares of NULL"),
    Fault("column outside the contract", U, add(U, "campaign_label"), "warned", "outside the contract"),
    Fault("column named in capitals", U, change(U, lambda d: d.rename({"request_id": "Request_ID"})), "accepted", ""),
    Fault("column of prompts", U, add(U, "prompt"), "blocked", "personal data or prompt text"),
    Fault("column of answers", U, add(U, "response_text"), "blocked", "personal data or prompt text"),
    Fault("column of mail addresses", A, add(A, "email"), "blocked", "personal data or prompt text"),
    Fault("column of names", A, add(A, "full_name"), "blocked", "personal data or prompt text"),
    Fault("column of raw network addresses", U, add(U, "client_ip"), "blocked", "personal data or prompt text"),
    Fault("column of phone numbers", A, add(A, "phone_number"), "blocked", "personal data or prompt text"),
    Fault("number delivered as text", U, cast(U, "input_tokens", pl.String()), "blocked", "contract's type"),
    Fault("tokens delivered as fractions", U, cast(U, "input_tokens", pl.Float64()), "blocked", "contract's type"),
    Fault("time delivered as text", U, cast(U, "requested_at", pl.String()), "blocked", "contract's type"),
    Fault("time delivered as a number", U, cast(U, "requested_at", pl.Int64()), "blocked", "contract's type"),
    Fault("yes and no delivered as 1 and 0", U, cast(U, "is_batch", pl.Int8()), "blocked", "contract's type"),
    Fault("id delivered as bytes", U, cast(U, "account_id", pl.Binary()), "blocked", "contract's type"),
    Fault("list in place of a text", U, change(U, lambda d: d.with_columns(pl.concat_list("topic"))),
          "blocked", "contract's type"),
    # values
    Fault("few ids NULL", U, put(U, "request_id", None), "quarantined", "missing:request_id"),
    Fault("many ids NULL", U, put(U, "request_id", None, MANY), "blocked", "request_id is never NULL"),
    Fault("few accounts NULL", U, put(U, "account_id", None), "quarantined", "missing:account_id"),
    Fault("few unknown values of a vocabulary", U, put(U, "surface", "kiosk"), "quarantined", "vocabulary:surface"),
    Fault("many unknown values of a vocabulary", U, put(U, "surface", "kiosk", MANY), "blocked", "surface is one of"),
    Fault("unknown state of an account", A, put(A, "status", "frozen", 2), "quarantined", "vocabulary:status"),
    Fault("unknown verdict", "review_decisions", put("review_decisions", "verdict", "maybe"),
          "quarantined", "vocabulary:verdict"),
    Fault("few negative tokens", U, put(U, "output_tokens", -5), "quarantined", "range:output_tokens"),
    Fault("many negative tokens", U, put(U, "output_tokens", -5, MANY), "blocked", "output_tokens is between"),
    Fault("tokens beyond reason", U, put(U, "input_tokens", 10**12), "quarantined", "range:input_tokens"),
    Fault("tokens beyond 64 bits", U, put(U, "input_tokens", 2**64 - 1, 3, pl.UInt64()), "quarantined", "type:input_tokens"),
    Fault("hash beyond 64 bits with a sign", U, put(U, "prompt_hash", 2**64 - 1, 3, pl.UInt64()),
          "quarantined", "type:prompt_hash"),
    Fault("status that is no status", U, put(U, "http_status", 0), "quarantined", "range:http_status"),
    Fault("not a number", U, put(U, "request_temperature", float("nan")), "quarantined", "range:request_temperature"),
    Fault("infinity", U, put(U, "request_top_p", float("inf")), "quarantined", "range:request_top_p"),
    Fault("negative infinity", U, put(U, "elicits_reasoning", float("-inf")), "quarantined", "range:elicits_reasoning"),
    Fault("negative amount", C, put(C, "amount", -100), "quarantined", "range:amount"),
    Fault("grade outside the rubric", "case_assessments", put("case_assessments", "grade", 9), "quarantined", "range:grade"),
    Fault("confidence of 80", "intel_indicators", put("intel_indicators", "confidence", 80.0), "quarantined", "range:confidence"),
    # times
    Fault("few requests of tomorrow", U, put(U, "requested_at", datetime(2026, 3, 2, 9)), "quarantined", "future:requested_at"),
    Fault("many requests of tomorrow", U, put(U, "requested_at", datetime(2026, 3, 2, 9), MANY),
          "blocked", "after the day it arrived"),
    Fault("few requests of ten days ago", U, put(U, "requested_at", datetime(2026, 2, 19)),
          "quarantined", "too_late:requested_at"),
    Fault("many requests of ten days ago", U, put(U, "requested_at", datetime(2026, 2, 19), MANY),
          "quarantined", "too_late:requested_at"),
    Fault("time of the epoch", U, put(U, "requested_at", EPOCH), "quarantined", "range:requested_at"),
    Fault("account opened in 1970", A, put(A, "created_at", EPOCH, 2), "quarantined", "range:created_at"),
    Fault("all accounts opened in 1970", A, put(A, "created_at", EPOCH, 300), "blocked", "created_at is between"),
    Fault("time after the year 9999", A, change(A, _far_times), "quarantined", "range:terms_accepted_at"),
    Fault("account opened tomorrow", A, put(A, "created_at", datetime(2026, 3, 2, 9), 2), "quarantined", "future:created_at"),
    Fault("times five hours behind UTC", U, shift(-5), "blocked", "within their day"),
    Fault("times nine hours ahead of UTC", U, shift(9), "blocked", "after the day it arrived"),
    # units
    Fault("tokens in hundreds", U, scale(U, "input_tokens", 0.01), "blocked", "geometric mean of input_tokens"),
    Fault("tokens times a hundred", U, scale(U, "output_tokens", 100), "blocked", "geometric mean of output_tokens"),
    Fault("amounts in whole units for cents", C, scale(C, "amount", 0.01), "blocked", "geometric mean of amount"),
    Fault("amounts in hundredths of cents", C, scale(C, "amount", 100), "blocked", "geometric mean of amount"),
    Fault("latency in seconds", U, scale(U, "latency_ms", 0.001), "blocked", "geometric mean of latency_ms"),
    # characters
    Fault("id with a character of no width", U, put(U, "account_id", "acct\u200b_0001"), "quarantined", "characters:account_id"),
    Fault("id with the direction of writing turned", U, put(U, "request_id", "req_\u202e1000"),
          "quarantined", "characters:request_id"),
    Fault("id with a letter of another script", U, put(U, "account_id", "\u0430cct_0001"),
          "quarantined", "characters:account_id"),
    Fault("many ids of another script", U, put(U, "account_id", "\u0430cct_0001", MANY), "blocked", "characters of an id"),
    Fault("id with a blank at its end", U, put(U, "account_id", "acct_0001 "), "quarantined", "characters:account_id"),
    Fault("id with a zero byte", U, put(U, "account_id", "acct\x00_0001"), "quarantined", "characters:account_id"),
    Fault("SQL in an id", U, put(U, "account_id", "x';drop/**/table/**/accounts;--"), "quarantined", "characters:account_id"),
    Fault("HTML in an id", A, put(A, "account_id", "<script>alert(1)</script>", 1), "quarantined", "characters:account_id"),
    Fault("path in a case's id", "enforcement_actions", put("enforcement_actions", "case_id", "../../etc/passwd"), "quarantined",
          "characters:case_id"),
    Fault("characters of control in a label", U, put(U, "topic", "a\x1b[31mred"), "quarantined", "characters:topic"),
    Fault("id of a megabyte", U, put(U, "account_id", "a" * 2**20, 1), "blocked", "personal or like prompt text"),
    Fault("id with a line break", U, put(U, "account_id", "acct\n0001"), "blocked", "personal or like prompt text"),
    # personal values
    Fault("mail address in an id", U, put(U, "end_user_id", "jane.doe@example.org", 1), "blocked", "a mail address"),
    Fault("raw network address in a label", U, put(U, "topic", "203.0.113.77", 1), "blocked", "a raw network address"),
    Fault("phone number in a label", U, put(U, "topic", "+44 20 7946 0958", 1), "blocked", "a phone number"),
    Fault("name in an id", U, put(U, "end_user_id", "Jane Doe", 1), "blocked", "a person's name"),
    Fault("prompt in a label", U, put(U, "topic", "Please write me a short story about a fox", 1), "blocked", "prompt text"),
    Fault("location finer than a town", U, put(U, "location_cell", "u4pruyd", 1), "blocked", "coarse"),
    Fault("plain addresses as numbers", U, put(U, "ip_hash", 3_405_803_853, 400), "warned", "keyed hashes of 64 bits"),
    # one against another
    Fault("two extracts of a day that disagree", A, _second_extract, "blocked", "copies of one account_id"),
    Fault("few accounts twice, differing", A, copies(A, 2, "tier", "another"), "quarantined", "conflict:account_id"),
    Fault("few requests twice, differing", U, copies(U, FEW, "latency_ms", 7), "quarantined", "conflict:request_id"),
    Fault("many requests twice, differing", U, copies(U, MANY, "latency_ms", 7), "blocked", "copies of one request_id"),
    Fault("two states of an appeal in a day", "enforcement_appeals", copies("enforcement_appeals", 2, "outcome", "overturned"),
          "quarantined", "conflict:appeal_id"),
    Fault("few requests of unknown accounts", U, put(U, "account_id", "acct_gone", 20), "accepted", ""),
    Fault("many requests of unknown accounts", U, put(U, "account_id", "acct_gone", MANY), "blocked", "in the delivered extract"),
    Fault("charges of unknown accounts", C, put(C, "account_id", "acct_gone", MANY), "warned", "in the delivered extract"),
    Fault("actions on unknown accounts", "enforcement_actions",
          put("enforcement_actions", "account_id", "acct_gone", MANY), "warned",
          "in the delivered extract"),
    Fault("appeal decided before it was filed", "enforcement_appeals",
          put("enforcement_appeals", "decided_at", datetime(2026, 2, 1), MANY), "warned", "before it is filed"),
    Fault("contract that ends before it begins", "contracts", put("contracts", "valid_to", datetime(2026, 2, 1), MANY), "warned",
          "end before it begins"),
    Fault("scope that cannot be read", "contracts", put("contracts", "scope", "all of it"), "warned", "scope can be read"),
    Fault("more refunded than charged", C, put(C, "amount_refunded", 10**6, MANY), "warned", "refunded than was charged"),
    Fault("hash indicator in hexadecimal", "intel_indicators", put("intel_indicators", "value", "0x7b", ROWS), "warned",
          "decimal text of a BIGINT"),
    Fault("tokens of failed requests", U, put(U, "http_status", 500, MANY), "warned", "failed request has no tokens"),
    Fault("more cached than there is input", U, put(U, "cache_read_input_tokens", 10**6, MANY),
          "warned", "no larger than the whole"),
)  # fmt: skip


def write_landing(fault: Fault, folder: Path) -> None:
    """Make a fault's landing: a sound day of the tables it needs, spoilt."""
    tables = CORE if fault.table in CORE else (*CORE, fault.table)
    fault.spoil(land_day(folder, tables, DAY))
