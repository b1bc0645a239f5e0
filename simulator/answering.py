"""Example answers to the exculpatory questions of a case of the synthetic provider, for the demo's package.

Belongs here: filling a template in so that every reader sees that nobody answered. A real case is answered by a person:
`python -m simulator.answering TEMPLATE ANSWERS`.
"""

import sys
from pathlib import Path

import yaml

ANSWERED_BY = "nobody: a demonstration on simulated data"
ANSWER = "A demonstration on simulated data. Nobody looked into this; in a real case a person answers here."


def demonstrate(template: str) -> str:
    """Return the template of `stillwatch package --template` with each answer open in substance: it could not be told.

    The date is that of the record release. Raises ValueError when the text is no such template.
    """
    given = yaml.safe_load(template)
    if not isinstance(given, dict) or not isinstance(given.get("answers"), dict):
        raise ValueError("the template must hold `answers`; write one with `stillwatch package CASE --template FILE`")
    given["answered_by"] = ANSWERED_BY
    given["answered_on"] = str(given["record_release"])[:10]
    for entry in given["answers"].values():
        entry |= {"finding": "could_not_tell", "answer": ANSWER}
    return yaml.safe_dump(given, sort_keys=False, allow_unicode=True, width=120)


if __name__ == "__main__":
    source, target = map(Path, sys.argv[1:])
    target.write_text(demonstrate(source.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
