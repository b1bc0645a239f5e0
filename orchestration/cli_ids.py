"""The commands about ids: keys, the vault, `stillwatch reidentify` and the access log.

Belongs here: arguments, the order of key, log and answer, and what is printed.
"""

from pathlib import Path

import click

from orchestration import terminal
from orchestration.options import by_option, home_at, home_option, json_option, landing_option, print_json

_file = click.Path(dir_okay=False, path_type=Path)
_by_option = by_option("access log")
_reason_option = click.option("--reason", "why", required=True, help="Why, for the access log.")
_vault_key_option = click.option("--key", "vault_key", type=_file, required=True, help="The vault's private key.")


@click.group()
def ids() -> None:
    """Re-keyed ids: their key, its rotation, and the vault that knows whom they name.

    \b
      stillwatch ids new-key ~/.stillwatch/ids-1.json
      export STILLWATCH_ID_KEY_FILE=~/.stillwatch/ids-1.json
      stillwatch ids new-vault ~/.stillwatch/vault.pem      # hand the file to whoever may re-identify, and keep no copy
      stillwatch ids seal                                   # after a night
    """


@ids.command("new-key")
@click.argument("file", type=_file)
@home_option
def new_key(file: Path, home: Path | None) -> None:
    """Write the key of the first epoch to FILE, outside the repository and the home."""
    from orchestration.privacy.id_keys import SETTING, write_new_id_key

    key = write_new_id_key(file, home_at(home))
    click.echo(f"Wrote key {key.key_id} of epoch {key.epoch}; set {SETTING}={file}. Without a safe copy its ids are lost.")


@ids.command("new-vault")
@click.argument("file", type=_file)
@home_option
def new_vault(file: Path, home: Path | None) -> None:
    """Make the home's vault, which only the private key written to FILE opens."""
    from orchestration.privacy.vault import new_vault_key

    where = home_at(home)
    new_vault_key(file, where.vault, where)
    click.echo(f"Made {where.vault}. {file} opens it: hand it to whoever may re-identify, and leave no copy here.")


@ids.command()
@landing_option
@home_option
def seal(landing: Path | None, home: Path | None) -> None:
    """Seal into the vault whom the landed ids name; needs the key of ids, and cannot read what it sealed."""
    from orchestration.privacy.id_keys import require_id_key
    from orchestration.privacy.vault import landed_ids, seal_ids

    where = home_at(home)
    found = landed_ids(landing or where.landing)
    path = seal_ids(where.vault, require_id_key(where), found)
    click.echo(f"Sealed {len(found)} ids in {path}.")


@ids.command()
@click.argument("new_file", type=_file)
@landing_option
@_by_option
@_reason_option
@home_option
def rotate(new_file: Path, landing: Path | None, who: str, why: str, home: Path | None) -> None:
    """Begin a new epoch of ids: write its key to NEW_FILE and seal the map from old to new ids into the vault.

    The next run with the new key asks for a new working warehouse. Releases made before keep their ids.
    """
    from orchestration.privacy import access_log
    from orchestration.privacy.id_keys import SETTING, require_id_key, write_new_id_key
    from orchestration.privacy.vault import landed_ids, require_vault, seal_ids, seal_rotation

    where = home_at(home)
    old = require_id_key(where)
    require_vault(where.vault)
    found = landed_ids(landing or where.landing)
    access_log.record(where.access_log, who, f"rotate ids from epoch {old.epoch} to {old.epoch + 1}", why)
    new = write_new_id_key(new_file, where, old.epoch + 1)
    seal_ids(where.vault, old, found)
    path = seal_rotation(where.vault, old, new, found)
    click.echo(
        f"Epoch {new.epoch} has key {new.key_id}; {len(found)} ids are mapped in {path}. Set {SETTING}={new_file}, delete "
        f"{where.warehouse} and run `stillwatch backfill` over the history."
    )


@ids.command()
@click.argument("published_ids", nargs=-1, required=True)
@_vault_key_option
@_by_option
@_reason_option
@home_option
@json_option
def follow(published_ids: tuple[str, ...], vault_key: Path, who: str, why: str, home: Path | None, as_json: bool) -> None:
    """Say which ids of the newest epoch PUBLISHED_IDS of earlier ones have become; the access is logged first."""
    from orchestration.privacy import access_log
    from orchestration.privacy.vault import newest_ids, open_vault

    where = home_at(home)
    maps = open_vault(where.vault, vault_key, where)
    access_log.record(where.access_log, who, "follow through rotations", why, published_ids)
    _tell(
        [{"published_id": old, "newest_id": new} for old, new in newest_ids(maps, published_ids).items()], published_ids, as_json
    )


@ids.command()
@home_option
@json_option
def accesses(home: Path | None, as_json: bool) -> None:
    """List every re-identification, oldest first; exits with 2 when the log was changed."""
    from orchestration.privacy.access_log import access_faults
    from orchestration.privacy.access_log import accesses as read
    from orchestration.privacy.errors import PrivacyError

    log = home_at(home).access_log
    listed = [access.model_dump(mode="json", exclude={"prev_sha256"}) for access in read(log)]
    if as_json:
        print_json(listed)
    else:
        terminal.print_table(listed)
    if faults := access_faults(log):
        raise PrivacyError(f"{log} does not hold: {'; '.join(faults)}")


@click.command()
@click.argument("published_ids", nargs=-1, required=True)
@_vault_key_option
@_by_option
@_reason_option
@home_option
@json_option
def reidentify(published_ids: tuple[str, ...], vault_key: Path, who: str, why: str, home: Path | None, as_json: bool) -> None:
    """Say which provider ids PUBLISHED_IDS stand for; needs the vault's private key, and the access is logged first.

    \b
    Example:
      stillwatch reidentify 24637674643e612b260c5e09a7383f82 --key /media/legal/vault.pem --reason "case 17, notice to the holder"
    """
    from orchestration.privacy import access_log
    from orchestration.privacy.vault import open_vault, provider_ids

    where = home_at(home)
    maps = open_vault(where.vault, vault_key, where)
    access_log.record(where.access_log, who, "reidentify", why, published_ids)
    found = provider_ids(maps, published_ids)
    _tell([{"published_id": one, "kind": kind, "provider_id": raw} for one, (kind, raw) in found.items()], published_ids, as_json)


def _tell(found: list[dict[str, str]], asked: tuple[str, ...], as_json: bool) -> None:
    if as_json:
        print_json(found)
    else:
        terminal.print_table(found)
    unknown = sorted(set(asked) - {row["published_id"] for row in found})
    if unknown:
        click.echo(f"Not in the vault: {', '.join(unknown)}. `stillwatch ids seal` fills it from the landing folder.", err=True)
