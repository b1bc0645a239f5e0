"""The whole page: that it is whole, safe, self-contained and the same for the same release."""

import base64
import hashlib
import re
from pathlib import Path

import pytest

from orchestration.reporting import ReleaseError, ReportSettings, write_site

from .release_fixture import HOSTILE, TABLES, empty_release, rich_release, write_release

PAGES = ("index.html", "weekly.html", "monthly.html", "gates.html")
FIGURES = ("volume", "returns", "times", "consistency", "rates", "signals", "traffic")


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


def test_an_empty_release_gives_a_whole_page(empty_page: str):
    assert empty_page.rstrip().endswith("</html>")
    assert "there is no effect to measure yet" in empty_page
    assert "No lead is in the queue." in empty_page
    assert "nan" not in empty_page.lower().replace("finance", "")


def test_ids_are_unique_and_every_reference_to_one_resolves(rich_page: str):
    ids = re.findall(r'\sid="([^"]+)"', rich_page)
    assert len(ids) == len(set(ids))
    referred = re.findall(r'href="#([^"]+)"', rich_page)
    referred += [one for found in re.findall(r'aria-labelledby="([^"]+)"', rich_page) for one in found.split()]
    assert set(referred) <= set(ids)


def test_landed_values_are_escaped_everywhere(rich_page: str):
    assert HOSTILE not in rich_page
    assert "<script>window.pwned" not in rich_page
    assert "<img" not in rich_page
    assert "&lt;script&gt;window.pwned" in rich_page


def test_the_page_needs_no_network(rich_page: str):
    assert "http://" not in rich_page
    assert "https://" not in rich_page
    assert not re.search(r'<script[^>]+src=|type="module"|\bfetch\(|@import|<link[^>]+href="(?!data:)', rich_page)


def test_the_policy_allows_the_inline_style_and_script_and_no_other(rich_page: str):
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', rich_page)
    assert policy
    for tag in ("style", "script"):
        inline = re.search(rf"<{tag}>(.*?)</{tag}>", rich_page, re.DOTALL)
        assert inline
        digest = base64.b64encode(hashlib.sha256(inline[1].encode()).digest()).decode()
        assert f"{tag}-src &#39;sha256-{digest}&#39;" in policy[1]
    assert "unsafe-inline" not in policy[1]


@pytest.mark.slow
def test_equal_releases_give_equal_bytes(rich: Path, tmp_path: Path):
    again = rich_release(tmp_path / "again")
    first, second = write_site(rich, tmp_path / "a"), write_site(again, tmp_path / "b")
    assert first == [tmp_path / "a" / name for name in PAGES]
    assert [page.read_bytes() for page in first] == [page.read_bytes() for page in second]
    assert sorted(path.name for path in (tmp_path / "a").iterdir()) == sorted(PAGES)


def test_uncalibrated_scores_are_not_quoted_as_probabilities(rich_page: str, tmp_path: Path):
    assert "Scores are not probabilities." in rich_page
    assert "expert prior" in rich_page
    assert "99%" not in rich_page.split('id="queue"')[1].split('id="upstream"', maxsplit=1)[0]
    calibrated = rich_release(tmp_path / "release", calibration_status="calibrated 2026-11-01")
    page = write_site(calibrated, tmp_path / "site")[0].read_text(encoding="utf-8")
    assert "Scores are not probabilities." not in page
    assert "99% (90% to 99%)" in page


def test_a_missing_table_reads_as_empty_and_is_said(tmp_path: Path):
    release = write_release(tmp_path / "release", {}, skip=["signal_performance"])
    page = write_site(release, tmp_path / "site")[0].read_text(encoding="utf-8")
    assert "table signal_performance is absent and was read as empty" in page


def test_a_missing_column_is_said_and_a_missing_key_column_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(TABLES, "referrals", "referral_id varchar, case_id varchar, partner varchar, sent_at timestamp")
    release = empty_release(tmp_path / "optional")
    page = write_site(release, tmp_path / "site")[0].read_text(encoding="utf-8")
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
    page = write_site(rich, tmp_path, ReportSettings(page_row_count=10))[0].read_text(encoding="utf-8")
    leads = page.split('data-table="leads"')[1].split("</script>")[0]
    assert leads.count("<tr>") == 1 + 10
    assert leads.split("application/json")[1].count('"lead_') == 120
