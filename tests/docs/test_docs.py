"""The documentation is whole: nothing a person can set, type or meet is left out, and no link leads nowhere."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer.main

from ingest import cli
from ingest.core import errors
from ingest.core.events import PAYLOAD_KEYS
from ingest.core.settings import Settings
from ingest.flows.signals import SIGNALS
from ingest.report import run_summary
from tests.docs.console import OPERATOR_GUIDES, ROOT, documents

PAGES = [*documents(), ROOT / "CHANGELOG.md", *sorted((ROOT / "docs" / "decisions").glob("*.md"))]
OPERATE = "".join(page.read_text(encoding="utf-8") for page in OPERATOR_GUIDES)

_FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\(([^)\s]+)\)")


def commands(command: typer.core.TyperGroup, path: str) -> Iterator[str]:
    for name, child in command.commands.items():
        if child.hidden:
            continue  # a former name
        if isinstance(child, typer.core.TyperGroup):
            yield from commands(child, f"{path} {name}")
        else:
            yield f"{path} {name}"


def anchors(path: Path) -> set[str]:
    """Return the anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", _FENCED.sub("", path.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def documented(setting: str) -> str:
    """Write a default as the table of settings does."""
    default = Settings.model_fields[setting].default
    if isinstance(default, tuple) and default:
        return f"`[{','.join(map(str, default))}]`"
    return (
        f"`{default:g}`" if isinstance(default, float) else f"`{default}`" if default not in (None, "", ()) else "none"
    )


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_links_lead_somewhere(page: Path) -> None:
    lost = []
    for link in _LINK.findall(_FENCED.sub("", page.read_text(encoding="utf-8"))):
        address, _, anchor = link.partition("#")
        if address.startswith(("https://", "http://")):
            continue
        target = (page.parent / address).resolve() if address else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            lost.append(link)

    assert lost == []


def test_every_page_is_in_the_index() -> None:
    index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    pages = {page.name for page in (ROOT / "docs").glob("*.md")} - {"README.md"}

    assert {page for page in pages if f"]({page})" not in index} == set()


def test_every_setting_is_documented_with_its_default() -> None:
    rows = dict(re.findall(r"^\| `(INGEST_\w+)` \| (\S+) \|", OPERATE, re.MULTILINE))

    assert rows == {f"INGEST_{name.upper()}": documented(name) for name in Settings.model_fields}


def test_every_command_is_mentioned() -> None:
    words = "\n".join(page.read_text(encoding="utf-8") for page in documents())
    group = typer.main.get_command(cli.app)
    assert isinstance(group, typer.core.TyperGroup)

    assert [command for command in commands(group, "ingest") if command not in words] == []


def test_every_exit_code_is_explained() -> None:
    signalled = {run_summary.EXIT_SIGNALLED + number for number in SIGNALS}
    codes = {
        0,
        cli.EXIT_FAILURE,
        cli.EXIT_USAGE,
        run_summary.EXIT_SOURCES_FAILED,
        run_summary.EXIT_BATCH_REJECTED,
        *signalled,
    }
    rows = re.findall(r"^\| (\d+) \|", OPERATE, re.MULTILINE)

    assert {int(row) for row in rows} == codes


def test_every_reason_to_fail_is_explained() -> None:
    reasons = {
        found.reason
        for found in vars(errors).values()
        if isinstance(found, type) and issubclass(found, errors.IngestError)
    }
    explained = OPERATE.partition("### It will be tried again")[2].partition("### Reasons that are no errors")[0]
    rows = set(re.findall(r"^\| `(\w+)` \|", explained, re.MULTILINE))

    assert rows == reasons


def test_every_kind_of_failure_is_explained_with_its_reasons() -> None:
    page = OPERATE.partition("| error_kind | reasons of it |")[2].partition("What is our own doing")[0]
    shown = {
        kind: set(re.findall(r"`(\w+)`", said)) for kind, said in re.findall(r"^\| `(\w+)` \| (.*) \|$", page, re.M)
    }
    plain = {kind: {kind} for kind in re.findall(r"`(\w+)`", page.rpartition("|\n")[2])}
    reasons = {one.reason: one.kind for one in vars(errors).values() if getattr(one, "kind", None)}

    assert shown | plain == {kind: {key for key, its in reasons.items() if its == kind} for kind in errors.ERROR_KINDS}


def test_every_event_is_explained() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    table = "".join(line for line in page.partition("## Events")[2].splitlines() if line.startswith("|"))
    told = set(re.findall(r"`(\w+\.\w+)`", table))

    assert told == set(PAYLOAD_KEYS)


def test_the_changelog_has_the_version_of_the_project() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]

    assert f"\n## [{version}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
