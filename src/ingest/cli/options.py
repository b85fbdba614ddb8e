"""Options that several commands share."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

WarehouseOption = Annotated[
    Path | None, typer.Option("--warehouse", help="Folder of the warehouse.", metavar="DIR", show_default=False)
]
SourcesOption = Annotated[
    Path | None,
    typer.Option("--sources", help="Sources file: .toml, .json or .opml.", metavar="FILE", show_default=False),
]
SourceOption = Annotated[
    list[str] | None, typer.Option("--source", help="A source's key; may be given again.", metavar="KEY")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]


def former_name_of(option: str) -> Callable[[bool], bool]:
    """Return what is called with the value of an option's former name, which works until the next release."""

    def warn(is_used: bool) -> bool:
        if is_used:
            typer.echo(
                f"ingest: this option is {option} now: name that in its place, before the next release", err=True
            )
        return is_used

    return warn


def given(warehouse: Path | None, sources: Path | None = None) -> dict[str, object]:
    """Collect what was said on the command line, to win over the environment."""
    said = {"warehouse": warehouse, "sources": sources}
    return {name: str(value) for name, value in said.items() if value is not None}
