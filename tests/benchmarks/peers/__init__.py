"""The same features by other engines on one day of requests."""
