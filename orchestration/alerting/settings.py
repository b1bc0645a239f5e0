"""Where alerts, word of releases and lineage go, and when a night is due, from the environment.

Belongs here: the variables and what is refused. The address of a webhook is a secret, since whoever knows it may write there;
so is its header.
"""

from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from orchestration.key_files import refuse_unsafe_place, refuse_unsafe_reading
from orchestration.privacy.id_keys import forbidden_places
from orchestration.serving import is_loopback
from orchestration.settings import Home

Tells = Literal["alert", "release", "lineage"]
"""What is sent somewhere: alerts, word of releases, lineage."""


class AlertError(ValueError):
    """Settings of alerts that cannot be used; the message holds no address and no header."""


class OperationSettings(BaseSettings):
    """What `STILLWATCH_ALERT_...`, `..._RELEASE_...`, `..._LINEAGE...`, `..._EXPORT_NIGHTS` and `..._NIGHT_DUE_HOUR` say."""

    model_config = SettingsConfigDict(
        env_prefix="STILLWATCH_", env_ignore_empty=True, frozen=True, extra="forbid", hide_input_in_errors=True
    )

    alert_webhook: SecretStr | None = None
    alert_header_file: Path | None = None
    """A file of one line, `Name: value`, that its owner alone may read."""
    alert_allow_http: bool = False
    alert_repeat_hours: int = Field(default=24, ge=1)
    """Hours for which an alert that was raised is not raised again."""
    release_webhook: SecretStr | None = None
    """Where each export is told; every night is exported then."""
    release_header_file: Path | None = None
    release_allow_http: bool = False
    export_nights: bool = False
    """Whether every night is exported."""
    lineage: Literal["off", "file"] = "off"
    """Whether each run writes what it read and wrote under the home, as OpenLineage events."""
    lineage_endpoint: SecretStr | None = None
    """Where these events are sent too; they are written then, whatever `lineage` says."""
    lineage_header_file: Path | None = None
    lineage_allow_http: bool = False
    lineage_namespace: str | None = Field(default=None, pattern=r"^[A-Za-z0-9_.:;=/@+-]+$")
    """What jobs and tables are named under; by the home's name unless set."""
    night_due_hour: int = Field(default=6, ge=0, le=23)
    """Hour UTC by which the night of the day before is published."""

    @property
    def exports_every_night(self) -> bool:
        """Whether nights are exported: they were asked to be, or somebody is told of each export."""
        return self.export_nights or self.release_webhook is not None

    @property
    def records_lineage(self) -> bool:
        """Whether runs write what they read and wrote: they were asked to, or somebody is told of it."""
        return self.lineage == "file" or self.lineage_endpoint is not None


class Webhook(BaseModel):
    """Where alerts are sent, and the header that goes with them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: SecretStr
    header_name: str | None = None
    header_value: SecretStr | None = None

    @property
    def is_local(self) -> bool:
        """Whether it is on this machine."""
        return is_loopback(urlsplit(self.url.get_secret_value()).hostname or "")


def operation_settings() -> OperationSettings:
    """Return the settings; AlertError names the variable that cannot be read."""
    try:
        return OperationSettings()
    except ValidationError as error:
        fields = ", ".join(f"STILLWATCH_{str(fault['loc'][0]).upper()} ({fault['msg']})" for fault in error.errors())
        raise AlertError(f"settings of operations must be as docs/runbook.md says; not so {fields}: correct them") from None


def webhook_of(settings: OperationSettings, home: Home, tells: Tells = "alert") -> Webhook | None:
    """Return where one of these is sent, None where nothing is configured; AlertError when it may not be used as it is."""
    variable, url, header_file, allow_http = {
        "alert": ("WEBHOOK", settings.alert_webhook, settings.alert_header_file, settings.alert_allow_http),
        "release": ("WEBHOOK", settings.release_webhook, settings.release_header_file, settings.release_allow_http),
        "lineage": ("ENDPOINT", settings.lineage_endpoint, settings.lineage_header_file, settings.lineage_allow_http),
    }[tells]
    if url is None:
        return None
    webhook = Webhook(url=url)
    scheme, host = _parts(url.get_secret_value())
    if not host or not (scheme == "https" or (scheme == "http" and (allow_http or webhook.is_local))):
        raise AlertError(
            f"STILLWATCH_{tells.upper()}_{variable} must be an https address, or http on this machine; given another: correct "
            f"it, or set STILLWATCH_{tells.upper()}_ALLOW_HTTP=1 where the network between is trusted"
        )
    if header_file is None:
        return webhook
    name, value = _header(header_file, home)
    return webhook.model_copy(update={"header_name": name, "header_value": SecretStr(value)})


def _parts(url: str) -> tuple[str, str]:
    try:
        parts = urlsplit(url)
        return parts.scheme, parts.hostname or ""
    except ValueError:
        return "", ""


def _header(path: Path, home: Home) -> tuple[str, str]:
    refuse_unsafe_place(path, forbidden_places(home), AlertError)
    refuse_unsafe_reading(path, AlertError)
    name, colon, value = path.read_text(encoding="utf-8").strip().partition(":")
    if not colon or not name.strip() or not value.strip() or "\n" in value:
        raise AlertError(f"{path} must hold one line, `Name: value`; it does not: write the header there")
    return name.strip(), value.strip()
