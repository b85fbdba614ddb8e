"""Writes what docs/architecture.md shows of the rooms of `src/ingest/`, from the code: `make guide`."""

import ast
import re
from pathlib import Path

from tests.docs.console import ROOT
from tests.test_layers import MODULES, PACKAGE, ROOMS, imported, room_named, room_of

PAGE = ROOT / "docs" / "architecture.md"
_TREE = re.compile(r"^```text\nsrc/ingest/.*?^```$", re.MULTILINE | re.DOTALL)
_DRAWN = re.compile(r"^```mermaid\n.*?^```$", re.MULTILINE | re.DOTALL)


def rewritten(page: str) -> str:
    """Return the page with tree and picture made anew."""
    page = _TREE.sub(lambda _: f"```text\n{tree()}\n```", page)
    return _DRAWN.sub(lambda _: f"```mermaid\n{picture()}\n```", page)


def tree() -> str:
    """Return each room, from the top down, with what its docstring says."""
    lines = [f"{room + '/':<16}{_said_of(PACKAGE / room)}" for room in reversed(ROOMS)]
    return "\n".join(["src/ingest/", *(f"  {line}" for line in lines)])


def picture() -> str:
    """Return a diagram of which room imports which, without imports that others imply."""
    below = _imports()
    reached = {room: set[str]() for room in ROOMS}
    for room in ROOMS:
        reached[room] = below[room].union(*(reached[other] for other in below[room]))
    drawn = [
        f"  {room} --> {other}"
        for room in reversed(ROOMS)
        for other in reversed(ROOMS)
        if other in below[room] and not any(other in reached[between] for between in below[room])
    ]
    return "\n".join(["flowchart TD", *drawn])


def _imports() -> dict[str, set[str]]:
    found = {room: set[str]() for room in ROOMS}
    for here, path in MODULES.items():
        if room := room_of(path):
            found[room] |= {other for name in imported(here) if (other := room_named(name)) and other != room}
    return found


def _said_of(folder: Path) -> str:
    said = ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8"))) or ""
    return said.splitlines()[0]


if __name__ == "__main__":
    PAGE.write_text(rewritten(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
