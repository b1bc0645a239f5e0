"""A process beside the night, in which the gates judge and what else needs no dbt is done while the night goes on.

Belongs here: that process's life. It ends with whoever began it, however that ends: one left over would hold the warehouse
against the next run. It does one thing at a time, in the order asked. `HERE` does it all in this
process instead, for those who ask once.
"""

import atexit
import gc
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Generator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from importlib import import_module
from typing import Any


class _Here(Executor):
    """Runs what is submitted at once, in this process."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Return the outcome; what the call raises is raised by `result`."""
        outcome: Future[Any] = Future()
        try:
            outcome.set_result(fn(*args, **kwargs))
        except Exception as error:
            outcome.set_exception(error)
        return outcome


HERE: Executor = _Here()


@contextmanager
def aside() -> Generator[Executor]:
    """Begin a process that has the gates imported by the time it is asked; it ends with the block.

    `result` of what is submitted raises what that raised, and BrokenProcessPool when the process was killed.
    """
    # spawned, not forked: a fork would inherit open databases and locks
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), _begin) as process:
        # a pool begins its process when it is first asked
        process.submit(_import_gates)
        try:
            yield process
        except BaseException:
            # nobody waits for an answer any more, least of all whoever pressed Ctrl-C
            for child in multiprocessing.active_children():
                child.kill()
            raise


def collect_rarely() -> None:
    """Let this process look for garbage less often: what a night imports and parses stays to its end.

    At the end it looks for none: going through all that a night holds takes a second, and the system takes it back anyway.
    """
    gc.set_threshold(100_000, 20, 100)
    atexit.register(gc.freeze)


def _begin() -> None:
    collect_rarely()
    # an interrupt at the terminal reaches both processes; the one that waits for the answer says what happened
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _import_gates() -> None:
    for module in ("expectations.runner", "expectations.translation"):
        import_module(module)
