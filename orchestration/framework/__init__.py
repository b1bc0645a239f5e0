"""The enforcement framework replayed: what past cases would come to under another version."""
