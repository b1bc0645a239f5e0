"""The one file that says where a provider's systems are: `sources.yml`.

Belongs here: its shape, reading it, and the address of a database, which stands in a file or variable that it names.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from orchestration.adapters.errors import AdapterError
from orchestration.adapters.usage_reports.terms import ReportTerms
from orchestration.settings import DEFAULT_MEMORY_LIMIT

Name = Annotated[str, StringConstraints(min_length=1)]
_Settings = TypeVar("_Settings", bound=BaseModel)


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Source(_Frozen):
    """Where one system's tables are: exported in a `folder`, or in a database whose address a file or variable holds."""

    folder: Path | None = None
    database_file: Path | None = None
    database_variable: Name | None = None
    schema_name: Name = Field(default="public", alias="schema")

    @model_validator(mode="after")
    def _lies_in_one_place(self) -> "Source":
        given = [name for name in ("folder", "database_file", "database_variable") if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(
                f"one of folder, database_file and database_variable must be given; given: {', '.join(given) or 'none'}"
            )
        return self

    @property
    def is_database(self) -> bool:
        """Whether the tables are read from a database."""
        return self.folder is None

    def address(self, environment: Mapping[str, str] = os.environ) -> str:
        """Return the database's address, a secret; AdapterError when it is not where the settings say."""
        if self.database_file is not None:
            try:
                return self.database_file.expanduser().read_text(encoding="utf-8").strip()
            except OSError as error:
                raise AdapterError(f"{self.database_file} must hold the database's address and cannot be read") from error
        address = environment.get(str(self.database_variable), "")
        if not address:
            raise AdapterError(f"${self.database_variable} must hold the database's address and is not set")
        return address


class LiteLLMSource(Source):
    """A LiteLLM proxy. `account_is` says whom an account stands for: the first of these that a request names."""

    account_is: tuple[Literal["organization", "team", "user", "key"], ...] = Field(
        default=("organization", "team", "user", "key"), min_length=1
    )
    overlap_hours: float = Field(default=6, gt=0)


class OtelSource(Source):
    """OpenTelemetry spans. The settings `..._from` name attributes of spans or resources; the first that is there counts.

    `surface_from` names attributes that hold a surface of the contract; where none does it is `surface`. A provider in
    `partner_providers` is a partner platform that sells the models; a gateway that buys from them names none.
    """

    account_from: tuple[Name, ...] = Field(min_length=1)
    api_key_from: tuple[Name, ...] = ()
    surface_from: tuple[Name, ...] = ()
    surface: Literal["api", "chat", "coding_agent"] = "api"
    partner_providers: tuple[Name, ...] = ("aws.bedrock", "azure.ai.openai", "azure.ai.inference", "gcp.vertex_ai")
    overlap_hours: float = Field(default=6, gt=0)


class StripeSource(Source):
    """Stripe's objects or a connector's tables. `account_from` names the metadata that hold the account, the first that is there
    counts.
    """

    account_from: tuple[Name, ...] = ("account_id",)


class Networks(_Frozen):
    """Database files (MaxMind format) that tell the network and country of an address."""

    asn: Path | None = None
    country: Path | None = None


class UsageReport(ReportTerms):
    """Exported pages of a provider's usage and cost reports, in a folder."""

    folder: Path


class UsageReports(_Frozen):
    """Reports that the warehouse is held against. `litellm` reads the daily totals of the LiteLLM source: true, or its terms."""

    anthropic: UsageReport | None = None
    openai: UsageReport | None = None
    litellm: ReportTerms | bool = False


class Sources(_Frozen):
    """All that is landed by one run, and the key under which its ids are hashed."""

    edge_key_file: Path
    own_tables: Source | None = None
    litellm: LiteLLMSource | None = None
    otel: OtelSource | None = None
    stripe: StripeSource | None = None
    stripe_tables: StripeSource | None = None
    networks: Networks = Networks()
    fingerprints: Path | None = None
    usage_reports: UsageReports = UsageReports()
    memory_limit: str = Field(default_factory=lambda: os.environ.get("STILLWATCH_MEMORY_LIMIT", DEFAULT_MEMORY_LIMIT))

    @model_validator(mode="after")
    def _has_one_form_of_stripe(self) -> "Sources":
        if self.stripe and self.stripe_tables:
            raise ValueError(
                "one of stripe and stripe_tables must be given, and both are: each charge would be landed twice. Leave out "
                "the less complete one"
            )
        if self.stripe and self.stripe.is_database:
            raise ValueError(
                "stripe must be a folder of Stripe's objects as JSON, and a database is given: its tables are stripe_tables"
            )
        return self

    @property
    def named(self) -> dict[str, Source]:
        """The systems that are configured, by adapter; in the order in which they say what an account is."""
        order = ("own_tables", "litellm", "otel", "stripe", "stripe_tables")
        return {name: source for name in order if (source := getattr(self, name)) is not None}


def read_sources(path: Path) -> Sources:
    """Return the settings in a file, its relative paths taken from its own folder; AdapterError when they cannot be used."""
    if not path.is_file():
        raise AdapterError(
            f"{path} must say where your systems are and does not exist; docs/bring-your-data.md shows one to begin with"
        )
    try:
        given = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise AdapterError(f"{path} must be YAML and is not: {str(error).splitlines()[0]}") from error
    try:
        sources = Sources.model_validate(given)
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, fault['loc'])) or 'the file'}: {fault['msg']}" for fault in error.errors())
        raise AdapterError(f"{path} cannot be used: {faults}") from error
    if not sources.named:
        raise AdapterError(f"{path} names no system; give one of litellm, otel, stripe, stripe_tables and own_tables")
    return _from_folder(sources, path.resolve().parent)


def _from_folder(settings: _Settings, folder: Path) -> _Settings:
    """Return settings with every path resolved against a folder."""
    changed: dict[str, object] = {}
    for name in type(settings).model_fields:
        value = getattr(settings, name)
        if isinstance(value, Path):
            changed[name] = folder / value.expanduser()
        elif isinstance(value, BaseModel):
            changed[name] = _from_folder(value, folder)
    return settings.model_copy(update=changed)
