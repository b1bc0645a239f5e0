"""What all tests share: one parsed dbt project a worker, whatever home a test makes."""

import os

from orchestration.settings import PROJECT_ROOT

# before any test asks for it, and for the commands that tests start
os.environ.setdefault("STILLWATCH_PARSED", str(PROJECT_ROOT / "var" / "parsed" / os.environ.get("PYTEST_XDIST_WORKER", "alone")))
