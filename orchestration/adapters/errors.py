"""The error of a source that cannot be landed as given.

Belongs here: the one class, so that the command line knows it by its name.
"""


class AdapterError(ValueError):
    """A source, setting or state that cannot be used; the message says what was required, what was given and what to do."""
