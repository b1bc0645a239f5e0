"""Small exports of Stripe, as objects and as a connector's tables, and what a run lands of them."""

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb

from orchestration.adapters.edge_key import EdgeKey, read_edge_key, write_new_edge_key
from orchestration.adapters.running import Landed, land
from orchestration.adapters.settings import read_sources

DAY = date(2026, 1, 10)
NOON = 1_767_960_000
"""Midday of the ninth of January 2026, in epoch seconds."""
Object = dict[str, Any]


def charge(name: str, /, **changed: object) -> Object:
    """Return a charge by card of `cus_1`, as the API writes it."""
    card = {
        "brand": "visa", "country": "US", "exp_month": 8, "exp_year": 2030, "fingerprint": "fp_card", "funding": "credit",
        "last4": "4242", "wallet": None,
    }  # fmt: skip
    made: Object = {
        "id": name, "object": "charge", "created": NOON, "amount": 2000, "amount_refunded": 0, "currency": "usd",
        "customer": "cus_1", "status": "succeeded", "failure_code": None, "disputed": False, "livemode": True, "metadata": {},
        "outcome": {"type": "authorized", "reason": None, "network_status": "approved_by_network", "risk_level": "normal"},
        "payment_method": "pm_1", "payment_method_details": {"type": "card", "card": card},
    }  # fmt: skip
    return made | changed


def paid_by(name: str, customer: str = "cus_1", wallet: Mapping[str, object] | None = None, **card: object) -> Object:
    """Return a charge of a customer whose card differs in `card`, by a wallet where one is given."""
    made = charge(name, customer=customer)
    made["payment_method_details"]["card"] |= {"wallet": wallet, **card}
    return made


def customer(name: str, account: str | None = None, /, **changed: object) -> Object:
    """Return a customer that names its account, where one is given."""
    made: Object = {
        "id": name, "object": "customer", "created": NOON - 86_400, "email": None, "phone": None, "livemode": True,
        "address": {"country": None, "line1": None}, "metadata": {"account_id": account} if account else {},
    }  # fmt: skip
    return made | changed


def event(inside: Object, minutes: int, kind: str = "charge.updated") -> Object:
    """Return the event that an object was so, minutes after midday."""
    return {"id": f"evt_{minutes}", "object": "event", "type": kind, "created": NOON + 60 * minutes, "data": {"object": inside}}


class Export:
    """One installation in a folder: its key, its sources and its landing folder."""

    def __init__(self, folder: Path, adapter: str = "stripe", **settings: object) -> None:
        self.folder, self.adapter, self.settings = folder, adapter, settings
        self.exported, self.landing = folder / adapter, folder / f"landing_{adapter}"
        self.exported.mkdir(parents=True, exist_ok=True)
        if not (folder / "key.json").exists():
            write_new_edge_key(folder / "key.json")
        self.more: dict[str, object] = {}

    @property
    def key(self) -> EdgeKey:
        return read_edge_key(self.folder / "key.json", self.landing)

    def write(self, objects: Iterable[object], name: str = "objects.jsonl") -> "Export":
        """Write objects, one a line."""
        (self.exported / name).write_text("".join(json.dumps(each) + "\n" for each in objects), encoding="utf-8")
        return self

    def write_table(self, name: str, rows: Sequence[Mapping[str, object]]) -> "Export":
        """Write rows as CSV; a column that a row lacks is empty."""
        with (self.exported / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(dict.fromkeys(column for row in rows for column in row)))
            writer.writeheader()
            writer.writerows(rows)
        return self

    def sources(self) -> Path:
        """Write the file that says where the systems are."""
        path = self.folder / f"sources_{self.adapter}.yml"
        place = {} if "database_file" in self.settings else {"folder": self.adapter}
        source = {**place, **self.settings}
        path.write_text(json.dumps({"edge_key_file": "key.json", self.adapter: source, **self.more}), encoding="utf-8")
        return path

    def land(self, day: date = DAY, first: date | None = DAY) -> Landed:
        """Land up to a day."""
        return land(read_sources(self.sources()), self.landing, day, first)

    def rows(self, table: str, *columns: str) -> list[tuple[Any, ...]]:
        """Return what lies in the landing folder, in order; none where the table does not."""
        paths = [str(path) for path in sorted((self.landing / table).rglob("*.parquet"))]
        if not paths:
            return []
        reading = f"read_parquet({paths}, union_by_name = true, hive_partitioning = true)"
        with duckdb.connect() as connection:
            return connection.execute(f"select {', '.join(columns) or '*'} from {reading} order by all").fetchall()

    def by_charge(self, column: str) -> dict[str, Any]:
        """Return a column of the landed charges by their hashed ids."""
        return dict(self.rows("billing_charges", "charge_id", column))

    def of_charge(self, name: str, column: str) -> Any:
        """Return a column of the one landed charge."""
        return self.by_charge(column)[self.key.text("charge", name)]

    def everything_written(self) -> bytes:
        """Return all that lies in the landing folder, of packed files also what they hold."""
        whole = b""
        for path in sorted(self.landing.rglob("*")):
            if path.is_file():
                whole += path.read_bytes()
            if path.suffix == ".parquet":
                with duckdb.connect() as connection:
                    whole += repr(connection.execute("select * from read_parquet(?)", [str(path)]).fetchall()).encode()
        return whole


def iso(seconds: int) -> str:
    """Return epoch seconds as a connector writes them."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S")
