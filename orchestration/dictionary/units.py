"""The unit of a column, as the house rules of naming say it.

Belongs here: names and types that promise a unit. A column whose name promises none has its unit in its description.
"""

import re

_BY_NAME: tuple[tuple[str, str], ...] = (
    (r"hours_\w+_to_\w+", "hours"),
    (r".*_days", "days"),
    (r".*_(share|probability)(_\d+d)?", "0 to 1"),
    (r"(.*_)?(count|n)(_\d+d)?", "count"),
    (r".*_tokens(_\d+d)?", "tokens"),
    (r".*_usd", "US dollars"),
    (r".*_amount", "minor units of money"),
    (r"(.*_)?log_odds|(resale_)?(evidence|contribution)", "log-odds"),
)
_BY_TYPE = {"timestamp": "UTC", "date": "UTC day", "boolean": "yes or no"}
_NUMBERS = ("bigint", "integer", "smallint", "double", "decimal")


def unit_of(column: str, data_type: str) -> str:
    """Return the unit of a column, '' where neither its name nor its type says one; `_7d` and `_28d` say the days it is over."""
    if data_type in _BY_TYPE:
        return _BY_TYPE[data_type]
    if not data_type.startswith(_NUMBERS):
        return ""
    unit = next((unit for pattern, unit in _BY_NAME if re.fullmatch(pattern, column)), "")
    window = re.search(r"_(\d+)d$", column)
    if not window:
        return unit
    days = "over 1 day" if window[1] == "1" else f"over {window[1]} days"
    return f"{unit}, {days}" if unit else days
