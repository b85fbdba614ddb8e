"""The `ingest` command. Each command imports what it needs when it runs, so that help is quick."""

import os
import sys
from typing import Annotated

import typer

from .. import __version__
from ..core.errors import IngestError, Misconfigured, ServerUnusable
from . import (
    backfill,
    backup,
    demo,
    doctor,
    export,
    filters,
    inspection,
    listen,
    prune,
    quarantine,
    remove,
    replay,
    report,
    run,
    serve,
    sources,
    suites,
    verify,
)

EXIT_FAILURE = 1
EXIT_USAGE = 2

app = typer.Typer(
    name="ingest",
    help="Newsrooms' feeds in; a trustworthy DuckDB warehouse of articles, and of the figures they quote, out.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(is_wanted: bool) -> None:
    if is_wanted:
        typer.echo(f"ingest {__version__}")
        raise typer.Exit


@app.callback()
def _ingest(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Take what stands before a command."""


app.command("demo")(demo.demo)
app.command("run")(run.run)
app.command("serve")(serve.serve)
app.command("backfill")(backfill.backfill)
app.command("replay")(replay.replay)
app.add_typer(quarantine.app, name="quarantine")
app.add_typer(sources.app, name="sources")
app.add_typer(suites.app, name="suites")
app.command("listen")(listen.listen)
app.command("status")(inspection.status)
app.command("report")(report.report)
app.command("export")(export.export)
app.command("explain")(inspection.explain)
app.command("sql")(inspection.sql)
app.command("doctor")(doctor.doctor)
app.command("verify")(verify.verify)
app.command("migrate")(run.migrate)
app.command("prune")(prune.prune)
app.command("remove")(remove.remove)
app.command("backup")(backup.backup)
app.command("restore")(backup.restore)
app.command("parse")(filters.parse)
app.command("figures")(filters.figures)


def main() -> None:
    """Run the command line; an error of ours is one line that says what to do, never a traceback."""
    try:
        app()
    except ServerUnusable as error:
        print(f"ingest: {error}", file=sys.stderr, flush=True)  # noqa: T201
        os._exit(EXIT_FAILURE)  # else Prefect tries for minutes to get rid of its events, and says so
    except IngestError as error:
        print(f"ingest: {error}", file=sys.stderr)  # noqa: T201
        sys.exit(EXIT_USAGE if isinstance(error, Misconfigured) else EXIT_FAILURE)
    except MemoryError:
        print("ingest: there is no memory left; give this process more, and run again", file=sys.stderr)  # noqa: T201
        sys.exit(EXIT_FAILURE)
    except KeyboardInterrupt:
        print("ingest: stopped; the next run carries on", file=sys.stderr)  # noqa: T201
        sys.exit(130)
