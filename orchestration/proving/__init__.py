"""Whether the estimators' intervals hold the truth as often as they say, on simulated case tables of known truth.

Belongs here: tables of facts drawn at random with their truth, the estimators run on them, and the page of coverages. The
estimators themselves are in `orchestration.measurement`.
"""
