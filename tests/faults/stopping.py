"""Runs one stillwatch command and stops or kills itself at points of a night, so that a test sees what a kill leaves.

Call: python -m tests.faults.stopping NOTE AT COMMAND... The names of the points passed are written to the file NOTE, one a line.
AT is the number of the point at which the process sends itself SIGKILL, or `every`: then it sends itself SIGSTOP at each.
"""

import os
import signal
import sys
from collections import Counter
from collections.abc import Callable
from functools import partial, wraps
from itertools import count
from pathlib import Path
from typing import Any

from orchestration import cli
from orchestration.night import steps, weighing
from orchestration.publishing import release
from orchestration.warehouse import state, transform

NOTE, AT = Path(sys.argv[1]), sys.argv[2]
EVERY_NODE = 20
EVERY_FILE = 80
_counted: Counter[str] = Counter()
_passed = count()


def reach(name: str) -> None:
    number = next(_passed)
    with NOTE.open("a", encoding="utf-8") as note:
        note.write(name + "\n")
    if AT == "every":
        os.kill(os.getpid(), signal.SIGSTOP)
    elif number == int(AT):
        os.kill(os.getpid(), signal.SIGKILL)


def every(kind: str, step: int, name: str) -> None:
    _counted[kind] += 1
    if _counted[kind] % step == 1:
        reach(name)


def around(module: Any, name: str, before: Callable[[], None], after: Callable[[], None] | None = None) -> None:
    plain = getattr(module, name)

    @wraps(plain)
    def stopping(*arguments: Any, **options: Any) -> Any:
        before()
        outcome = plain(*arguments, **options)
        if after:
            after()
        return outcome

    setattr(module, name, stopping)


def on_event(event: Any) -> None:
    if event.info.name == "NodeFinished":
        every("node", EVERY_NODE, f"after dbt node {event.data.node_info.node_name}")


def main() -> None:
    plain = transform.dbtRunner
    transform.dbtRunner = lambda callbacks, **given: plain(callbacks=[*callbacks, on_event], **given)  # type: ignore[misc]
    for name in ("plan", "gate_sources", "prepare", "find_actors_by_date", "build_queue_by_date", "measure", "gate_marts"):
        around(steps, name, partial(reach, f"before {name}"))
    around(weighing, "weigh_signals", partial(reach, "before weigh_signals"))
    around(state, "rewind", lambda: None, partial(reach, "after rewind"))
    around(steps, "publish_release", partial(reach, "before publish_release"), partial(reach, "after publish_release"))
    for name in ("write_part", "link_part", "sync"):
        around(release, name, partial(every, name, EVERY_FILE, f"at a {name}"))
    around(release, "write_manifest", partial(reach, "before write_manifest"))
    around(release, "point_current_at", partial(reach, "renamed, not linked"), partial(reach, "linked"))
    around(state, "finish", partial(reach, "linked, not finished"), partial(reach, "finished"))
    sys.argv = ["stillwatch", *sys.argv[3:]]
    cli.main()


if __name__ == "__main__":
    main()
