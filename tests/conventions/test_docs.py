"""The pages of the docs, without running them: every block is tagged, every link leads somewhere, every name is one.

That the blocks of commands run, and print what is shown, is held by `tests/integration/test_docs.py`.
"""

import re
import shlex
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import click
import pytest
import yaml

from expectations.rules import Rule
from orchestration.adapters.settings import Sources
from orchestration.cli import cli
from orchestration.settings import PROJECT_ROOT
from tests.pages import TAGS, blocks_of, pages

FENCED = re.compile(r"^ *```.*?^ *```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)\s]+)\)")
COMMAND = re.compile(r"\bstillwatch ((?:[a-z].*))")
PLACEHOLDER = re.compile(r"[A-Z.…$<\"'~/{]")


@cache
def text_of(page: str) -> str:
    return (PROJECT_ROOT / page).read_text(encoding="utf-8")


def prose(page: str) -> str:
    return FENCED.sub("", text_of(page))


@cache
def anchors(page: str) -> set[str]:
    """Return the anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#{1,6} (.+)$", prose(page), re.MULTILINE)
    bare = (re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).strip().lower() for heading in headings)
    return {re.sub(r"[^\w\- ]", "", heading).replace(" ", "-") for heading in bare}


@pytest.mark.parametrize("page", pages())
def test_every_block_is_fenced_and_has_a_known_tag(page: str) -> None:
    found = blocks_of(page)
    assert [str(block) for block in found if block.tag not in TAGS] == []
    assert text_of(page).count("```") == 2 * len(found)
    # four spaces after an empty line make a block too, that nobody could tag
    assert re.findall(r"\n\n {4}.*", prose(page)) == []


@pytest.mark.parametrize("page", pages())
def test_every_link_leads_somewhere(page: str) -> None:
    broken: list[str] = []
    for target in LINK.findall(prose(page)):
        if "://" in target:
            continue
        path, _, anchor = target.partition("#")
        found = ((PROJECT_ROOT / page).parent / path).resolve() if path else PROJECT_ROOT / page
        if not found.exists() or (anchor and anchor not in anchors(str(found.relative_to(PROJECT_ROOT)))):
            broken.append(target)
    assert broken == []


def test_every_page_is_linked_from_another() -> None:
    linked = {
        ((PROJECT_ROOT / page).parent / target.partition("#")[0]).resolve()
        for page in pages()
        for target in LINK.findall(prose(page))
        if "://" not in target and not target.startswith("#")
    }
    assert [page for page in pages() if page != "README.md" and PROJECT_ROOT / page not in linked] == []


def commands(page: str) -> Iterator[str]:
    """Return every command that a page's sentences, crontabs and units name, from its first word after `stillwatch` on."""
    for span in re.findall(r"`([^`]+)`", prose(page)):
        found = re.match(r"(?:\S+/)?stillwatch ([a-z].*)", span.replace("\n", " "))
        if found:
            yield found[1]
    for block in blocks_of(page):
        if block.tag in ("crontab", "ini"):
            yield from (found[1] for line in block.text.splitlines() if (found := COMMAND.search(line)))


def unknown(command: str) -> list[str]:
    """Return the words of a command that no command, group or option has."""
    words = re.split(r"\s+", command) if command.count('"') % 2 or command.count("'") % 2 else shlex.split(command)
    at: click.Command = cli
    while isinstance(at, click.Group) and words and not PLACEHOLDER.match(words[0]):
        word = words.pop(0)
        if word not in at.commands:
            return [word]
        at = at.commands[word]
    options = {"--help", *(name for parameter in at.params for name in parameter.opts)}
    return [word for word in words if word.startswith("--") and word.split("=")[0] not in options]


@pytest.mark.parametrize("page", pages())
def test_every_command_that_is_named_is_there_with_its_options(page: str) -> None:
    assert {command: strange for command in commands(page) if (strange := unknown(command))} == {}


def test_a_command_that_is_not_there_is_seen() -> None:
    assert unknown("prun --yes") == ["prun"]
    assert unknown("gate overide usage_requests volume") == ["overide"]
    assert unknown("prune --keeping 3 --yes") == ["--keeping"]
    assert unknown('gate override TABLE LIMIT --night DAY --by NAME --reason "a holiday"') == []


def _sources(given: Any) -> None:
    Sources.model_validate({"edge_key_file": "key.json"} | given)


def _rules(given: Any) -> None:
    assert [Rule.model_validate(rule) for rule in given]


YAML: dict[str, Callable[[Any], None]] = {
    "docs/bring-your-data.md": _sources,
    "docs/method/gates.md": lambda given: _rules(given) if isinstance(given, list) else _sources(given),
    # a signal's twin: its own test builds it
    "docs/add-a-signal.md": lambda given: given["models"],
}
"""What reads the examples of settings on a page."""


def test_every_example_of_settings_is_one_that_is_read() -> None:
    found = [block for page in pages() for block in blocks_of(page) if block.tag == "yaml"]
    assert {block.page for block in found} == set(YAML)
    for block in found:
        YAML[block.page](yaml.safe_load(block.text))


def test_the_settings_that_a_page_writes_are_read() -> None:
    """The whole `sources.yml` stands in a block of commands, which writes it."""
    [written] = re.findall(r"<<'YAML'\n(.*?)^YAML$", text_of("docs/bring-your-data.md"), re.MULTILINE | re.DOTALL)
    assert Sources.model_validate(yaml.safe_load(written)).named
