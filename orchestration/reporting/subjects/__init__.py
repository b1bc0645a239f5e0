"""A page for each lead that waits: what its subject did, beside whom, linked how, and what speaks against.

Belongs here: reading all queued subjects at once, and what of one is drawn. The words of a lead are `publishing/notes.py`'s.
"""
