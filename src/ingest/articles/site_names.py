"""The names that a page's site goes by, so that they are taken neither for a headline nor for a person."""

from ..text.normalized import alike
from .jsonld import first_text
from .metadata import Metadata

_SAME = frozenset({"www", "m", "amp", "mobile"})  # labels of an address that name no other site


def bare_host(host: str) -> str:
    """Return a host without the labels that only name a way to it."""
    first, _, rest = host.lower().partition(".")
    return rest if first in _SAME and "." in rest else host.lower()


def label_of(host: str) -> str:
    """Return the label of a host that names its owner."""
    labels = [label for label in host.split(".") if label not in _SAME]
    return labels[-2] if len(labels) > 1 else host


def site_names(metadata: Metadata, host: str) -> set[str]:
    """Return every name of the site, in lower-case letters and digits."""
    bare = bare_host(host)
    names = {bare, bare.split(".", 1)[0], label_of(host), first_text(metadata.story.get("publisher")) or ""}
    names |= {value for _, value in metadata.named("og:site_name", "application-name", "twitter:site", "publisher")}
    return {alike(name) for name in names if name.strip()}
