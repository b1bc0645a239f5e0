"""Stripe as a connector (Fivetran and those that name alike) writes it: tables as CSV or Parquet, or in a PostgreSQL schema.

Belongs here: which columns of which tables are read, under the names that the SQL of `orchestration.adapters.stripe` knows.
"""
