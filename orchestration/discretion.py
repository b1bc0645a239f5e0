"""What may be said of an error where others read it: in alerts and in the run log.

Belongs here: telling words that are ours alone from words that may hold a landed value. A database names the value it could not
convert, a gate gives examples, a lock names the holder's whole command line; none of these leaves the terminal of whoever ran it.
"""

_OWN_WORDS = {"LandingError", "WarehouseError", "GateFailedError", "AlertError"}
"""Errors whose first line holds paths, dates and counts alone."""
_INSTEAD = {
    "HomeLockedError": "another run holds the home",
    "TransformError": "a dbt model or test failed; logs/dbt.log in the home names it",
}


def discreet_words(error: BaseException) -> str:
    """Return one line on an error without landed values, ids or secrets: its own where they are known to hold none."""
    kind = type(error).__name__
    if kind in _OWN_WORDS:
        return str(error).split("\n", 1)[0]
    return _INSTEAD.get(kind, f"{kind}; its words are told only where the command ran")
