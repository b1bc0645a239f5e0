"""How long things are kept: what still refers to a release, pruning the others, and requests to delete an account."""
