"""The Content-Security-Policy of pages that stand alone.

Belongs here: what a page may load and run, which is only what stands inline in it.
"""

import base64
import hashlib


def inline_source(content: str) -> str:
    """Return the source expression that allows one inline block: `'sha256-<base64>'`."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"
