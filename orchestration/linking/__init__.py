"""Linking: accounts to actors, with ids that last."""
