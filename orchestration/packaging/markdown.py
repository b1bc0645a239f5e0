"""Markdown and the HTML made of it: one text, two forms.

Belongs here: escaping what came from a landed value, and rendering. The HTML stands alone: no network, no script.
"""

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from orchestration.reporting.content_policy import inline_source
from orchestration.reporting.formats import MISSING, count, iso, name, number, share

# an underscore inside a word marks nothing up, and a number opens a list only where a space follows its stop
_SPECIAL = re.compile(r"([\\`*\[\]<>|~&]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9]))")
_OPENING = re.compile(r"^(?=[#+-])|^(\d{1,9})(?=[.)](?:\s|$))")

_WHOLE_CODE = re.compile(r"<code>([^<]*)</code>")


def environment() -> Environment:
    """Return the template environment; every value printed is escaped for Markdown unless a template marks it safe."""
    made = Environment(
        loader=PackageLoader("orchestration.packaging", "templates"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=lambda value: value if isinstance(value, Markup) else escape(value),
    )
    made.filters |= {"id": identifier, "name": name, "day": day, "minute": iso}
    for filter_name, write in {"count": count, "number": _number, "share": share, "signed": "{:+.4f}".format}.items():
        made.filters[filter_name] = _as_markup(write)
    return made


def escape(value: object) -> str:
    """Return a value as one line of Markdown text that is shown as it is: no markup of its own, the dash for nothing."""
    if value is None or value == "":
        return MISSING
    if isinstance(value, datetime | date):
        return iso(value)
    text = "".join(c if c.isprintable() else " " for c in str(value))
    return _OPENING.sub(r"\1\\", _SPECIAL.sub(r"\\\1", text))


def identifier(value: object) -> Markup:
    """Return an id as inline code, whole, so that it can be copied; the dash for nothing."""
    text = "".join(c for c in str(value) if c.isprintable() and c != "`").replace("|", "¦") if value not in (None, "") else ""
    return Markup(f"`{text}`" if text else MISSING)


def _number(value: float | Decimal | None) -> str:
    return number(None if value is None else float(value))


def _as_markup(write: Callable[[Any], str]) -> Callable[[Any], Markup]:
    """Return a filter whose digits and signs need no escaping."""
    return lambda value: Markup(write(value))


def day(value: date | datetime | None) -> str:
    """Write the day of a date or a moment."""
    return MISSING if value is None else f"{value:%Y-%m-%d}"


def to_html(markdown: str, title: str) -> str:
    """Return the Markdown as a page of its own: style inside, nothing loaded, nothing run. The contents come after the answer."""
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = parser.parse(markdown)
    headings = _name_headings(tokens)
    _label_cells(tokens)
    body = _WHOLE_CODE.sub(_breakable, parser.renderer.render(tokens, parser.options, {}))
    body = body.replace("<table>", '<div class="table" tabindex="0"><table>').replace("</table>", "</table></div>")
    answer, first_section, rest = body.partition("<h2")
    style = files("orchestration.packaging").joinpath("templates", "finding.css").read_text(encoding="utf-8")
    page = Environment(
        loader=PackageLoader("orchestration.packaging", "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    ).get_template("finding.html.j2")
    return page.render(
        title=title,
        answer=Markup(answer),
        sections=Markup(first_section + rest),
        style=Markup(style),
        headings=[(anchor, Markup(parser.renderInline(text))) for anchor, text in headings],
        policy=f"default-src 'none'; style-src {inline_source(style)}; base-uri 'none'; form-action 'none'",
    )


def _name_headings(tokens: Sequence[Token]) -> list[tuple[str, str]]:
    """Give each section an anchor; return (anchor, heading) in order."""
    headings: list[tuple[str, str]] = []
    for position, token in enumerate(tokens):
        if token.type == "heading_open" and token.tag == "h2":
            anchor = f"section-{len(headings) + 1}"
            token.attrSet("id", anchor)
            headings.append((anchor, tokens[position + 1].content))
    return headings


def _label_cells(tokens: Sequence[Token]) -> None:
    """Mark numbers by a class, and give each cell its column's heading, which a narrow screen shows beside it."""
    labels: list[str] = []
    column = 0
    for position, token in enumerate(tokens):
        if token.type == "table_open":
            labels = []
        if token.type == "tr_open":
            column = 0
        if token.type not in ("th_open", "td_open"):
            continue
        is_number = "right" in str(token.attrGet("style") or "")
        token.attrs = {"class": "number"} if is_number else {}
        if token.type == "th_open":
            labels.append(tokens[position + 1].content)
        else:
            token.attrs["data-label"] = labels[column] if column < len(labels) else ""
            column += 1


def _breakable(code: re.Match[str]) -> str:
    """Let a long id break after an underscore or a hyphen; what is copied stays the same."""
    broken = re.sub("([_-])", r"\1<wbr>", code.group(1))
    return f"<code>{broken}</code>"
