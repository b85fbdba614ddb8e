"""An article's identity: the id that its URL gives, whichever of a page's twins (mobile, AMP, print) it leads to."""

import re
from urllib.parse import urlsplit, urlunsplit

from . import ids
from .model import Source
from .urls import is_web_address, labels_of_a_name, normalise_url, same_site, unwrapped, url_words

LONGEST_PLACE = 200  # characters of a fragment
_INDEX = re.compile(r"/(?:index|default)\.(?:x?html?|php\d?|aspx?|jsp)$", re.IGNORECASE)


def article_identity(url: str, source: Source) -> str:
    """Return an article's id: its number within its site where the source knows one, else its URL without twins."""
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


def article_place(url: str) -> str:
    """Return the fragment that names one of several stories on a page; "" where it only scrolls, or counts visitors."""
    _, _, place = url.strip().partition("#")
    is_name = place.lower() not in url_words()["scrolls"] and "=" not in place
    return place if is_name and len(place) <= LONGEST_PLACE else ""


def _without_twin_labels(host: str) -> str:
    labels = host.split(".")
    name = labels_of_a_name(labels)
    twins = url_words()["twins"]["labels"]
    return ".".join([label for label in labels[:-name] if label not in twins] + labels[-name:])


def _number_within_site(address: str, source: Source) -> str | None:
    home = source.site_url or source.feed_url
    if source.article_id_pattern is None or not same_site(address, home):
        return None
    found = re.search(source.article_id_pattern, address)
    return found.group(1) if found else None


def _without_twin_folders(path: str) -> str:
    """Drop `amp` or `print` at either end, `.amp` before the extension, `index.html`, and slashes nobody means."""
    folders = "|".join(url_words()["twins"]["folders"])
    bare = re.sub(r"\.amp(\.html?)?$", r"\1", re.sub(r"/{2,}", "/", path).rstrip("/"), flags=re.IGNORECASE)
    bare = _INDEX.sub("", bare).rstrip("/")
    bare = re.sub(rf"^(/.+)/(?:{folders})(?:\.html?)?$", r"\1", bare, flags=re.IGNORECASE)
    first = "|".join([folders, *url_words()["twins"]["first_folders"]])
    return re.sub(rf"^/(?:{first})(?=/.)", "", bare, flags=re.IGNORECASE) or "/"


def _names_a_twin(pair: str) -> bool:
    name, _, value = pair.lower().partition("=")
    twins = url_words()["twins"]
    return name in twins["names"] or [name, value] in twins["parameters"]
