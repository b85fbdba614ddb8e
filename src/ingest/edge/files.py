"""Reads the few files a person gives us, and writes those a person asks for."""

from pathlib import Path

from ..errors import Misconfigured


def read_text(path: Path) -> str:
    """Read a UTF-8 text file; Misconfigured names it and says what is wrong."""
    try:
        return read_bytes(path).decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise Misconfigured(f"{path} cannot be read: not UTF-8 text ({error.reason})", about=str(path)) from error


def read_bytes(path: Path) -> bytes:
    """Read a file; Misconfigured names it and says what is wrong."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise Misconfigured(f"{path} cannot be read: {error.strerror}", about=str(path)) from error


def write_text(path: Path, text: str) -> None:
    """Write a UTF-8 text file; Misconfigured names it and says what is wrong."""
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise Misconfigured(f"{path} cannot be written: {error.strerror}", about=str(path)) from error
