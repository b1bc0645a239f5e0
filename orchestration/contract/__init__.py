"""The landing contract as typed, frozen data.

Belongs here: reading `landing.yml` and nothing else. What is generated from it lives in `generate.py`.
"""

from datetime import date
from functools import cache
from importlib.resources import files
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

ID_CHARACTERS = r"[^A-Za-z0-9._:/+=~|#@,-]|\.\."
"""What no id may hold (RE2): anything but letters, digits and a few marks of ASCII, nor a step to the folder above."""
TEXT_CHARACTERS = r"[\x00-\x1f\x7f-\x{9f}\x{200b}-\x{200f}\x{2028}-\x{202e}\x{2060}-\x{2069}\x{feff}]"
"""What no other text may hold (RE2): characters of control, without width or that turn the direction of writing."""
FORBIDDEN_CHARACTERS = {"id": ID_CHARACTERS, "text": TEXT_CHARACTERS}
ColumnType = Literal["VARCHAR", "BIGINT", "INTEGER", "SMALLINT", "DOUBLE", "BOOLEAN", "TIMESTAMP"]
Delivery = Literal["event", "extract", "state"]
IdKind = Literal[
    "account",
    "api_key",
    "charge",
    "content",
    "contract",
    "conversation",
    "credit",
    "device",
    "email",
    "email_pattern",
    "end_user",
    "ip",
    "ip_prefix",
    "organization",
    "payment_method",
    "phone",
    "request",
    "staff",
    "system_prompt",
    "template",
    "user_agent",
]
"""What a provider's id names. Equal values of one kind stay equal when they are re-keyed, those of two kinds do not."""
INDICATOR_KINDS: dict[str, IdKind] = {
    "account_id": "account",
    "device_hash": "device",
    "ip_hash": "ip",
    "payment_method_fingerprint": "payment_method",
    "prompt_template_hash": "template",
}
"""The kind of id an indicator's value is, by its type; values of other types (`asn`, `email_domain`) name nobody alone."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Column(_Frozen):
    """One landing column: its type, whether NULL is refused, its closed or usual values, its range and its unit.

    What a tenant fills in (`from_tenant`) is kept as it is: its characters are nobody's fault but the tenant's, and a row
    set aside for them would be a way out of sight. `id_kind` marks an id that the provider or its tenant minted and says what
    it names; `id_kind_column` an indicator whose kind another column says. Ids without either were published here or are
    records of handling, and pass as they are.
    """

    name: str
    type: ColumnType
    required: bool = False
    meaning: str
    vocabulary: tuple[str, ...] | None = None
    usual_values: tuple[str, ...] | None = None
    minimum: float | None = None
    maximum: float | None = None
    unit: str | None = None
    from_tenant: bool = False
    id_kind: IdKind | None = None
    id_kind_column: str | None = None

    @property
    def is_provider_id(self) -> bool:
        """Whether the value names somebody or something at the provider, so that it is re-keyed."""
        return self.id_kind is not None or self.id_kind_column is not None

    @property
    def is_id(self) -> bool:
        """Whether the provider mints it, so that it has only the characters of an id."""
        return self.type == "VARCHAR" and not self.from_tenant and self.name.endswith(("_id", "_fingerprint", "_ref"))

    @property
    def forbidden_characters(self) -> str | None:
        """The pattern (RE2) that no value may match; None for numbers, vocabularies and what tenants fill in."""
        if self.type != "VARCHAR" or self.from_tenant or self.vocabulary:
            return None
        return ID_CHARACTERS if self.is_id else TEXT_CHARACTERS


class Table(_Frozen):
    """One landing table: grain in words, key column, whether it must be delivered, and how it is delivered.

    `event` rows never change, a full `extract` comes every day, a `state` row is delivered again when it changes.
    """

    grain: str
    key: str
    required: bool
    delivery: Delivery
    event_at: str
    columns: tuple[Column, ...]

    def column(self, name: str) -> Column:
        """Return the column called `name`; KeyError when the table has none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


class Contract(_Frozen):
    """The whole landing contract."""

    contract_version: int
    late_arrival_days: int
    path: str
    first_moment: date = Field(default=date(2000, 1, 1))
    """No landed time may lie before this day; an epoch of 0 or a wrong unit does."""
    last_moment: date = Field(default=date(9999, 12, 31))
    tables: dict[str, Table]


@cache
def landing_contract() -> Contract:
    """Read the contract shipped with the package."""
    text = files("orchestration.contract").joinpath("landing.yml").read_text(encoding="utf-8")
    return Contract.model_validate(yaml.load(text, yaml.CSafeLoader))
