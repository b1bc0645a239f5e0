"""What a night does once it is published: export and tell, where the settings ask for either.

Belongs here: that neither makes a night fail. What did not work is logged and alerted, and the next night does it.
"""

from pathlib import Path

import duckdb
from filelock import Timeout

from orchestration import run_log
from orchestration.alerting.causes import failed_export
from orchestration.alerting.raising import raise_alerts
from orchestration.alerting.settings import AlertError, operation_settings
from orchestration.exporting.announcing import announce
from orchestration.exporting.export import ExportError, export_release
from orchestration.publishing.manifest import read_manifest
from orchestration.publishing.releases import current_release
from orchestration.settings import Home

_MAY_FAIL = (OSError, ValueError, duckdb.Error, Timeout)


def asked_for() -> bool:
    """Return whether nights are exported; settings that cannot be read ask for it, so that somebody hears of them."""
    try:
        return operation_settings().exports_every_night
    except AlertError:
        return True


def hand_on(home: Home, published: Path) -> run_log.Counts:
    """Export what readers have after `published` and tell the webhook; return what the run log tells of it."""
    as_of = read_manifest(published).as_of_date
    try:
        export, is_new = export_release(home, current_release(home.published))
        told = announce(home)
    except _MAY_FAIL as error:
        words = str(error) if isinstance(error, AlertError | ExportError) else type(error).__name__
        run_log.warn(f"the release could not be handed on: {words}")
        raise_alerts(home, [failed_export(home, as_of, run_log.run_id(), words)])
        return {"exported": False}
    if told.waiting:
        run_log.warn(f"{told.waiting} exports wait to be told: {told.outcome}")
        raise_alerts(home, [failed_export(home, as_of, run_log.run_id(), f"the receiver {told.outcome}")])
    return {"exported": is_new, "export": export.folder_name, "told": told.told, "waiting": told.waiting}
