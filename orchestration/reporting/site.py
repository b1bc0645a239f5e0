"""Writing the site: one HTML file with its style, script, charts and rows inside."""

import base64
import hashlib
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from orchestration.reporting import formats
from orchestration.reporting.charts import draw
from orchestration.reporting.figures.figure import Figure
from orchestration.reporting.page import Page, build_page
from orchestration.reporting.release import open_release
from orchestration.reporting.settings import ReportSettings

WIDTHS = {"wide": 720, "narrow": 340}
"""Chart widths in SVG units; the page shows the one that fits, so that text keeps its size on a telephone."""


def write_site(release: Path, out: Path, settings: ReportSettings | None = None) -> list[Path]:
    """Write the measurement report of the release in folder `release` to `out`/index.html; return the files written.

    `out` is the site folder (`<release>/site` when publishing) and is made when missing. Equal releases give equal
    bytes. Raises ReleaseError when the release lacks a file or a key column.
    """
    with open_release(release) as opened:
        page = build_page(opened, settings or ReportSettings())
    out.mkdir(parents=True, exist_ok=True)
    target = out / "index.html"
    written = target.with_name("index.html.part")
    written.write_text(render(page), encoding="utf-8", newline="\n")
    written.replace(target)
    return [target]


def render(page: Page) -> str:
    """Return the page as HTML."""
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
    return environment.get_template("index.html.j2").render(
        page=page,
        drawings={figure.figure_id: _drawings(figure) for figure in page.figures if figure.chart},
        style=Markup(style),
        script=Markup(script),
        policy=_policy(style, script),
    )


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
    ours = f"style-src {_digest(style)}; script-src {_digest(script)}"
    return f"default-src 'none'; img-src data:; {ours}; base-uri 'none'; form-action 'none'"


def _digest(content: str) -> str:
    """Return the Content-Security-Policy source of an inline block: 'sha256-<base64>'."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"
