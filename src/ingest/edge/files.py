"""Reads the few files a person gives us."""

from pathlib import Path

from ..errors import Misconfigured


def read_text(path: Path) -> str:
    """Read a UTF-8 text file; Misconfigured names it and says what is wrong."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise Misconfigured(f"{path} cannot be read: {error.strerror}", about=str(path)) from error
    except UnicodeDecodeError as error:
        raise Misconfigured(f"{path} cannot be read: not UTF-8 text ({error.reason})", about=str(path)) from error
