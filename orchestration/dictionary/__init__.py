"""What a release's tables are: their columns, what is checked of them, who reads them and what they are made from.

Belongs here: the catalog that every release holds, made from dbt's manifest, and the walk from a table back to its landing
tables. How it is shown is `reporting`'s.
"""
