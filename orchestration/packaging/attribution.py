"""Who is behind an actor: only ever what a person states, in versions, on at least two independent sources.

Belongs here: reading the statements. Nothing is inferred from the data.
"""

from orchestration.packaging.facts import Facts, Row

FEWEST_SOURCES = 2


def standing_attribution(facts: Facts) -> Row | None:
    """Return the statement that stands: the current one, with enough independent sources; None is "unattributed"."""
    return next((r for r in facts["attributions"] if r["is_current"] and r["source_count"] >= FEWEST_SOURCES), None)


def attribution_sentence(facts: Facts) -> str:
    """Say who is behind the actor: by reference to a person's statement, or that nobody is named."""
    stated = standing_attribution(facts)
    if stated is not None:
        return (
            f"A person attributes the actor in statement {stated['statement_ref']}, version {stated['version']}, of "
            f"{stated['stated_at']:%Y-%m-%d}, with confidence {stated['confidence']:.2f} on {stated['source_count']} independent "
            "sources. The statement is kept with its author; the data do not name anybody."
        )
    current = [r for r in facts["attributions"] if r["is_current"]]
    if current:
        return (
            f"Unattributed. Statement {current[0]['statement_ref']} rests on {current[0]['source_count']} independent source; "
            f"{FEWEST_SOURCES} are required."
        )
    return "Unattributed. No person's statement stands."
