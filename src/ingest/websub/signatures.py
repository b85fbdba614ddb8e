"""Whether a delivery was signed with the secret agreed upon (W3C WebSub, section 8)."""

import hashlib
import hmac

METHODS = ("sha1", "sha256", "sha384", "sha512")


def is_signed(body: bytes, header: str | None, *, secret: str) -> bool:
    """Return whether the header names one of the four methods and the signature that it makes; in constant time."""
    method, _, signature = (header or "").strip().partition("=")
    if method.lower() not in METHODS:
        return False
    right = hmac.new(secret.encode(), body, getattr(hashlib, method.lower())).hexdigest()
    return hmac.compare_digest(right.encode(), signature.strip().lower().encode("utf-8", "surrogatepass"))


def same_secret(told: str, wanted: str) -> bool:
    """Compare secrets in a time that tells nothing of them."""
    return hmac.compare_digest(told.encode("utf-8", "surrogatepass"), wanted.encode())
