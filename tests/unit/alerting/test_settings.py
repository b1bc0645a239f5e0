"""Where alerts may be sent, and that what is refused is not told."""

from pathlib import Path

import pytest

from orchestration.alerting.settings import AlertError, Webhook, operation_settings, webhook_of
from orchestration.settings import Home

URL = "STILLWATCH_ALERT_WEBHOOK"
HEADER = "STILLWATCH_ALERT_HEADER_FILE"


def _webhook(home: Home) -> Webhook | None:
    return webhook_of(operation_settings(), home)


def test_none_is_configured_unless_somebody_does(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _webhook(home) is None
    monkeypatch.setenv(URL, "")
    assert _webhook(home) is None
    assert operation_settings().night_due_hour == 6


@pytest.mark.parametrize("url", ["https://hooks.example/T0/secret", "http://127.0.0.1:9/secret", "http://localhost/secret"])
def test_https_and_this_machine_are_allowed(home: Home, monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv(URL, url)
    found = _webhook(home)
    assert found is not None
    assert found.url.get_secret_value() == url
    assert "secret" not in repr(found)


@pytest.mark.parametrize(
    "url", ["http://hooks.example/secret", "ftp://127.0.0.1/secret", "secret", "https:///secret", "http://[secret"]
)
def test_others_are_refused_and_not_told(home: Home, monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv(URL, url)
    with pytest.raises(AlertError, match="must be an https address") as refused:
        _webhook(home)
    assert "secret" not in str(refused.value)


def test_plain_http_is_allowed_where_somebody_says_so(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(URL, "http://hooks.internal/x")
    monkeypatch.setenv("STILLWATCH_ALERT_ALLOW_HTTP", "1")
    assert _webhook(home) is not None


def test_a_setting_that_cannot_be_read_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STILLWATCH_NIGHT_DUE_HOUR", "noon")
    with pytest.raises(AlertError, match="STILLWATCH_NIGHT_DUE_HOUR"):
        operation_settings()


def test_a_header_comes_from_a_file_of_its_owner(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "header"
    path.write_text("Authorization: Bearer secret:1\n", encoding="utf-8")
    monkeypatch.setenv(URL, "https://hooks.example/x")
    monkeypatch.setenv(HEADER, str(path))
    path.chmod(0o644)
    with pytest.raises(AlertError, match="chmod 600"):
        _webhook(home)
    path.chmod(0o600)
    found = _webhook(home)
    assert found is not None and found.header_value is not None
    assert (found.header_name, found.header_value.get_secret_value()) == ("Authorization", "Bearer secret:1")


@pytest.mark.parametrize("text", ["", "secret", ": secret", "Name:", "Name: secret\nOther: secret"])
def test_a_file_that_holds_no_header_is_refused_and_not_told(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    path = tmp_path / "header"
    path.touch(mode=0o600)
    path.write_text(text, encoding="utf-8")
    monkeypatch.setenv(URL, "https://hooks.example/x")
    monkeypatch.setenv(HEADER, str(path))
    with pytest.raises(AlertError, match="must hold one line") as refused:
        _webhook(home)
    assert "secret" not in str(refused.value)


def test_a_header_in_the_home_is_refused(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    path = home.root / "header"
    path.touch(mode=0o600)
    monkeypatch.setenv(URL, "https://hooks.example/x")
    monkeypatch.setenv(HEADER, str(path))
    with pytest.raises(AlertError, match="lies in the home"):
        _webhook(home)
