"""Enforcement packages: the facts of one case, frozen from published releases, for people in Legal and Policy to judge.

Belongs here: freezing rows, composing a package from them alone, sealing, signing, verifying and rebuilding it. Nothing here
decides anything: a package is a draft for a person to sign.
"""
