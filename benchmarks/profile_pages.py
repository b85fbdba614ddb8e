"""Where the time goes when pages are read: `python -m benchmarks.profile_pages FOLDER` prints the dearest functions.

FOLDER holds pages as `*.html.gz`. The search for garbage was a fifth of all; it is put off until a page is read, for
all of its tree is in use until then. The five first costs now, as found on 168 of 1,007 real pages (2026-11-25), and
what was done about each:

1. Building the tree (36 %): scripts, styles, drawings and comments are cut before; elements, links and blanks that
   nobody reads are left out of it, which halves its nodes; what tells of the page is gathered on the way, not looked
   for again.
2. Walking the tree into blocks (14 %): once, without recursion; names are judged once for each spelling.
3. Finding the body (11 %): weights of elements are summed in one pass; what holds no prose is not heard in its
   defence.
4. Naming whom a story leans on (7 %): sentences without a verb of telling are passed over; a name's first name is
   looked for where the name stands, not in all of the text.
5. Reading who wrote it (4 %), links (3 %) and characters (3 %): classes are looked at where there are links, and a
   second encoding is looked for in what is not ASCII alone, which took twice as long.
"""

import cProfile
import gzip
import pstats
import sys
from datetime import UTC, datetime
from pathlib import Path

from ingest.errors import NotAnArticle
from ingest.model import Page, Source
from ingest.parse.page import read_page

NOW = datetime(2026, 11, 16, 12, tzinfo=UTC)
SOURCE = Source(source_id="measured", name="Measured", feed_url="https://measured.example/feed")
EVERY = 4  # pages, of which one is read
SHOWN = 40  # functions


def profile_pages(folder: Path) -> pstats.Stats:
    """Read one page of four, and say what took how long."""
    profile = cProfile.Profile()
    for path in sorted(folder.glob("*.html.gz"))[::EVERY]:
        url = f"https://measured.example/{path.stem}"
        body = gzip.decompress(path.read_bytes())
        page = Page(requested_url=url, final_url=url, status=200, body=body, fetched_at=NOW)
        try:
            profile.runcall(read_page, page, SOURCE, None)
        except NotAnArticle:
            continue
    return pstats.Stats(profile)


if __name__ == "__main__":
    profile_pages(Path(sys.argv[1])).sort_stats("tottime").print_stats(SHOWN)
