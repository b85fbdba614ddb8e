"""`ingest verify`: whether analysts have all that is published, the warehouse all that was, and the archive too."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from .options import JsonOption, WarehouseOption, given

if TYPE_CHECKING:
    from ..pipeline.verify import Verification

COLUMNS = ("verified", "checked", "healthy", "found", "to_do")


def verify(
    warehouse: WarehouseOption = None,
    accept_loss: Annotated[
        bool, typer.Option("--accept-loss", help="Note captures that can't be read as removed: there is no backup.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Compare news.duckdb with what is published, what is published with the state, each capture with its hash.

    A file that differs is made anew. Each run verifies a share of all three.
    """
    from ..pipeline import verify as verification
    from ..pipeline.wiring import open_world, utc_now
    from ..warehouse import releases
    from .console import say_json, say_table

    with open_world(**given(warehouse)) as world:
        found = verification.verify_all(
            state=world.state, warehouse=world.warehouse, recall=world.recall, now=utc_now()
        )
        if found.release.found:
            releases.release_file(world.state, world.warehouse, utc_now())
        if accept_loss:
            verification.accept_loss(found.lost, state=world.state, now=utc_now())
    rows = [_of_release(found), _of_warehouse(found), _of_archive(found, accept_loss=accept_loss)]
    if as_json:
        say_json(rows)
    else:
        say_table([row | {"found": "\n".join(row["found"])} for row in rows], COLUMNS)
    if found.release.found or found.lacking.by_source or (found.lost and not accept_loss):
        raise typer.Exit(1)


def _of_release(found: "Verification") -> dict[str, Any]:
    wrong = found.release.found
    to_do = "it was made anew; see who writes into it, or whether the disk fails" if wrong else None
    counted = {"verified": "what is published, rows", "checked": found.rows}
    return counted | {"healthy": not wrong, "found": list(wrong), "to_do": to_do}


def _of_warehouse(found: "Verification") -> dict[str, Any]:
    lacking = found.lacking.by_source
    wrong = [f"{source_id}: {number:,} articles are lacking" for source_id, number in sorted(lacking.items())]
    sources = " ".join(f"--source {source_id}" for source_id in sorted(lacking))
    to_do = f"`ingest replay {sources}`, which reads them from the archive; then `ingest verify`" if wrong else None
    counted = {"verified": "warehouse, articles", "checked": found.lacking.checked}
    return counted | {"healthy": not wrong, "found": wrong, "to_do": to_do}


def _of_archive(found: "Verification", *, accept_loss: bool) -> dict[str, Any]:
    from ..warehouse.verification_findings import lost_by_file

    to_do = None
    if found.lost:
        restore = "copy the files back from a backup, then `ingest verify`; without one, `--accept-loss`"
        to_do = "noted as removed" if accept_loss else restore
    counted = {"verified": "archive, captures", "checked": found.captures}
    return counted | {"healthy": not found.lost, "found": [*lost_by_file(found.lost).values()], "to_do": to_do}
