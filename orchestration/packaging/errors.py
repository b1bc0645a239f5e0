"""What can go wrong with a package, in words that say what was required, what was given and what to do."""


class PackageError(ValueError):
    """A package that cannot be built, found, signed or rebuilt as asked."""


class AnswersError(PackageError):
    """Exculpatory questions without a usable answer; the message lists every one."""


class SealBrokenError(RuntimeError):
    """A package whose content, signature or custody log does not hold; the message lists what."""
