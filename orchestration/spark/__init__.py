"""Nights whose models run on Apache Spark: where it is, and what passes between it and the working warehouse."""
