"""`stillwatch doctor`: whether an installation is as it must be, in one screen.

Belongs here: the checks, each a line with its state and what to do. Nothing is changed, and no key is told.
"""

import shutil
import sys
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import duckdb
import yaml

from orchestration.check import Check
from orchestration.privacy.access_log import access_faults
from orchestration.privacy.errors import PrivacyError
from orchestration.privacy.id_keys import SETTING, configured_id_key
from orchestration.privacy.vault import PUBLIC_KEY
from orchestration.publishing.manifest import read_manifest
from orchestration.publishing.releases import ReleaseError, current_or_none
from orchestration.runbook import Section
from orchestration.settings import PROJECT_ROOT, Home
from orchestration.spark.settings import SparkSettings
from orchestration.spark.statements import SparkError, check_settings, statements

LEAST_FREE_SHARE = 0.1
LEAST_FREE_BYTES = 2 * 1024**3
_LIBRARIES = ("dagster", "dagster-webserver", "dbt-core", "dbt-duckdb", "duckdb", "great-expectations", "polars", "pyarrow")


def examine(home: Home) -> list[Check]:
    """Return every check of an installation and a home; a check that fails in itself is a fault."""
    return [_guarded(*check, home) for check in all_checks(home)]


def all_checks(home: Home) -> list[tuple[str, Section, Callable[[Home], Check]]]:
    """Return the checks in the order of the screen, each with its name and section."""
    from orchestration.doctor_nights import night_checks  # noqa: PLC0415 - the gates are heavy

    on_spark = [("spark", Section.SPARK, _spark)] if home.is_on_spark else []
    return [
        ("versions", Section.VERSIONS, _versions),
        ("home", Section.RELEASE, _home),
        *night_checks(),
        ("key of ids", Section.ID_KEY, _id_key),
        ("vault", Section.VAULT, _vault),
        ("access log", Section.ACCESS_LOG, _access_log),
        ("telemetry", Section.TELEMETRY, _telemetry),
        ("disk", Section.DISK_FULL, _disk),
        *on_spark,
    ]


def _guarded(name: str, section: Section, check: Callable[[Home], Check], home: Home) -> Check:
    try:
        found = check(home)
    except (OSError, ValueError, duckdb.Error, SparkError) as error:
        return Check(name=name, state="fault", words=str(error).split("\n", 1)[0], section=section)
    return found if found.section else found.model_copy(update={"section": section})


def _versions(_home: Home) -> Check:
    found: list[str] = []
    missing: list[str] = []
    for library in _LIBRARIES:
        try:
            found.append(f"{library} {version(library)}")
        except PackageNotFoundError:
            missing.append(library)
    python = ".".join(map(str, sys.version_info[:3]))
    if missing:
        return Check(name="versions", state="fault", words=f"{', '.join(missing)} missing: run `make env`")
    return Check(name="versions", state="ok", words=f"stillwatch {version('stillwatch')}, python {python}, {', '.join(found)}")


def _home(home: Home) -> Check:
    if not home.root.is_dir():
        return Check(name="home", state="note", words=f"{home.root} is not there yet; the first run makes it")
    try:
        current = current_or_none(home.published)
    except ReleaseError as error:
        return Check(name="home", state="fault", words=str(error))
    if current is None:
        return Check(name="home", state="note", words=f"{home.root}; nothing is published yet")
    manifest = read_manifest(current)
    ids = f"ids re-keyed, epoch {manifest.id_epoch}" if manifest.ids_rekeyed else "ids not re-keyed"
    return Check(name="home", state="ok", words=f"{home.root}; current release {manifest.release_id}, {ids}")


def _id_key(home: Home) -> Check:
    try:
        key = configured_id_key(home)
    except PrivacyError as error:
        return Check(name="key of ids", state="fault", words=str(error))
    current = current_or_none(home.published)
    epoch = read_manifest(current).id_epoch if current else None
    if key is None and epoch is not None:
        words = f"the current release has ids of epoch {epoch} and {SETTING} names no key: set it before the next night"
        return Check(name="key of ids", state="fault", words=words)
    if key is None:
        words = f"none: ids stay under the provider's key alone. `stillwatch ids new-key FILE` and {SETTING} change that"
        return Check(name="key of ids", state="note", words=words)
    if current and epoch != key.epoch:
        words = (
            f"key {key.key_id} is of epoch {key.epoch}, the current release of {epoch or 'none'}: a new epoch needs a backfill"
        )
        return Check(name="key of ids", state="note", words=words)
    return Check(name="key of ids", state="ok", words=f"key {key.key_id} of epoch {key.epoch}")


def _vault(home: Home) -> Check:
    if not (home.vault / PUBLIC_KEY).is_file():
        if configured_id_key(home) is None:
            return Check(name="vault", state="ok", words="none, and none is needed while ids are not re-keyed")
        words = "none: nobody can be told whom a re-keyed id names. `stillwatch ids new-vault FILE` makes one"
        return Check(name="vault", state="fault", words=words)
    count = len(list(home.vault.glob("*.sealed")))
    if count == 0:
        return Check(name="vault", state="fault", words="empty: run `stillwatch ids seal` after every night")
    return Check(name="vault", state="ok", words=f"{count} sealed maps in {home.vault}")


def _access_log(home: Home) -> Check:
    faults = access_faults(home.access_log)
    if faults:
        return Check(name="access log", state="fault", words=f"{home.access_log} was changed: {'; '.join(faults)}")
    words = f"{home.access_log} holds" if home.access_log.exists() else "nobody was re-identified"
    return Check(name="access log", state="ok", words=words)


def _telemetry(_home: Home) -> Check:
    dagster = yaml.safe_load((PROJECT_ROOT / "dagster.yaml").read_text(encoding="utf-8"))
    dbt = yaml.safe_load((PROJECT_ROOT / "dbt_project.yml").read_text(encoding="utf-8"))
    on = [
        name
        for name, switch in (
            ("dagster.yaml", dagster.get("telemetry", {}).get("enabled", True)),
            ("dbt_project.yml", dbt.get("flags", {}).get("send_anonymous_usage_stats", True)),
        )
        if switch is not False
    ]
    if on:
        return Check(name="telemetry", state="fault", words=f"switched on in {', '.join(on)}: switch it off there")
    return Check(name="telemetry", state="ok", words="off in dbt, Dagster and Great Expectations")


def _spark(_home: Home) -> Check:
    asked = SparkSettings()
    with statements(asked) as spark:
        check_settings(spark)
    return Check(name="spark", state="ok", words=f"answers at {asked.host}:{asked.port}, and is set as it must be")


def _disk(home: Home) -> Check:
    place: Path = home.root
    while not place.exists():
        place = place.parent
    usage = shutil.disk_usage(place)
    words = f"{usage.free / 1024**3:.1f} GB free of {usage.total / 1024**3:.1f}"
    if usage.free < min(LEAST_FREE_BYTES, LEAST_FREE_SHARE * usage.total):
        return Check(name="disk", state="fault", words=f"{words}: free some before the next night")
    return Check(name="disk", state="ok", words=words)
