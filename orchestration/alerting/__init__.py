"""Telling whoever is on duty: what an alert says, the log of alerts, and the webhook they go to."""
