"""What enforcement achieved: estimators over named facts models, with intervals.

Belongs here: statistics on frames. Reading and writing the warehouse, and drawing, happen elsewhere. Nothing is imported here:
who reads a release needs the facts' names and not the statistics.
"""
