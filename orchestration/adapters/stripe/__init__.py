"""Stripe's own objects as JSON, and the SQL that shapes them; a connector's tables of the same facts are shaped by it too.

Belongs here: which values of which objects are read, and how they become charges, credits and what is known of accounts.
"""
