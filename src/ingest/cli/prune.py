"""`ingest prune`: what is kept only for a time, and what of it may go."""

from dataclasses import asdict, replace
from typing import Annotated

import typer

from .options import JsonOption, WarehouseOption, given


def prune(
    warehouse: WarehouseOption = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would go, and let go of nothing.")] = False,
    even_needed: Annotated[
        bool, typer.Option("--even-needed", help="Also archive files with pages that articles are read from.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Delete history and archive files whose retention is over; a run does so once a day."""
    from ..pipeline.prune import prune as let_go
    from ..pipeline.prune import would_prune
    from ..pipeline.wiring import open_world, utc_now
    from ..warehouse import releases
    from .console import say, say_json, say_table

    with open_world(**given(warehouse)) as world:
        now = utc_now()
        take = would_prune if dry_run else let_go
        keep = replace(world.keep, needed=not even_needed)
        removed = take(state=world.state, warehouse=world.warehouse, archive=world.archive_files, keep=keep, now=now)
        if not dry_run:
            releases.release_file(world.state, world.warehouse, now)
    if as_json:
        say_json({"removed": [asdict(one) for one in removed], "dry_run": dry_run})
        return
    if removed:
        say_table([asdict(one) for one in removed], ("what", "number", "bytes"))
    size = sum(one.bytes for one in removed)
    say(f"{'would go' if dry_run else 'gone'}: {size:,} bytes")
