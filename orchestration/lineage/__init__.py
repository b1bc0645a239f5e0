"""What a data catalogue is told of a run: which step read and wrote which table, as OpenLineage events."""
