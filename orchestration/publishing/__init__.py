"""Releases: building, publishing, listing and reading them."""
