"""Writing the site: HTML files, each with its style, script, charts and rows inside."""

from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from orchestration.reporting import formats
from orchestration.reporting.charts import draw
from orchestration.reporting.content_policy import inline_source
from orchestration.reporting.figures.figure import Figure
from orchestration.reporting.gates_page import build_gates
from orchestration.reporting.metrics import read_metrics
from orchestration.reporting.monthly import build_monthly
from orchestration.reporting.page import Page, build_page
from orchestration.reporting.release import open_release
from orchestration.reporting.settings import ReportSettings
from orchestration.reporting.view import View
from orchestration.reporting.weekly import build_weekly

REPORT = "index.html"
TITLE = "Post-enforcement measurement report"
LEAD = "What enforcement achieved, what came back, where decisions differ and what should change."
WIDTHS = {"wide": 720, "narrow": 340}
"""Chart widths in SVG units; the page shows the one that fits, so that text keeps its size on a telephone."""


def write_site(release: Path, out: Path, settings: ReportSettings | None = None) -> list[Path]:
    """Write the pages of the release in folder `release` to `out`; return the files written, the report first.

    `out` is the site folder (`<release>/site` when publishing) and is made when missing. Equal releases give equal
    bytes. Raises ReleaseError when the release lacks a file or a key column.
    """
    chosen = settings or ReportSettings()
    with open_release(release) as opened:
        metrics = read_metrics(opened)
        report = build_page(opened, metrics, chosen)
        views = (
            build_weekly(opened, metrics, report, chosen),
            build_monthly(opened, metrics, report, chosen),
            build_gates(opened.manifest, chosen),
        )
    out.mkdir(parents=True, exist_ok=True)
    return [_write(out / file, content) for file, content in render(report, views).items()]


def render(report: Page, views: Sequence[View]) -> dict[str, str]:
    """Return the HTML of the report and of its views by file name; a figure that several show is drawn once."""
    style, script = _template_text("report.css"), _template_text("report.js")
    environment = Environment(
        loader=PackageLoader("orchestration.reporting", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"name": formats.name, "count": formats.count}
    pages: dict[str, tuple[Page | View, str, str, str]] = {REPORT: (report, "index.html.j2", TITLE, LEAD)}
    pages |= {view.file_name: (view, "view.html.j2", view.title, view.lead) for view in views}
    figures = {figure.figure_id: figure for page, *_ in pages.values() for figure in page.figures}
    drawings = {figure_id: _drawings(figure) for figure_id, figure in figures.items()}
    return {
        file: environment.get_template(template).render(
            page=page,
            title=title,
            lead=f"{lead} As of {page.manifest.as_of_date}.",
            current=file,
            pages=[(other, name) for other, (_, _, name, _) in pages.items()],
            drawings=drawings,
            style=Markup(style),
            script=Markup(script),
            policy=_policy(style, script),
        )
        for file, (page, template, title, lead) in pages.items()
    }


def _write(target: Path, content: str) -> Path:
    written = target.with_name(f"{target.name}.part")
    written.write_text(content, encoding="utf-8", newline="\n")
    return written.replace(target)


def _drawings(figure: Figure) -> dict[str, Markup]:
    if figure.chart is None:
        return {}
    return {
        css: Markup(
            draw(
                figure.chart,
                chart_id=f"chart-{figure.figure_id}-{css}",
                title=figure.title,
                description=f"{figure.subtitle}. {figure.n}. The rows are in the table below the chart.",
                width=width,
            )
        )
        for css, width in WIDTHS.items()
    }


def _template_text(name: str) -> str:
    return files("orchestration.reporting").joinpath("templates", name).read_text(encoding="utf-8")


def _policy(style: str, script: str) -> str:
    """Return a policy under which only our own style and script run, even if a landed value got past the escaping."""
    ours = f"style-src {inline_source(style)}; script-src {inline_source(script)}"
    return f"default-src 'none'; img-src data:; {ours}; base-uri 'none'; form-action 'none'"
