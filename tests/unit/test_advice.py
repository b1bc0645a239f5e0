"""What an operator is told of a full disk, an unwritable folder, a damaged warehouse, a killed gate and a lost Spark."""

import errno
import os
from concurrent.futures.process import BrokenProcessPool

import click
import pytest

from orchestration.advice import advice_on
from orchestration.exits import run_command


def _system(code: int) -> OSError:
    return OSError(code, os.strerror(code))


def _caused_by(cause: Exception) -> RuntimeError:
    try:
        raise RuntimeError("dbt failed") from cause
    except RuntimeError as error:
        return error


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (_system(errno.ENOSPC), "disk is full"),
        (_system(errno.EDQUOT), "disk is full"),
        (_system(errno.EFBIG), "disk is full"),
        (_system(errno.EROFS), "must be writable"),
        (_system(errno.EACCES), "must be writable"),
        (_caused_by(_system(errno.ENOSPC)), "disk is full"),
        (BrokenProcessPool("A process in the process pool was terminated abruptly"), "want of memory"),
        (RuntimeError("Corrupt database file: computed checksum 1 does not match stored checksum 2"), "stillwatch recover"),
        (RuntimeError("dbt failed. accounts: TSocket read 0 bytes"), "Thrift server went away"),
        (RuntimeError("dbt failed. scores: failed to connect: TTransportException: unexpected"), "Thrift server went away"),
        (RuntimeError("the dbt project does not parse: Could not find adapter type spark!"), "uv sync --group spark"),
    ],
)
def test_each_is_told_apart_and_says_what_to_do(error: Exception, words: str, capsys: pytest.CaptureFixture[str]) -> None:
    @click.group(invoke_without_command=True)
    def failing() -> None:
        raise error

    assert words in (advice_on(error) or "")
    with pytest.raises(SystemExit) as left, pytest.MonkeyPatch.context() as patched:
        patched.setattr("sys.argv", ["stillwatch"])
        run_command(failing)
    assert left.value.code == 1
    printed = capsys.readouterr().err
    assert words in printed
    assert "internal error" not in printed


def test_other_errors_have_no_advice() -> None:
    assert advice_on(ValueError("n must be positive")) is None


def test_errors_that_name_each_other_as_cause_are_read_once() -> None:
    first, second = ValueError("first"), ValueError("No space left on device")
    first.__context__, second.__context__ = second, first
    assert "disk is full" in (advice_on(first) or "")
    second.args = ("second",)
    assert advice_on(first) is None
