"""`make audit`: whether a dependency of the lock has a known vulnerability, and whether anybody could be asked.

Belongs here: running pip-audit over `uv.lock` and telling its outcomes apart. It ends well too where every package was skipped
because the source knew none; an audit that could not be made is no clean one.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict

CLEAN = 0
VULNERABLE = 1
NO_SOURCE = 4
"""Exit code where no source of advisories answered for any package, so that nothing is known."""
SOURCES = ("pypi", "osv")

Run = Callable[[Sequence[str]], str]
"""Runs a command and returns its standard output."""


class Vulnerability(BaseModel):
    """One known vulnerability of a package, with the versions that mend it."""

    model_config = ConfigDict(extra="ignore")

    id: str
    fix_versions: tuple[str, ...] = ()


class Dependency(BaseModel):
    """One package as pip-audit tells of it; `skip_reason` where it could not be audited."""

    model_config = ConfigDict(extra="ignore")

    name: str
    version: str = ""
    vulns: tuple[Vulnerability, ...] = ()
    skip_reason: str | None = None


def standard_output(command: Sequence[str]) -> str:
    """Run a command and return its standard output; what else it says of faults is told by its lack."""
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def audit(requirements: Path, run: Run = standard_output) -> tuple[int, str]:
    """Audit pinned requirements with the first source that answers; return the exit code and what to print."""
    for source in SOURCES:
        options = ["--format", "json", "--progress-spinner", "off", "--timeout", "15", "--vulnerability-service", source]
        tool = str(Path(sys.executable).with_name("pip-audit"))
        answer = _dependencies(run([tool, "--disable-pip", "--require-hashes", "-r", str(requirements), *options]))
        audited = [dependency for dependency in answer if dependency.skip_reason is None]
        if audited:
            return _verdict(source, audited, [dependency for dependency in answer if dependency.skip_reason])
    return NO_SOURCE, (
        f"NOT AUDITED: no source of advisories ({', '.join(SOURCES)}) answered for any package, so nothing is known. Run "
        "`make audit` where pypi.org or api.osv.dev can be reached."
    )


def _dependencies(output: str) -> list[Dependency]:
    try:
        return [Dependency.model_validate(found) for found in json.loads(output)["dependencies"]]
    except (ValueError, KeyError, TypeError):
        return []


def _verdict(source: str, audited: Sequence[Dependency], skipped: Sequence[Dependency]) -> tuple[int, str]:
    lines = [
        f"{found.name} {found.version}: {vulnerability.id}, mended in {', '.join(vulnerability.fix_versions) or 'no version yet'}"
        for found in audited
        for vulnerability in found.vulns
    ]
    lines += [f"{found.name}: not audited, {found.skip_reason}" for found in skipped]
    count = sum(len(found.vulns) for found in audited)
    lines.append(f"{len(audited)} packages audited by {source}: {count} known vulnerabilities; {len(skipped)} not audited.")
    return (VULNERABLE if count else CLEAN), "\n".join(lines)


def main(uv: str) -> int:
    """Audit the run-time packages of `uv.lock`, exported by the uv given; print the verdict and return the exit code."""
    with tempfile.TemporaryDirectory() as folder:
        requirements = Path(folder) / "requirements.txt"
        export = [uv, "export", "--frozen", "--quiet", "--no-emit-project", "--no-default-groups", "-o", str(requirements)]
        subprocess.run(export, check=True)
        code, words = audit(requirements)
    print(words)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
