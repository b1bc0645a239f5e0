"""The signal catalogue: pairs of SQL and YAML as data, and what is generated from them."""
