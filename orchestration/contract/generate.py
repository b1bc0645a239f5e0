"""What follows from the landing contract: dbt sources, staging models with their YAML, and the reference page.

Belongs here: text made from the contract alone. `python -m orchestration.contract.generate` writes it,
`--check` exits 1 when a written file differs, so that no fact of the contract stands twice by hand.
"""

import sys
from pathlib import Path
from typing import Any

import yaml

from orchestration.catalogue.generated import write_or_check
from orchestration.contract import FORBIDDEN_CHARACTERS, INDICATOR_KINDS, Column, Contract, Table, landing_contract
from orchestration.privacy.classes import column_config, config_of_class

MAXIMUM_TEXT_LENGTH = 512
HEADER = "Generated from orchestration/contract/landing.yml by `make docs`; edit that file."


def _fault_rules(name: str, table: Table, contract: Contract) -> list[tuple[str, str]]:
    """Return (condition that makes a row faulty, reason) pairs, the first true one naming the row's fault."""
    rules: list[tuple[str, str]] = []
    for column in table.columns:
        rules += _column_rules(column, contract)
    if name != "contracts":
        rules.append((f"cast({table.event_at} as date) > arrived_on", f"future:{table.event_at}"))
    if name == "usage_requests":
        latest = f"cast({table.event_at} as date) + {contract.late_arrival_days}"
        rules.append((f"arrived_on > {latest}", f"too_late:{table.event_at}"))
    return rules


def _column_rules(column: Column, contract: Contract) -> list[tuple[str, str]]:
    rules: list[tuple[str, str]] = []
    if column.required:
        rules.append((f"{column.name} is null", f"missing:{column.name}"))
    if column.type == "VARCHAR":
        rules.append((f"length({column.name}) > {MAXIMUM_TEXT_LENGTH}", f"too_long:{column.name}"))
    if column.vocabulary:
        values = ", ".join(f"'{value}'" for value in column.vocabulary)
        rules.append((f"{column.name} not in ({values})", f"vocabulary:{column.name}"))
    if column.type == "TIMESTAMP":
        rules.append((f"{column.name} < timestamp '{contract.first_moment}'", f"range:{column.name}"))
        rules.append((f"{column.name} > timestamp '{contract.last_moment}'", f"range:{column.name}"))
    if column.type == "DOUBLE":
        # statistics of a file leave NaN out, so a comparison may be decided without looking at the values
        rules.append((f"{{{{ is_not_finite('{column.name}') }}}}", f"range:{column.name}"))
    if column.minimum is not None:
        rules.append((f"{column.name} < {_number(column.minimum)}", f"range:{column.name}"))
    if column.maximum is not None:
        rules.append((f"{column.name} > {_number(column.maximum)}", f"range:{column.name}"))
    return rules


def _type_rules(table: Table) -> list[tuple[str, str]]:
    """Return (condition, reason) pairs for landed values that the contract's type cannot hold."""
    return [
        (f"landed.{c.name} is not null and try_cast(landed.{c.name} as {c.type.lower()}) is null", f"type:{c.name}")
        for c in table.columns
        if c.type != "VARCHAR"
    ]


def _character_rules(table: Table) -> list[str]:
    """Return the lines that look for forbidden characters: in all texts of a kind at once, one search a row, then in each."""
    lines: list[str] = []
    for kind, pattern in FORBIDDEN_CHARACTERS.items():
        names = [column.name for column in table.columns if column.forbidden_characters == pattern]
        if names:
            lines.append(f"            when {{{{ has_foreign_characters('{kind}', {names}) }}}} then")
            lines.append("                case")
            lines += [
                f"                    when {{{{ has_foreign_characters('{kind}', ['{name}']) }}}} then 'characters:{name}'"
                for name in names
            ]
            lines.append("                end")
    return lines


def characters_macro() -> str:
    """Return the macro that tells texts with characters the contract forbids."""
    patterns = ",\n".join(
        f"    '{kind}': '{pattern.replace(chr(92), chr(92) * 2)}'" for kind, pattern in FORBIDDEN_CHARACTERS.items()
    )
    return f"""{{# Whether any of some text columns holds a character that texts of its kind may not. {HEADER} #}}
{{% macro has_foreign_characters(kind, columns) -%}}
{{%- set patterns = {{
{patterns}
}} -%}}
{{{{ holds_match("concat_ws('~', " ~ columns | join(', ') ~ ")", patterns[kind]) }}}}
{{%- endmacro %}}
"""


def _sql_type(column: Column) -> str:
    """Return the column's type as every engine names it."""
    return "{{ dbt.type_string() }}" if column.type == "VARCHAR" else column.type.lower()


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(value)


def staging_sql(name: str, table: Table, contract: Contract) -> str:
    """Return the staging view of one table: contract columns cast, delivery columns, and the row's fault."""
    casts = "\n".join(
        f"        {'cast' if c.type == 'VARCHAR' else 'try_cast'}(landed.{c.name} as {_sql_type(c)}) as {c.name},"
        for c in table.columns
    )
    types = "\n".join(f"            when {when} then '{reason}'" for when, reason in _type_rules(table))
    rules = "\n".join(
        [
            *(f"            when {when} then '{reason}'" for when, reason in _fault_rules(name, table, contract)),
            *_character_rules(table),
        ]
    )
    listed = "\n".join(f"    {_published_form(c)}," for c in table.columns)
    return f"""-- {HEADER}
with

landed as (

    select * from {{{{ source('provider', '{name}') }}}}

),

cast_to_contract as (

    select
{casts}
        case
{types}
        end as type_fault,
        cast(landed.arrived_on as date) as arrived_on,
        landed.source_file,
        landed.source_row
    from landed

),

-- the first breach of the contract names the row's fault; NULL is a sound row
screened as (

    select
        *,
        case
            when type_fault is not null then type_fault
{rules}
        end as fault
    from cast_to_contract

)

select
{listed}
    arrived_on,
    source_file,
    source_row,
    fault
from screened
"""


def _published_form(column: Column) -> str:
    """Return how a column leaves staging: a provider's id re-keyed, anything else as it is."""
    if column.id_kind_column:
        kinds = [
            {t: kind for t, kind in INDICATOR_KINDS.items() if t.endswith("_hash") is is_number} for is_number in (False, True)
        ]
        form = f"rekeyed_indicator('{column.name}', '{column.id_kind_column}', {kinds[0]}, {kinds[1]})"
    elif column.id_kind:
        form = f"rekeyed_{'text' if column.type == 'VARCHAR' else 'number'}('{column.name}', '{column.id_kind}')"
    else:
        return column.name
    return f"{{{{ {form} }}}} as {column.name}"


_DELIVERY_COLUMNS = (
    ("arrived_on", "date", "Night whose arrival day the row counts for."),
    ("source_file", "varchar", "Landing file, relative to the landing folder."),
    ("source_row", "bigint", "Row number within that file, from 0."),
)


def _column_entries(table: Table) -> list[dict[str, Any]]:
    entries = [(c.name, c.type.lower(), c.meaning) for c in table.columns] + list(_DELIVERY_COLUMNS)
    indicators = {c.name for c in table.columns if c.id_kind_column}
    return [
        {
            "name": name,
            "description": meaning,
            "data_type": data_type,
            # the same name is an ordinary figure elsewhere
            "config": config_of_class("re_identifiable") if name in indicators else column_config(name),
        }
        for name, data_type, meaning in entries
    ]


def staging_yaml(name: str, table: Table) -> str:
    """Return the YAML beside one staging view."""
    fault = {
        "name": "fault",
        "description": "First breach of the contract, as kind:column; NULL for a sound row.",
        "data_type": "varchar",
    }
    model = {
        "name": f"stg_provider__{name}",
        "description": f"One row per delivered copy of a {table.grain}: contract columns cast and screened, ids re-keyed.",
        "columns": [*_column_entries(table), fault],
    }
    return f"# {HEADER}\n" + _dump({"version": 2, "models": [model]})


def sources_yaml(contract: Contract) -> str:
    """Return the dbt source `provider`: the landing files of a run, one view a table."""
    tables = [
        {
            "name": name,
            "description": f"One row per delivered copy of a {table.grain}.",
            "columns": _column_entries(table),
        }
        for name, table in contract.tables.items()
    ]
    source = {
        "name": "provider",
        "schema": "landing",
        "description": "The landing files a run consumes, as views the loader makes over Parquet.",
        "tables": tables,
    }
    return f"# {HEADER}\n" + _dump({"version": 2, "sources": [source]})


def tables_macro(contract: Contract) -> str:
    """Return the macro that lists every landing table with its key column."""
    rows = "\n".join(f"    {{'name': '{name}', 'key': '{table.key}'}}," for name, table in contract.tables.items())
    return f"""{{# Name and key column of every landing table. {HEADER} #}}
{{% macro landed_tables() %}}
{{{{ return([
{rows}
]) }}}}
{{% endmacro %}}
"""


def reference_page(contract: Contract) -> str:
    """Return docs/reference/landing.md."""
    lines = ["# Landing tables", "", HEADER, "", f"Contract version {contract.contract_version}. `{contract.path}`", ""]
    for name, table in contract.tables.items():
        need = "required" if table.required else "optional"
        lines += [f"## {name}", "", f"One row per {table.grain}; key `{table.key}`; {need}.", ""]
        lines += ["| column | type | required | meaning |", "|---|---|---|---|"]
        for c in table.columns:
            meaning = c.meaning + (f" One of: {', '.join(c.vocabulary)}." if c.vocabulary else "")
            meaning += f" Unit: {c.unit}." if c.unit else ""
            lines.append(f"| {c.name} | {c.type} | {'yes' if c.required else ''} | {meaning} |")
        lines.append("")
    return "\n".join(lines)


def _dump(document: object) -> str:
    return yaml.safe_dump(document, sort_keys=False, width=110, allow_unicode=True)


def generated_files(root: Path) -> dict[Path, str]:
    """Return every generated file of the repository at `root` with its text."""
    contract = landing_contract()
    staging = root / "models" / "staging" / "provider"
    files = {
        staging / "_provider__sources.yml": sources_yaml(contract),
        root / "docs" / "reference" / "landing.md": reference_page(contract),
        root / "macros" / "landed_tables.sql": tables_macro(contract),
        root / "macros" / "has_foreign_characters.sql": characters_macro(),
    }
    for name, table in contract.tables.items():
        files[staging / f"stg_provider__{name}.sql"] = staging_sql(name, table, contract)
        files[staging / f"stg_provider__{name}.yml"] = staging_yaml(name, table)
    return files


def main(arguments: list[str]) -> int:
    """Write the generated files, or with --check name those that differ and return 1."""
    return write_or_check(generated_files(Path.cwd()), "the contract", check="--check" in arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
