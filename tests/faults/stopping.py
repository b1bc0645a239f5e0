"""Runs one stillwatch command and stops itself at points of a night, so that a test can look at what a kill would leave there.

Call: python -m tests.integration.stopping NOTE COMMAND... The name of each point is written to the file NOTE, then the process
sends itself SIGSTOP. A stopped process has written exactly what a killed one would have.
"""

import os
import signal
import sys
from collections import Counter
from collections.abc import Callable
from functools import partial, wraps
from pathlib import Path
from typing import Any

from orchestration import cli
from orchestration.night import steps, weighing
from orchestration.publishing import release
from orchestration.warehouse import state, transform

NOTE = Path(sys.argv[1])
EVERY_NODE = 20
EVERY_FILE = 80
_seen: Counter[str] = Counter()


def stop(name: str) -> None:
    NOTE.write_text(name, encoding="utf-8")
    os.kill(os.getpid(), signal.SIGSTOP)


def every(kind: str, step: int, name: str) -> None:
    _seen[kind] += 1
    if _seen[kind] % step == 1:
        stop(name)


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
    transform.dbtRunner = partial(transform.dbtRunner, callbacks=[on_event])  # type: ignore[misc]
    for name in ("plan", "gate_sources", "prepare", "find_actors_by_date", "build_queue_by_date", "measure", "gate_marts"):
        around(steps, name, partial(stop, f"before {name}"))
    around(weighing, "weigh_signals", partial(stop, "before weigh_signals"))
    around(state, "rewind", lambda: None, partial(stop, "after rewind"))
    around(steps, "publish_release", partial(stop, "before publish_release"), partial(stop, "after publish_release"))
    for name in ("write_part", "link_part", "sync"):
        around(release, name, partial(every, name, EVERY_FILE, f"at a {name}"))
    around(release, "write_manifest", partial(stop, "before write_manifest"))
    around(release, "point_current_at", partial(stop, "renamed, not linked"), partial(stop, "linked"))
    around(state, "finish", partial(stop, "linked, not finished"), partial(stop, "finished"))
    sys.argv = ["stillwatch", *sys.argv[2:]]
    cli.main()


if __name__ == "__main__":
    main()
