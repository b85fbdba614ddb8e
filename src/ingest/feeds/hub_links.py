"""Where an answer or a delivery says that it is pushed from, and under which name: Link headers (RFC 8288)."""

import re
from collections.abc import Iterable

from ..core.urls import absolute_url

_LINK = re.compile(r"""<([^<>]{1,2000})>\s*((?:;[^,;"]*(?:"[^"]*")?)*)""")
_RELATION = re.compile(r""";\s*rel\s*=\s*(?:"([^"]*)"|([^\s;,"]+))""", re.IGNORECASE)
MOST_HUBS = 8


def read_hub_links(headers: Iterable[tuple[str, str]], base: str) -> tuple[tuple[str, ...], str | None]:
    """Return the hubs and the address that headers, their names in lower case, call its own."""
    found: dict[str, list[str]] = {"hub": [], "self": []}
    for line in (value for name, value in headers if name == "link"):
        for target, told in _LINK.findall(line):
            relation = _RELATION.search(told)
            address = absolute_url(target, base)
            for word in (relation[1] or relation[2] or "").lower().split() if relation and address else ():
                found.get(word, []).append(address or "")
    return tuple(dict.fromkeys(found["hub"]))[:MOST_HUBS], next(iter(found["self"]), None)
