"""The code speaks the field's words: those that docs/glossary.md names as retired are in no identifier of ours."""

import ast
import re
from collections.abc import Iterator

from tests.test_layers import MODULES, ROOT, nodes

GLOSSARY = ROOT / "docs" / "glossary.md"

# First words of docstrings that tell less than "Return", "Yield", "Delete" or "Log" would.
VAGUE = {"Give", "Say", "Name", "Let"}


def retired() -> set[str]:
    """Return the words of the glossary's last column."""
    _, _, *rows = (line for line in GLOSSARY.read_text(encoding="utf-8").splitlines() if line.startswith("|"))
    return {word for row in rows for word in re.findall(r"[a-z]+", row.split("|")[-2])}


def identifiers() -> Iterator[tuple[str, str]]:
    for here in MODULES:
        for node in nodes(here):
            match node:
                case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                    yield here, node.name
                case ast.arg():
                    yield here, node.arg
                case ast.Name(ctx=ast.Store()):
                    yield here, node.id


def words_of(identifier: str) -> set[str]:
    """Return the words that an identifier is made of, in small letters: `FakeValidator`, `is_due`."""
    return {word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", identifier)}


def test_no_identifier_has_a_retired_word() -> None:
    words = retired()
    found = {f"{here}: {name}" for here, name in identifiers() if words_of(name) & words}

    assert len(words) > 10
    assert found == set()


def test_a_docstring_begins_with_what_a_function_does() -> None:
    vague = {
        f"{here}: {said.splitlines()[0]}"
        for here in MODULES
        for node in nodes(here)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and (said := ast.get_docstring(node))
        if re.split(r"\W", said, maxsplit=1)[0] in VAGUE
    }

    assert vague == set()
