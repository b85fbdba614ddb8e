"""`ingest backup` and `ingest restore`: state, warehouse and archive as one set."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .options import JsonOption, WarehouseOption, given

if TYPE_CHECKING:
    from ..core.settings import Settings
    from ..pipeline.backup import Backup


def backup(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new folder, or an empty one.")],
    warehouse: WarehouseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Copy state, warehouse and archive as one consistent set, also while a run goes on."""
    from contextlib import closing

    from ..pipeline.backup import back_up
    from ..pipeline.open_stores import open_state_to_read
    from ..pipeline.wiring import utc_now

    settings, state_path = _local(warehouse)
    with closing(open_state_to_read(settings)) as state:
        made = back_up(settings.warehouse, state, folder, state_path=state_path, now=utc_now())
    _say(made, f"backed up to {folder}", as_json=as_json)
    if made.lost:
        raise typer.Exit(1)


def restore(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="What `ingest backup` has filled.")],
    warehouse: WarehouseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a warehouse of a backup, in a folder that is empty or not there; the next run goes on from it."""
    from ..pipeline import backup

    settings, state_path = _local(warehouse)
    made = backup.restore(folder, settings.warehouse, state_path)
    _say(made, f"restored to {settings.warehouse}, as of {made.made_at:%Y-%m-%d %H:%M} UTC", as_json=as_json)


def _local(warehouse: Path | None) -> "tuple[Settings, Path]":
    """Return the settings, and the file of the state; Misconfigured where one of both is kept by a server."""
    from ..core.errors import Misconfigured
    from ..core.settings import load_settings
    from ..pipeline.open_stores import lake_of, state_file

    settings = load_settings(**given(warehouse))
    if lake_of(settings):
        message = "a lake is backed up by the tools of its PostgreSQL and storage: see docs/several-machines.md"
        raise Misconfigured(message, about="lake")
    return settings, state_file(settings)


def _say(made: "Backup", what: str, *, as_json: bool) -> None:
    from dataclasses import asdict

    from .console import say, say_json

    if as_json:
        say_json(asdict(made) | {"bytes": made.bytes})
        return
    say(f"{what}: {len(made.files):,} files, {made.bytes:,} bytes")
    for name in made.lost:
        say(f"not in it: {name}, which the archive has lost; `ingest verify` says what was in it")
