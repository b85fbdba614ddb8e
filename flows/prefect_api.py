"""Asks a Prefect server what it is, without importing Prefect."""

import re
from importlib.metadata import version

import httpx

from ingest.core.errors import Misconfigured

SECONDS = 5.0


def server_version(url: str, authorization: str | None = None) -> str:
    """Return the version of the server behind an API's address; Misconfigured says why it can't be used."""
    ours = version("prefect")
    headers = {"Authorization": authorization} if authorization else {}
    try:
        answer = httpx.get(f"{url.rstrip('/')}/admin/version", headers=headers, timeout=SECONDS, follow_redirects=True)
    except httpx.HTTPError as error:
        why = f"the Prefect API at {url} can't be reached: {error}"
        raise Misconfigured(f"{why}; start it (`prefect server start`), or fix PREFECT_API_URL", about=url) from error
    if answer.status_code in {401, 403}:
        why = f"the Prefect API at {url} does not let us in (HTTP {answer.status_code})"
        raise Misconfigured(f"{why}; set PREFECT_API_KEY or PREFECT_API_AUTH_STRING", about=url)
    try:
        theirs = answer.json() if answer.status_code == 200 else None
    except ValueError:
        theirs = None
    if not isinstance(theirs, str):
        said = f"{url} answers, but not as a Prefect API (HTTP {answer.status_code})"
        raise Misconfigured(f"{said}; PREFECT_API_URL ends with /api", about=url)
    if not _fits(theirs, ours):
        said = f"the Prefect API at {url} is of version {theirs}, and ours is {ours}"
        raise Misconfigured(f"{said}; run the same version on both sides", about=url)
    return theirs


def _fits(theirs: str, ours: str) -> bool:
    """Return whether a server can serve a client of a version: of the same major one, and no older than that."""
    server, client = ([int(part) for part in re.findall(r"\d+", one)[:2]] for one in (theirs, ours))
    return server[:1] == client[:1] and server >= client
