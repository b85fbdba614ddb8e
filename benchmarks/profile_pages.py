"""Where the time goes when pages are read: `python -m benchmarks.profile_pages FOLDER` prints the dearest functions.

FOLDER holds pages as `*.html.gz`. The five first costs, as found on 1,007 real pages, and what was done about each:

1. Building the tree (44 % of all): scripts, styles, drawings and comments are cut before; elements, links and blanks
   that nobody reads are left out of it, which halves its nodes.
2. The search for garbage (20 %): put off until a page is read, for all of its tree is in use until then.
3. Walking the tree into blocks (19 %): once, without recursion; what is asked of a block often is computed once.
4. Finding the body (11 %): weights of elements are summed in one pass; names are judged once for each spelling.
5. Links, images and repeats (9 %): classes are looked at where there are links; repeats are known by their own words.
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
