"""Writing the site: HTML files, each with its style, script, charts and rows inside."""

from collections.abc import Iterator, Sequence
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from orchestration.dictionary.catalog import Catalog, read_catalog
from orchestration.reporting import formats
from orchestration.reporting.changes import read_changes
from orchestration.reporting.charts import draw
from orchestration.reporting.content_policy import inline_source
from orchestration.reporting.coverage.page import build_coverage
from orchestration.reporting.dictionary.page import build_dictionary
from orchestration.reporting.figures.figure import Figure
from orchestration.reporting.figures.leads import read_leads
from orchestration.reporting.gates_page import build_gates
from orchestration.reporting.leads_page import LEADS, build_leads
from orchestration.reporting.metrics import read_metrics
from orchestration.reporting.monthly import build_monthly
from orchestration.reporting.overview import build_overview
from orchestration.reporting.page import Page, build_page
from orchestration.reporting.release import Release, open_release
from orchestration.reporting.settings import ReportSettings
from orchestration.reporting.subjects.page import LeadPage, build_lead_page
from orchestration.reporting.subjects.reading import read_subjects
from orchestration.reporting.subjects.subject import FOLDER, page_of
from orchestration.reporting.view import View
from orchestration.reporting.weekly import build_weekly

TEMPLATES = {
    "index.html": "overview.html.j2",
    "report.html": "report.html.j2",
    "coverage.html": "coverage.html.j2",
    "dictionary.html": "dictionary.html.j2",
}
"""Pages that are not made by the template of a view."""
WIDTHS = {"wide": 720, "narrow": 340}
"""Chart widths in SVG units; the page shows the one that fits, so that text keeps its size on a telephone."""


def write_site(release: Path, out: Path, settings: ReportSettings | None = None) -> list[Path]:
    """Write the pages of the release in folder `release` to `out`; return the files written, `index.html` first.

    `out` is the site folder (`<release>/site` when publishing) and is made when missing. Equal releases give equal
    bytes. Raises ReleaseError when the release lacks a file or a key column, CatalogError when its catalog is damaged.
    """
    chosen = settings or ReportSettings()
    with open_release(release) as opened:
        views, leads = _build(opened, read_catalog(release), chosen)
    out.mkdir(parents=True, exist_ok=True)
    (out / FOLDER).mkdir(exist_ok=True)
    return [_write(out / file, content) for file, content in render(views, leads)]


def _build(
    release: Release, catalog: Catalog | None, settings: ReportSettings
) -> tuple[Sequence[Page | View], Sequence[LeadPage]]:
    """Return the pages of the site in the order of its menu, and the leads' own."""
    metrics = read_metrics(release)
    subjects = read_subjects(release, settings)
    table, queue = read_leads(release, {subject.lead.lead_id for subject in subjects})
    report = build_page(release, metrics, queue, settings)
    weekly = build_weekly(release, metrics, report, settings)
    shared = [figure for figure in weekly.figures if figure.figure_id in ("backlog", "due")]
    changes = read_changes(release, subjects)
    views = (
        build_overview(report, table, changes, metrics, shared, settings),
        build_leads(release.manifest, table, queue, len(subjects), settings),
        report,
        weekly,
        build_monthly(release, metrics, report, settings),
        build_gates(release.manifest, settings),
        build_coverage(release, settings),
        build_dictionary(release.manifest, catalog, settings),
    )
    return views, [build_lead_page(subject, release.manifest, settings) for subject in subjects]


def render(views: Sequence[Page | View], leads: Sequence[LeadPage] = ()) -> Iterator[tuple[str, str]]:
    """Yield file names and HTML: the views in the order of the menu, then the leads; what several show is drawn once."""
    style, script = _template_text("report.css"), _template_text("report.js")
    environment = _environment()
    figures = {figure.figure_id: figure for view in views for figure in view.figures}
    shared = {
        "pages": [(view.file_name, view.title) for view in views],
        "purposes": {view.file_name: view.lead for view in views},
        "drawings": {figure_id: _drawings(figure) for figure_id, figure in figures.items()},
        "style": Markup(style),
        "script": Markup(script),
        "policy": _policy(style, script),
    }
    for view in views:
        template = environment.get_template(TEMPLATES.get(view.file_name, "view.html.j2"))
        lead = f"{view.lead} As of {view.manifest.as_of_date}."
        yield view.file_name, template.render(page=view, title=view.title, lead=lead, current=view.file_name, root="", **shared)
    template = environment.get_template("lead.html.j2")
    for place, page in enumerate(leads):
        near = {
            "before": leads[place - 1].subject.lead.lead_id if place else None,
            "after": leads[place + 1].subject.lead.lead_id if place + 1 < len(leads) else None,
        }
        lead_id = page.subject.lead.lead_id
        html = template.render(page=page, title=page.title, lead=page.lead, current=LEADS, root=page.root, near=near, **shared)
        yield page_of(lead_id), html


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("orchestration.reporting", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"name": formats.name, "count": formats.count}
    return environment


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
