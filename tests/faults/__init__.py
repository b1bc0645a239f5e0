"""Faults of a night and of what it leaves: done to a real home, each is compared with a night left alone."""
