"""The error of this package; its messages say what was required, what was given and what to do, and never hold a key."""


class PrivacyError(ValueError):
    """A key, vault or log that cannot be used as given."""
