"""Labelled evaluation of detection: simulated worlds, what was found in them, and how good that is.

Belongs here: everything of `stillwatch evaluate`. It reads the truth, so nothing of the warehouse may import it.
"""
