"""The whole page: that it is whole, safe, self-contained and the same for the same release."""

import base64
import hashlib
import posixpath
import re
from pathlib import Path

import pytest

from orchestration.reporting import ReleaseError, ReportSettings, write_site

from .release_fixture import HOSTILE, TABLES, empty_release, rich_release, write_release

PAGES = (
    "index.html",
    "leads.html",
    "report.html",
    "weekly.html",
    "monthly.html",
    "gates.html",
    "coverage.html",
    "dictionary.html",
)
FIGURES = ("volume", "returns", "times", "consistency", "rates", "signals", "traffic")


def report_of(release: Path, out: Path) -> str:
    write_site(release, out)
    return (out / "report.html").read_text(encoding="utf-8")


def figure(page: str, figure_id: str) -> str:
    found = re.search(rf'<figure id="figure-{figure_id}".*?</figure>', page, re.DOTALL)
    assert found, figure_id
    return found[0]


@pytest.mark.parametrize("figure_id", FIGURES)
def test_every_figure_is_drawn_twice_and_has_its_rows(rich_page: str, figure_id: str):
    drawn = figure(rich_page, figure_id)
    assert drawn.count("<svg ") == 2
    assert drawn.count('role="img"') == 2
    assert "<details>" in drawn
    for term in ("Definition", "n", "Interval", "Source"):
        assert f"<dt>{term}</dt>" in drawn


@pytest.mark.parametrize("figure_id", FIGURES)
def test_an_empty_release_gives_sentences_instead_of_charts(empty_page: str, figure_id: str):
    said = figure(empty_page, figure_id)
    assert "<svg" not in said
    assert "Not drawn:" in said


def test_an_empty_release_gives_whole_pages(empty_site: dict[str, str]):
    assert tuple(empty_site) == PAGES
    for page in empty_site.values():
        assert page.rstrip().endswith("</html>")
        assert not re.search(r"\bnan\b", page, re.IGNORECASE)
    assert "there is no effect to measure yet" in empty_site["report.html"]
    assert "No lead is in the queue." in empty_site["leads.html"]
    assert "there is none before it to compare with" in empty_site["index.html"]


def test_ids_are_unique_and_every_reference_resolves(rich_site: dict[str, str]):
    for name, page in rich_site.items():
        ids = re.findall(r'\sid="([^"]+)"', page)
        assert len(ids) == len(set(ids)), name
        referred = re.findall(r'href="#([^"]+)"', page)
        referred += [one for found in re.findall(r'aria-labelledby="([^"]+)"', page) for one in found.split()]
        assert set(referred) <= set(ids), name
        led_to = {
            posixpath.normpath(posixpath.join(posixpath.dirname(name), href)) for href in re.findall(r'href="([^"#:]+)"', page)
        }
        assert led_to <= set(rich_site), name


def test_landed_values_are_escaped_everywhere(rich_site: dict[str, str]):
    for name, page in rich_site.items():
        assert HOSTILE not in page, name
        assert "<script>window.pwned" not in page, name
        assert "<img" not in page, name
    for name in ("leads.html", "report.html"):
        assert "&lt;script&gt;window.pwned" in rich_site[name]


def test_no_page_needs_a_network(rich_site: dict[str, str]):
    for name, page in rich_site.items():
        assert "http://" not in page, name
        assert "https://" not in page, name
        assert " style=" not in page, name
        assert not re.search(r'<script[^>]+src=|type="module"|\bfetch\(|@import|<link[^>]+href="(?!data:)', page), name


def test_the_policy_allows_the_inline_style_and_script_and_no_other(rich_site: dict[str, str]):
    for page in rich_site.values():
        policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', page)
        assert policy
        for tag in ("style", "script"):
            inline = re.search(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
            assert inline
            digest = base64.b64encode(hashlib.sha256(inline[1].encode()).digest()).decode()
            assert f"{tag}-src &#39;sha256-{digest}&#39;" in policy[1]
        assert "unsafe-inline" not in policy[1]


@pytest.mark.slow
def test_equal_releases_give_equal_bytes(rich: Path, tmp_path: Path):
    again = rich_release(tmp_path / "again")
    first, second = write_site(rich, tmp_path / "a"), write_site(again, tmp_path / "b")
    assert first[: len(PAGES)] == [tmp_path / "a" / name for name in PAGES]
    assert [page.read_bytes() for page in first] == [page.read_bytes() for page in second]
    assert sorted(path for path in (tmp_path / "a").rglob("*.html")) == sorted(first)


def test_uncalibrated_scores_are_not_quoted_as_probabilities(rich_site: dict[str, str], tmp_path: Path):
    assert "Scores are not probabilities." in rich_site["report.html"]
    assert "expert prior" in rich_site["report.html"]
    assert "99%" not in rich_site["leads.html"].split("</style>")[1]
    calibrated = rich_release(tmp_path / "release", calibration_status="calibrated 2026-11-01")
    assert "Scores are not probabilities." not in report_of(calibrated, tmp_path / "site")
    assert "99% (90% to 99%)" in (tmp_path / "site" / "leads.html").read_text(encoding="utf-8")


def test_a_missing_table_reads_as_empty_and_is_said(tmp_path: Path):
    release = write_release(tmp_path / "release", {}, skip=["signal_performance"])
    page = report_of(release, tmp_path / "site")
    assert "table signal_performance is absent and was read as empty" in page


def test_a_missing_column_is_said_and_a_missing_key_column_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(TABLES, "referrals", "referral_id varchar, case_id varchar, partner varchar, sent_at timestamp")
    release = empty_release(tmp_path / "optional")
    page = report_of(release, tmp_path / "site")
    assert "column referrals.outcome is absent" in page
    monkeypatch.setitem(TABLES, "referrals", "referral_id varchar, partner varchar, sent_at timestamp")
    with pytest.raises(ReleaseError, match="must have referral_id, case_id, partner, sent_at but lacks case_id"):
        write_site(empty_release(tmp_path / "key"), tmp_path / "site")


def test_a_folder_without_a_release_is_refused_with_what_to_do(tmp_path: Path):
    with pytest.raises(ReleaseError, match=r"manifest\.json does not exist; give the folder of a published release"):
        write_site(tmp_path, tmp_path / "site")
    release = empty_release(tmp_path / "release")
    (release / "manifest.json").write_text('{"release_id": 1}', encoding="utf-8")
    with pytest.raises(ReleaseError, match="is not a release manifest"):
        write_site(release, tmp_path / "site")
    (release / "marts.duckdb").unlink()
    (release / "manifest.json").write_text(
        '{"release_id": "r", "as_of_date": "2026-11-24", "calibration_status": "expert prior"}', encoding="utf-8"
    )
    with pytest.raises(ReleaseError, match=r"marts\.duckdb does not exist"):
        write_site(release, tmp_path / "site")


def test_a_page_of_rows_is_in_the_html_and_all_rows_are_in_the_data(rich: Path, tmp_path: Path):
    write_site(rich, tmp_path, ReportSettings(page_row_count=10))
    leads = (tmp_path / "leads.html").read_text(encoding="utf-8").split('data-table="leads"')[1].split("</script>")[0]
    assert leads.count("<tr>") == 1 + 10
    assert leads.split("application/json")[1].count('["lead_') == 120
