"""One run: its lock and its steps."""
