"""The coverage page of a release: which signals could be computed for whom, why not for others, and tactics that none sees."""
