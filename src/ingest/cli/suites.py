"""`ingest suites`: what the published figures suggest for the checks."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from .options import JsonOption, WarehouseOption, given

app = typer.Typer(help="What the published figures suggest for the checks.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Keep `propose` a command of its own while it is the only one."""


@app.command("propose")
def propose(
    at_least: Annotated[int, typer.Option("--at-least", min=1, help="Figures of a kind and unit to learn from.")] = 500,
    warehouse: WarehouseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Offer bounds learned from what is published, how often each would have fired, and the change to the suite."""
    from ..core.assets import asset
    from ..core.files import read_text
    from ..core.settings import load_settings
    from ..quality.proposals import propose_bounds
    from ..warehouse.warehouse import NEWS_FILE, look
    from .console import say, say_json, say_table

    news = load_settings(**given(warehouse)).warehouse / NEWS_FILE

    def read(name: str, parameters: Mapping[str, object]) -> list[dict[str, Any]]:
        return look([news], name, parameters)

    found = propose_bounds(read_text(asset("expectations") / "figures.json"), read=read, at_least=at_least)
    if as_json:
        say_json({"bounds": found.bounds, "difference": found.difference})
        return
    if not found.bounds:
        say(f"no kind and unit has {at_least:,} published figures to learn from; --at-least takes fewer")
        return
    tried = ("figures", "fired", "newer_figures", "newer_fired", "articles", "farthest")
    say_table(found.bounds, ("rule", "least", "most", *tried))
    if not any(bound["newer_figures"] for bound in found.bounds):
        say("nothing newer to try them on: figures of at least four days are needed to hold the newest out")
    say(found.difference)
