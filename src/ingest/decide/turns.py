"""In which order sources are visited, where not all can be at once."""

from collections import Counter
from collections.abc import Collection, Iterable
from urllib.parse import urlsplit

from ..model import Source


def take_turns(sources: Iterable[Source], *, failing: Collection[str] = ()) -> list[Source]:
    """Let hosts take turns, for a host is asked one thing at a time; those that failed last time come last.

    Else the newsrooms of one host that hangs would take every place there is, and all others wait for them.
    """
    seen: Counter[str] = Counter()
    places = []
    for source in sources:
        host = urlsplit(source.feed_url).netloc.lower()
        places.append((source.source_id in failing, seen[host], source))
        seen[host] += 1
    return [source for _, _, source in sorted(places, key=lambda place: place[:2])]
