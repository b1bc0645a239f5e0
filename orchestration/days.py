"""Days in a row.

Belongs here: the list of them, which nights, landings and reconciliation all go through.
"""

from datetime import date, timedelta


def days_between(first: date, last: date) -> list[date]:
    """Return the days from `first` to `last`, both included; none where `last` is before."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
