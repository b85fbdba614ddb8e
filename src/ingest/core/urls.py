"""URLs: the one form in which two are compared, and what in them says nothing of the page they lead to."""

import re
import tomllib
from functools import lru_cache
from importlib import resources
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit, urlunsplit

from w3lib.url import safe_url_string

LONGEST_ADDRESS = 8_000  # characters, of which servers take no more (RFC 9110, 4.1)
_DEFAULT_PORTS = {"http": 80, "https": 443}
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_NEVER_IN_AN_ADDRESS = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
_SESSION_IN_PATH = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/?#;]*|/\(s\([a-z0-9]{20,}\)\)", re.IGNORECASE)
_SESSION = re.compile(r"[0-9a-f]{20,}", re.IGNORECASE)
_NOT_WORD = re.compile(r"[\W_]+")


@lru_cache(maxsize=64)  # a page asks for its own address again and again
def normalise_url(url: str) -> str:
    """Write an address in the one form (RFC 3986, 6) in which equals are equal; garbage comes back stripped."""
    bare = _NEVER_IN_AN_ADDRESS.sub("", url).strip()
    try:
        parts = urlsplit(safe_url_string(bare))
        port = parts.port
    except ValueError:
        return bare
    if parts.scheme.lower() not in _DEFAULT_PORTS or not parts.hostname:
        return bare
    scheme = parts.scheme.lower()
    host = parts.hostname.rstrip(".")
    netloc = f"[{host}]" if ":" in host else host
    if port is not None and port != _DEFAULT_PORTS[scheme]:
        netloc = f"{netloc}:{port}"
    path = _without_dot_segments(_SESSION_IN_PATH.sub("", _escaped_once(parts.path)))
    return urlunsplit((scheme, netloc, path, _without_tracking(_escaped_once(parts.query)), ""))


def unwrapped(url: str) -> str:
    """Return the address that a cache or an aggregator's redirect only carries; any other as it is."""
    bare = url.strip()
    wrappers = url_words()["wrappers"]
    for cache in wrappers["caches"]:
        if found := re.match(rf"https?://{cache}(s/)?(.+)", bare, re.IGNORECASE):
            return f"{'https' if found.group(1) else 'http'}://{found.group(2)}"
    for redirect, *names in wrappers["redirects"]:
        if found := re.match(rf"https?://{redirect}\?([^#]*)", bare, re.IGNORECASE):
            carried = dict(parse_qsl(found.group(1), errors="replace"))
            return next((carried[name] for name in names if is_web_address(carried.get(name, ""))), url)
    return url


def is_web_address(url: str) -> bool:
    """Return whether it is http or https and names a host; `tag:` and `urn:` identifiers are not, nor endless ones."""
    if len(url) > LONGEST_ADDRESS:
        return False
    try:
        parts = urlsplit(url.strip())
        named = bool(parts.hostname) and "\\" not in parts.netloc  # where browsers and RFC 3986 see different hosts
        return parts.scheme.lower() in _DEFAULT_PORTS and named and parts.port != 0
    except ValueError:
        return False


def absolute_url(url: str, base: str) -> str | None:
    """Resolve an address as it stands in a document (RFC 3986, 5); None where it does not lead to the web."""
    try:
        resolved = urljoin(base, _NEVER_IN_AN_ADDRESS.sub("", url).strip())
    except ValueError:
        return None
    return resolved if is_web_address(resolved) else None


def fronts() -> frozenset[str]:
    """Return the names that sections' front pages go by."""
    return frozenset(url_words()["fronts"])


def same_site(a: str, b: str) -> bool:
    """Return whether two addresses belong to one owner, as far as their hosts tell."""
    return is_web_address(a) and is_web_address(b) and _site(a) == _site(b)


def _site(url: str) -> str:
    """Return the owner's name; where a host has none, as a bare address, each port may be somebody else's."""
    parts = urlsplit(normalise_url(url))
    labels = (parts.hostname or "").split(".")
    if len(labels) == 1 or labels[-1].isdigit():
        return parts.netloc
    return ".".join(labels[-labels_of_a_name(labels) :])


def labels_of_a_name(labels: list[str]) -> int:
    """Count the last labels of a host that make up its owner's name: three in `bbc.co.uk`, two in `bbc.com`."""
    sites = url_words()["sites"]
    if labels[-1].isdigit():
        return len(labels)
    if ".".join(labels[-2:]) in sites["hosting"]:
        return 3
    country_code = len(labels[-1]) == 2
    return 3 if len(labels) > 2 and country_code and labels[-2] in sites["second_levels"] else 2


def _without_tracking(query: str) -> str:
    """Keep the other parameters as they are, in order; `amp;` before a name is an escape left over from a feed."""
    pairs = [pair.removeprefix("amp;") for pair in query.split("&")]
    return "&".join(pair for pair in pairs if pair and not _tracks(pair))


def _tracks(pair: str) -> bool:
    words = url_words()
    name, _, value = pair.lower().partition("=")
    return (
        name in words["tracking_names"]
        or name.startswith(tuple(words["tracking_prefixes"]))
        or _refers(name, value)
        or (name in words["sessions"]["names"] and _SESSION.fullmatch(value) is not None)
    )


def _refers(name: str, value: str) -> bool:
    """Return whether a parameter tells where a visitor came from; one that holds a number may well name an article."""
    referrals = url_words()["referrals"]
    if name in referrals["always"] and not re.search(r"\d", value):
        return True
    first = _NOT_WORD.split(value, maxsplit=1)[0]
    return name in (*referrals["always"], *referrals["names"]) and first in referrals["words"]


def _escaped_once(text: str) -> str:
    """Escape with capitals, and only what has to be (RFC 3986, 6.2.2)."""

    def rewritten(escape: re.Match[str]) -> str:
        character = chr(int(escape.group(1), 16))
        return character if character in _UNRESERVED else escape.group().upper()

    return _ESCAPE.sub(rewritten, text)


def _without_dot_segments(path: str) -> str:
    """Resolve `.` and `..` (RFC 3986, 5.2.4)."""
    kept: list[str] = []
    *folders, last = path.split("/")[1:] if path else [""]
    for segment in folders:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if last == "..":
        del kept[-1:]
    return "/" + "/".join([*kept, "" if last in {".", ".."} else last])


@lru_cache(maxsize=1)
def url_words() -> dict[str, Any]:
    """Return what urls.toml holds."""
    return tomllib.loads(resources.files(__package__).joinpath("urls.toml").read_text("utf-8"))
