"""Addresses: the form in which two are compared, and the identity of the article that one leads to."""

import re
import tomllib
from functools import lru_cache
from importlib import resources
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit, urlunsplit

from w3lib.url import safe_url_string

from . import ids
from .model import Source

LONGEST_PLACE = 200  # characters of a fragment
LONGEST_ADDRESS = 8_000  # characters, of which servers take no more (RFC 9110, 4.1)
_DEFAULT_PORTS = {"http": 80, "https": 443}
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_NEVER_IN_AN_ADDRESS = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
_SESSION_IN_PATH = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/?#;]*|/\(s\([a-z0-9]{20,}\)\)", re.IGNORECASE)
_SESSION = re.compile(r"[0-9a-f]{20,}", re.IGNORECASE)
_NOT_WORD = re.compile(r"[\W_]+")
_INDEX = re.compile(r"/(?:index|default)\.(?:x?html?|php\d?|aspx?|jsp)$", re.IGNORECASE)


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


def article_identity(url: str, source: Source) -> str:
    """Give the article's key: its number within its site where the source knows one, else its address without twins."""
    address = normalise_url(unwrapped(url))
    if not is_web_address(address):
        return ids.article_key(address)
    parts = urlsplit(address)
    site = _without_twin_labels(parts.hostname or "")
    number = _number_within_site(address, source)
    if number:
        return ids.site_article_key(site, number)
    port = "" if parts.port is None else f":{parts.port}"
    pairs = [pair for pair in parts.query.split("&") if pair and not _names_a_twin(pair)]
    query = "&".join(sorted(pairs, key=lambda pair: pair.partition("=")[0]))  # one name's values stay in order
    return ids.article_key(urlunsplit(("https", site + port, _without_twin_folders(parts.path), query, "")))


def story_place(url: str) -> str:
    """Give the fragment that names one of several stories on a page; none where it only scrolls, or counts visitors."""
    _, _, place = url.strip().partition("#")
    is_name = place.lower() not in _words()["scrolls"] and "=" not in place
    return place if is_name and len(place) <= LONGEST_PLACE else ""


def unwrapped(url: str) -> str:
    """Return the address that a cache or an aggregator's redirect only carries; any other as it is."""
    bare = url.strip()
    wrappers = _words()["wrappers"]
    for cache in wrappers["caches"]:
        if found := re.match(rf"https?://{cache}(s/)?(.+)", bare, re.IGNORECASE):
            return f"{'https' if found.group(1) else 'http'}://{found.group(2)}"
    for redirect, *names in wrappers["redirects"]:
        if found := re.match(rf"https?://{redirect}\?([^#]*)", bare, re.IGNORECASE):
            carried = dict(parse_qsl(found.group(1), errors="replace"))
            return next((carried[name] for name in names if is_web_address(carried.get(name, ""))), url)
    return url


def is_web_address(url: str) -> bool:
    """Say whether it is http or https and names a host; `tag:` and `urn:` identifiers are not, nor what has no end."""
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
    return frozenset(_words()["fronts"])


def same_site(a: str, b: str) -> bool:
    """Return whether two addresses belong to one owner, as far as their hosts tell."""
    return is_web_address(a) and is_web_address(b) and _site(a) == _site(b)


def _site(url: str) -> str:
    """Return the owner's name; where a host has none, as a bare address, each port may be somebody else's."""
    parts = urlsplit(normalise_url(url))
    labels = (parts.hostname or "").split(".")
    if len(labels) == 1 or labels[-1].isdigit():
        return parts.netloc
    return ".".join(labels[-_labels_of_a_name(labels) :])


def _labels_of_a_name(labels: list[str]) -> int:
    """Count the last labels of a host that make up its owner's name: three in `bbc.co.uk`, two in `bbc.com`."""
    sites = _words()["sites"]
    if labels[-1].isdigit():
        return len(labels)
    if ".".join(labels[-2:]) in sites["hosting"]:
        return 3
    country_code = len(labels[-1]) == 2
    return 3 if len(labels) > 2 and country_code and labels[-2] in sites["second_levels"] else 2


def _without_twin_labels(host: str) -> str:
    labels = host.split(".")
    name = _labels_of_a_name(labels)
    twins = _words()["twins"]["labels"]
    return ".".join([label for label in labels[:-name] if label not in twins] + labels[-name:])


def _number_within_site(address: str, source: Source) -> str | None:
    home = source.site_url or source.feed_url
    if source.article_id_pattern is None or not same_site(address, home):
        return None
    found = re.search(source.article_id_pattern, address)
    return found.group(1) if found else None


def _without_twin_folders(path: str) -> str:
    """Drop `amp` or `print` at either end, `.amp` before the extension, `index.html`, and slashes nobody means."""
    folders = "|".join(_words()["twins"]["folders"])
    bare = re.sub(r"\.amp(\.html?)?$", r"\1", re.sub(r"/{2,}", "/", path).rstrip("/"), flags=re.IGNORECASE)
    bare = _INDEX.sub("", bare).rstrip("/")
    bare = re.sub(rf"^(/.+)/(?:{folders})(?:\.html?)?$", r"\1", bare, flags=re.IGNORECASE)
    first = "|".join([folders, *_words()["twins"]["first_folders"]])
    return re.sub(rf"^/(?:{first})(?=/.)", "", bare, flags=re.IGNORECASE) or "/"


def _names_a_twin(pair: str) -> bool:
    name, _, value = pair.lower().partition("=")
    twins = _words()["twins"]
    return name in twins["names"] or [name, value] in twins["parameters"]


def _without_tracking(query: str) -> str:
    """Keep the other parameters as they are, in order; `amp;` before a name is an escape left over from a feed."""
    pairs = [pair.removeprefix("amp;") for pair in query.split("&")]
    return "&".join(pair for pair in pairs if pair and not _tracks(pair))


def _tracks(pair: str) -> bool:
    words = _words()
    name, _, value = pair.lower().partition("=")
    return (
        name in words["tracking_names"]
        or name.startswith(tuple(words["tracking_prefixes"]))
        or _refers(name, value)
        or (name in words["sessions"]["names"] and _SESSION.fullmatch(value) is not None)
    )


def _refers(name: str, value: str) -> bool:
    """Return whether a parameter tells where a visitor came from; one that holds a number may well name a story."""
    referrals = _words()["referrals"]
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
def _words() -> dict[str, Any]:
    return tomllib.loads(resources.files(__package__).joinpath("urls.toml").read_text("utf-8"))
