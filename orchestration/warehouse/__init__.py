"""The working warehouse: its own state, and dbt run against it in process."""
