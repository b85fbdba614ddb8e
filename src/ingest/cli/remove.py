"""`ingest remove`: an article is taken down everywhere."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from .options import JsonOption, WarehouseOption, given

if TYPE_CHECKING:
    from ..core.removals import RemovedArticle


def remove(
    article: Annotated[str, typer.Argument(metavar="ARTICLE", help="Its id, or an address that it was found under.")],
    why: Annotated[str, typer.Option("--why", help="Why it is taken down; kept with its address.")],
    warehouse: WarehouseOption = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be removed, and remove nothing.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Take an article down everywhere, the archive included, for good; it is never ingested again."""
    from ..core.errors import Misconfigured
    from ..pipeline import remove as removing
    from ..pipeline.wiring import open_world, utc_now
    from ..warehouse import releases
    from .console import say_json

    if not why.strip():
        raise Misconfigured("--why is empty: say why the article is taken down, which is kept with it", about=why)
    with open_world(**given(warehouse)) as world:
        recall, now = world.recall, utc_now()
        if dry_run:
            found = removing.would_remove(article, why, state=world.state, recall=recall, now=now)
        else:
            files = world.erasable_files
            found = removing.remove(
                article, why, state=world.state, warehouse=world.warehouse, files=files, recall=recall, now=now
            )
            releases.release_file(world.state, world.warehouse, utc_now())
    if as_json:
        say_json(asdict(found) | {"dry_run": dry_run})
    else:
        _say(found, dry_run=dry_run)


def _say(found: "RemovedArticle", *, dry_run: bool) -> None:
    from .console import say

    say(f"{'would be removed' if dry_run else 'removed'}: {found.url} ({found.article_id})")
    say(f"in the archive: {found.pages:,} responses of its page, {found.listings:,} documents that list it")
    if found.kept:
        say(f"{found.kept:,} of them have the same body as another article's page, and lie there for that one still")
