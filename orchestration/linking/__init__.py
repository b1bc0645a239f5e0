"""From weighted links between accounts to actors with ids that last.

Belongs here: finding groups on one date's links, carrying their ids from date to date, and measuring the result against
truth. Making the links is SQL's work; looping over dates is the caller's.
"""
