"""The commands about cases and their packages: list cases, build a package, sign it, verify it, rebuild it, keep its custody log.

Belongs here: arguments and what is printed. None of them decides anything about a case.
"""

from pathlib import Path

import click

from orchestration.options import by_option, home_at, home_option, json_option, print_json

_file = click.Path(dir_okay=False, path_type=Path)
_package_argument = click.argument("package", type=click.Path(exists=True, file_okay=False, path_type=Path))
_by_option = by_option("custody log")


@click.command()
@home_option
@click.option("--limit", type=click.IntRange(1), default=None, help="Show only the first cases.")
@click.option("--ids", is_flag=True, help="Print case ids alone, one a line, for a script.")
@json_option
def cases(home: Path | None, limit: int | None, ids: bool, as_json: bool) -> None:
    """List the current release's cases, the strongest first.

    The order: grade by Legal and Policy (ungraded last), then strength score, then accounts, then the oldest.
    """
    from orchestration.publishing.reading import cases as read_cases
    from orchestration.publishing.releases import current_release
    from orchestration.terminal import print_table

    listed = read_cases(current_release(home_at(home).published))[:limit]
    if as_json:
        print_json(listed)
    elif ids:
        click.echo("\n".join(case["case_id"] for case in listed))
    else:
        shown = {"case_id": "case", "strength_grade": "grade", "account_count": "accounts", "policy_clause_id": "clause"}
        print_table([{title: case[name] for name, title in shown.items()} | {"outcome": case["outcome"]} for case in listed])


@click.command()
@click.argument("case")
@click.option("--answers", type=_file, help="YAML with the answers to the exculpatory questions; without, nothing is built.")
@click.option("--template", "template_file", type=_file, help="Write the questions there, to be answered, and build nothing.")
@click.option("--release", help="Release the evidence is taken from.  [default: the one the verdict, else the action, names]")
@click.option("--record", help="Release the decisions are taken from.  [default: the current one]")
@_by_option
@home_option
@json_option
def package(
    case: str,
    answers: Path | None,
    template_file: Path | None,
    release: str | None,
    record: str | None,
    who: str,
    home: Path | None,
    as_json: bool,
) -> None:
    """Build the enforcement package of CASE, a draft for a person to judge and sign.

    \b
    Example:
      stillwatch package case_9bb5cbd0e72051b7 --template answers.yml
      (answer every question in answers.yml)
      stillwatch package case_9bb5cbd0e72051b7 --answers answers.yml --by "enforcement lead"
    """
    from orchestration.packaging.building import build, questions_template
    from orchestration.packaging.choosing import choose

    if (answers is None) == (template_file is None):
        raise click.UsageError("give --template FILE to get the exculpatory questions, or --answers FILE with every one answered")
    where = home_at(home)
    chosen = choose(where.published, case, release, record)
    if template_file is not None:
        if template_file.exists():
            raise click.UsageError(f"{template_file} exists and may hold answers; name another file")
        template_file.write_text(questions_template(chosen, where.packages), encoding="utf-8", newline="\n")
        if as_json:
            print_json({"template": str(template_file), "evidence_release": chosen.evidence.release_id})
        else:
            click.echo(f"Wrote {template_file}. Evidence: {chosen.evidence.release_id}, since {chosen.evidence.chosen_because}.")
        return
    assert answers is not None
    built = build(chosen, where.packages, answers, who)
    if as_json:
        print_json(built.model_dump(mode="json"))
        return
    click.echo(f"Built {built.folder}." if built.is_new else f"Nothing new: {built.folder} already holds this content.")
    click.echo(f"Evidence: {built.evidence_release}, since {built.evidence_chosen_because}. Record: {built.record_release}.")
    click.echo(f"SHA-256 of SHA256SUMS: {built.package_sha256}")
    click.echo(f"Read it: file://{built.folder}/content/finding.html. It is an unsigned draft.")


@click.command()
@_package_argument
@click.option("--key", type=_file, required=True, help="Ed25519 private key in PEM form, without a passphrase.")
@click.option("--why", required=True, help="Why it is signed, for the custody log.")
@_by_option
@json_option
def sign(package: Path, key: Path, why: str, who: str, as_json: bool) -> None:
    """Sign a package that a person has read. A package that does not verify is not signed."""
    from orchestration.packaging import custody, signing
    from orchestration.packaging.errors import PackageError
    from orchestration.packaging.verifying import verify as check

    if not why.strip() or not who.strip():
        raise click.UsageError("--by and --why must say who signs and why")
    found = check(package)
    if found.faults or found.package_sha256 is None:
        raise PackageError(f"{package} does not hold and was not signed: {'; '.join(found.faults)}")
    if signing.is_signed(package):
        raise PackageError(f"{package} is signed by key {found.signed_by} already; a signature is never replaced")
    fingerprint = signing.sign(package, key)
    last = custody.append(package, found.package_sha256, who, f"signed with key {fingerprint}", why)
    if as_json:
        print_json({"package": str(package), "key": fingerprint, "custody_sha256": last})
    else:
        click.echo(f"Signed {package} with key {fingerprint}.\nSHA-256 of the last custody entry, to keep elsewhere: {last}")


@click.command()
@_package_argument
@click.option("--public-key", type=_file, help="Key it should be signed by, had from elsewhere.")
@json_option
def verify(package: Path, public_key: Path | None, as_json: bool) -> None:
    """Check every byte of a package, its archive, its signature and its custody log; exit code 1 when something does not hold."""
    from orchestration.packaging.errors import SealBrokenError
    from orchestration.packaging.verifying import verify as check

    found = check(package, public_key)
    if as_json:
        print_json(found.model_dump(mode="json"))
    elif found.holds:
        signed = f"signed by key {found.signed_by}" if found.signed_by else "an unsigned draft"
        trust = "" if not found.signed_by or found.is_key_trusted else "; whose key that is, this cannot say: give --public-key"
        click.echo(f"{package} holds: {found.file_count} files as sealed, {signed}{trust}.")
        click.echo(
            f"Case {found.case_id}. SHA-256 of SHA256SUMS: {found.package_sha256}. Custody entries: {found.custody_entry_count}."
        )
    if not found.holds:
        raise SealBrokenError(f"{package} does not hold:\n" + "\n".join(f"  {fault}" for fault in found.faults))


@click.command()
@_package_argument
@json_option
def rebuild(package: Path, as_json: bool) -> None:
    """Build a package again from the rows frozen inside it and compare; needs the libraries and the builder it was made with."""
    from orchestration.packaging.errors import SealBrokenError
    from orchestration.packaging.rebuilding import rebuild as build_again

    found = build_again(package)
    if as_json:
        print_json(found.model_dump(mode="json") | {"is_identical": found.is_identical})
    elif found.is_identical:
        click.echo(
            f"Identical: {found.file_count} files rebuilt from the frozen rows, SHA-256 of SHA256SUMS {found.rebuilt_sha256}."
        )
    if not found.is_identical:
        listed = ", ".join(found.differing) or "manifest.json"
        raise SealBrokenError(f"the rebuilt package differs in {listed}; then {found.package_sha256}, now {found.rebuilt_sha256}")


@click.command()
@_package_argument
@click.option("--add", "what", help="What was done with the package, such as 'handed to outside counsel'.")
@click.option("--why", help="Why, with --add.")
@_by_option
@json_option
def custody(package: Path, what: str | None, why: str | None, who: str, as_json: bool) -> None:
    """Show the custody log of a package, or add an entry to it with --add and --why."""
    from orchestration.packaging import custody as log
    from orchestration.packaging import seal
    from orchestration.packaging.verifying import content_of
    from orchestration.terminal import print_table

    if (what is None) != (why is None):
        raise click.UsageError("--add and --why go together: what was done, and why")
    last = None
    if what is not None and why is not None:
        last = log.append(package, seal.package_hash(content_of(package)), who, what, why)
    rows = [entry.model_dump(mode="json") for entry in log.entries(package)]
    if as_json:
        print_json({"entries": rows, "added_sha256": last})
        return
    print_table([{name: row[name] for name in ("at", "who", "what", "why")} for row in rows])
    if last:
        click.echo(f"SHA-256 of the new entry, to keep elsewhere: {last}")


@click.command()
@_package_argument
@click.option("--partner", required=True, help="Partner the indicators are for, as the framework names it.")
@click.option(
    "--exchange-key", "key_file", type=_file, required=True, help="Key agreed with that partner, kept outside the repository."
)
@click.option("--out", type=_file, required=True, help="New file for the STIX bundle.")
@click.option("--why", required=True, help="Why it is shared, for the custody log.")
@_by_option
@json_option
def share(package: Path, partner: str, key_file: Path, out: Path, why: str, who: str, as_json: bool) -> None:
    """Write a signed package's indicators for one partner, blinded under the key agreed with it.

    \b
    Example:
      stillwatch share PACKAGE --partner harbor --exchange-key ~/.stillwatch/harbor.json --out harbor.json --why "referral 9"
    """
    from orchestration.packaging.exchange import read_exchange_key
    from orchestration.packaging.sharing import share as write_for

    shared = write_for(package, read_exchange_key(key_file, partner), out, who, why)
    if as_json:
        print_json(shared.model_dump(mode="json"))
        return
    click.echo(f"Wrote {shared.indicator_count} indicators for {partner} to {out}, blinded under exchange key {shared.key_id}.")
    click.echo(f"SHA-256 of the last custody entry, to keep elsewhere: {shared.custody_sha256}")


@click.command("new-exchange-key")
@click.argument("file", type=_file)
@click.option("--partner", required=True, help="Partner it is agreed with, as the framework names it.")
@json_option
def new_exchange_key(file: Path, partner: str, as_json: bool) -> None:
    """Make a key for blinding what is shared with one partner and write it to FILE; give it to that partner by a safe way."""
    from orchestration.packaging.exchange import write_new_exchange_key

    key = write_new_exchange_key(file, partner)
    if as_json:
        print_json({"file": str(file), "partner": partner, "key_id": key.key_id})
    else:
        click.echo(f"Wrote {file} for {partner}. Key id, to compare with the partner's: {key.key_id}")


@click.command("new-key")
@click.argument("file", type=_file)
@json_option
def new_key(file: Path, as_json: bool) -> None:
    """Make an Ed25519 key for signing packages and write it to FILE, readable by you alone."""
    from orchestration.packaging.signing import write_new_key

    fingerprint = write_new_key(file)
    if as_json:
        print_json({"key": str(file), "fingerprint": fingerprint})
    else:
        click.echo(f"Wrote {file}. Fingerprint of its public key: {fingerprint}")
