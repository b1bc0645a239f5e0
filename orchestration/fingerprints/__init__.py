"""Keyed fingerprints of text, made where the text is held.

Belongs here: the one step that reads prompts. It runs with whoever holds the text, writes numbers alone, and nothing of the
warehouse imports it.
"""
