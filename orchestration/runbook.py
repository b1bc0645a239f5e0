"""The sections of the runbook, by the anchors that messages name.

Belongs here: one name for each failure an operator can meet. What each says stands in `docs/runbook.md`; a convention test holds
the two together.
"""

from enum import StrEnum

PAGE = "docs/runbook.md"


class Section(StrEnum):
    """One failure, as the anchor of its section."""

    GATE_FAILED = "a-gate-failed"
    LATE_SOURCE = "a-source-is-late"
    MISSED_NIGHT = "a-night-was-missed"
    NIGHT_ERROR = "a-night-ended-in-an-error"
    INTERRUPTED = "a-run-was-interrupted"
    LOCKED = "another-run-holds-the-home"
    USAGE = "a-command-was-refused"
    DISK_FULL = "the-disk-is-full"
    NOT_WRITABLE = "the-home-may-not-be-written"
    WAREHOUSE = "the-working-warehouse-is-damaged"
    RELEASE = "the-current-release-is-gone"
    PACKAGE = "a-package-does-not-hold"
    OVERRIDE_ENDS = "an-override-is-about-to-end"
    QUARANTINE = "rows-wait-in-quarantine"
    ALERTS = "alerts-do-not-arrive"
    EXPORT = "an-export-failed"
    LINEAGE = "lineage-does-not-arrive"
    TRIAL = "a-trial-alert-came"
    VERSIONS = "a-library-is-missing"
    ID_KEY = "the-key-of-ids-does-not-fit"
    VAULT = "the-vault-is-missing-or-empty"
    ACCESS_LOG = "the-access-log-was-changed"
    TELEMETRY = "telemetry-is-on"
    SPARK = "spark-does-not-answer"


def address(section: Section) -> str:
    """Return where a section stands, as messages name it."""
    return f"{PAGE}#{section}"
