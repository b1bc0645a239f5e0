"""Adapters: what providers run today, as the tables of the landing contract.

Belongs here: reading a system's own tables, shaping them into the contract's columns and putting keyed hashes in place of every
id before a row is written. What the columns mean afterwards is the warehouse's. An adapter is a folder: `adapter.yml` says which
tables and columns it reads, one SQL file per landing table shapes them.
"""
