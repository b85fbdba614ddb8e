"""A delivery counts only if it was signed with the very secret, and a token only if it is the whole of it."""

import hashlib
import hmac

import pytest

from ingest.websub.signatures import METHODS, is_signed, same_secret

BODY, SECRET = b"<rss/>", "agreed upon"


def signature(method: str = "sha256", *, secret: str = SECRET, body: bytes = BODY) -> str:
    return f"{method}={hmac.new(secret.encode(), body, getattr(hashlib, method)).hexdigest()}"


@pytest.mark.parametrize("method", METHODS)
def test_a_signature_by_each_method_of_the_specification_counts(method: str) -> None:
    assert is_signed(BODY, signature(method), secret=SECRET)


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "sha256=",
        signature()[:-1],
        signature() + "0",
        signature("md5"),
        signature(secret="another"),
        signature(body=b"<rss />"),
        signature().replace("sha256", "sha512"),
    ],
)
def test_anything_less_or_else_does_not(header: str | None) -> None:
    assert not is_signed(BODY, header, secret=SECRET)


@pytest.mark.parametrize("told", ["", "the tok", "the token ", "THE TOKEN", "another"])
def test_a_token_that_is_not_the_whole_token_is_another(told: str) -> None:
    assert same_secret("the token", "the token")
    assert not same_secret(told, "the token")
