"""The adapter of OpenTelemetry's GenAI spans.

Belongs here: what is taken of a span and how it becomes a request of the landing contract.
"""
