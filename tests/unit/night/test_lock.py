"""One run at a time, and the one that waits is told who runs."""

import subprocess
import sys
from pathlib import Path

import pytest

from orchestration.night.lock import HomeLockedError, home_lock
from orchestration.settings import Home

_HOLD = """
import sys
from pathlib import Path
from orchestration.night.lock import home_lock
from orchestration.settings import Home
with home_lock(Home(root=Path(sys.argv[1]))):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_second_run_is_refused_and_names_the_first(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(HomeLockedError, match=str(holder.pid)), home_lock(Home(root=tmp_path)):
            pass
        holder.kill()
    with home_lock(Home(root=tmp_path)):
        assert (tmp_path / "lock-holder.json").exists()
    assert not (tmp_path / "lock-holder.json").exists()
