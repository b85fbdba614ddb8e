"""Secrets of sources without their values: which variables hold them, where they stand, what looks like one."""

import re

SECRET_PLACE = "{secret}"  # noqa: S105  in an address, where its source's secret is sent
# How the variables begin that a list of sources may name: lists are exchanged, and one that could name any variable
# could have this machine's other secrets sent to a host of its own.
SECRET_VARIABLES = "INGEST_SECRET_"  # noqa: S105
_VARIABLE = re.compile(rf"{SECRET_VARIABLES}[A-Z0-9_]{{1,80}}")
_USER_INFO = re.compile(r"\s*(?:[a-z][a-z0-9+.-]*:)?(?://)?[^/?#\s]*@", re.IGNORECASE)
_KEY_PARAMETER = re.compile(
    r"""[?&;]((?:(?:api|access|auth|client|app|feed|private|user)[_-]?)(?:key|token|secret|auth)
    |token|auth|secret|passw(?:or)?d|pwd|key(?==[^&;#]{12}))=([^&;#]+)""",
    re.IGNORECASE | re.VERBOSE,
)


def is_secret_variable(name: str) -> bool:
    """Return whether a list of sources may name this environment variable."""
    return _VARIABLE.fullmatch(name) is not None


def secret_in_address(url: str) -> str | None:
    """Return what in an address is a secret, in words that do not repeat it; None where nothing looks like one."""
    if _USER_INFO.match(url):
        return "a user name or password before its host"
    for name, value in _KEY_PARAMETER.findall(url):
        is_key = name.lower() != "key" or any(letter.isdigit() for letter in value)  # ?key=local-politics is none
        if is_key and value not in {SECRET_PLACE, "%7Bsecret%7D"}:
            return f"a secret in its query ({name}=…)"
    return None
