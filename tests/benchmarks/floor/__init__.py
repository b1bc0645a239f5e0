"""A night against the same marts by a hand-written script."""
